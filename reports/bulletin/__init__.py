"""通报 (ledger 14): a draft in official layout whose every number is one of the summary.

`draft` has the figures, `situation`, `grid`, `comparing` and `steps` say a section each,
`drafting` makes the paper of them, `ledger` makes it a file of the centre, `views` shows it
with charts. Sentences are chosen by the figures and name divisions, never persons;
nothing is said that the figures do not say. The bureau goes on in Word.
"""
