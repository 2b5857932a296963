"""What `make bench` measures, each job beside its baseline in the same run.

`performance.md` of the trials set the bars; a figure without the baseline's of the same
machine and minute says little. A job is a function with `@job` in a module here.
"""
