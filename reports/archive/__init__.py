"""归档: all of one township in one file, to read without the program and to load again.

`tables` says what belongs to it, `writing` takes it out (by `rows`, `sheets`, `packing`),
`opening` judges a file that comes in and `loading` writes it (see docs/adr).
"""
