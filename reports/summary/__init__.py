"""全市汇总表 (ledger 13): every figure of a period, by division, in one table.

- `parts`: what is counted, by village, in a constant number of statements;
- `columns`: which figures stand in the table, in which order, and where each leads;
- `keeping`: the counts of a period that is over, kept as they were when it was closed;
- `table`: the lines of a place; a line is the sum of its villages, so that what stands
  above is always the sum of what stands below;
- `ledger`: the same table as a workbook and as a paper.

A figure of another app comes as a `Part` into `parts.PARTS` and a `Figure` into
`columns.FIGURES`; page, workbook, paper, kept periods and tests take it from there.
"""
