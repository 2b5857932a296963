"""What the published description of the API says beyond its types: examples of everything.

None of them is kept by hand: values come from the schemas and one list of words, the
refusals from the code that raises them. So they change when what they show changes.
"""
