"""The figures of the dashboards, one small module for each domain.

A domain (`reports.figures.domain.Domain`) says four things, and leaves out what it does
not have:

- `counts`: whole numbers by the lines of the table, in a constant number of statements.
  They add up: what stands above is the sum of what stands below;
- `kpis`, `columns`, `panels`: what the strip, the table and the side show of them. Each
  number carries the address of the list that makes it, which has that many rows;
- `worries`: what gives a line 关注 or 预警, and `rule`, the sentence that says when;
- `piles`: the work that waits, each with one action.

`reports.figures.domains` lists the domains in the order in which they are shown. What
all of them are asked and told is in `domain`; the pages are in `reports.dashboard`.
"""
