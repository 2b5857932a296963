"""Workbooks out: large tables, laid-out ledgers, templates, error workbooks, .csv."""

from workbooks.writing.about import About
from workbooks.writing.layouts import Layout, Subtotal, write_ledger
from workbooks.writing.mistakes import write_mistakes
from workbooks.writing.sections import Line, Sectioned, Sections
from workbooks.writing.tables import plain_titles, write_csv, write_table
from workbooks.writing.templates import write_template

__all__ = [
    "About",
    "Layout",
    "Line",
    "Sectioned",
    "Sections",
    "Subtotal",
    "plain_titles",
    "write_csv",
    "write_ledger",
    "write_mistakes",
    "write_table",
    "write_template",
]
