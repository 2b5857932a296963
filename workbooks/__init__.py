"""Workbooks in and out: guard, reader, checks and writers, without a word of the field.

Everything here except ``models``, ``services``, ``views`` and ``tasks`` is pure Python:
it knows cells, columns and rows, not villages or households (design section 6).
"""
