"""报表中心: whatever can be taken out, by what it is for.

- `entries`: the registry, one declaration for each thing that can be exported;
- `periods`: the periods a form offers, and the relative ones that presets keep;
- `files`, `naming`: where an exported file lies, and what it is called;
- `approvals`: a second person's word before whole numbers of many people leave;
- `presets`, `schedules`: what is asked for again, by hand or by the calendar;
- `forms`, `views`, `views_approvals`: the pages; `api` the same for programs.

The making of a file is `reports.exports`; a ledger is a `Roll` of the app it belongs to.
"""
