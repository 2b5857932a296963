"""What each page that writes has in /api/v1/, written by hand: its twin, or why none.

A page whose view takes more than GET stands in exactly one of the tables below. `TWINS`
names the address of the API that does the same by the same service; `NONE` says why a
program has no business there. `READS` are pages that read, though they do not say so.
"""

from collections.abc import Iterator, Mapping

SESSION = "a person's own session, password, phone and devices: no program stands in"
KEYS = "keys of programs are handed out by a person, who sees the secret once"
LOOKED_AT = "settings of the whole city: their effect is looked at before they hold"
APPROVED = "a second person reads what would leave the house, and says yes himself"
CONVENIENCE = "shortcuts of one's own page; a program keeps its own"
WORKBOOK = "a person checks a workbook row by row; programs send rows to each roll"
FILES = "files are taken off by whoever looks at them; visits and photos have a twin"
LEAVES = "a township's archive leaves the house under approval, on its page"
SHOWN = "a whole account number is shown to the one person who pays, with a reason"
EACH = "one tap for every village without a fund; programs open each by `funds`"
CHECKED = "the village says after asking people; what it may then do has a twin"

TWINS: Mapping[str, Mapping[str, str]] = {
    "accounts": {
        "new": "accounts",
        "edit": "account",
        "post-new": "account-posts",
        "post-end": "account-post-end",
        "password-reset": "account-password",
        "unlock": "account-unlock",
        "close": "account-close",
        "reopen": "account-reopen",
        "second-factor-reset": "account-second-factor",
    },
    "representatives": {
        "edit": "representative",
        "photo-change": "representative-photo",
        "account": "representative-account",
        "reveal": "representative-reveal",
        "enrol": "representatives",
        "term": "terms",
        "constituency-new": "constituencies",
        "constituency-edit": "constituency",
        "constituency-end": "constituency-end",
        "seats-add": "constituency-seats",
        "seat-close": "seat-close",
        "survey-confirm": "survey",
        "by-election-start": "by-elections",
        "by-election-plan": "by-election-plan",
        "by-election-review": "by-election-review",
        "by-election-result": "by-election-round",
        "by-election-notice": "by-election-notice",
        "by-election-repeat": "by-election-repeat",
        "by-election-cancel": "by-election-cancel",
        "candidate-new": "by-election-candidates",
        "candidate-edit": "candidate",
        "candidate-drop": "candidate",
    },
    "households": {
        "new": "households",
        "edit": "household",
        "categories": "household-categories",
        "labels": "household-labels",
        "off-roll": "household-off-roll",
        "offer": "household-offer",
        "reveal": "household-reveal",
        "accept": "transfer-accept",
        "decline": "transfer-decline",
        "withdraw": "transfer-withdraw",
        "assign": "link-moves",
        "apply": "link-moves",
        "leave": "representative-leave",
        "by-election-file": "by-election-file",
        "category-new": "categories",
        "category-edit": "category",
    },
    "visits": {
        "matter": "visit",
        "quick": "visit",
        "enter": "visit",
        "change": "visit-correct",
        "record-correct": "visit-correct",
        "undo": "visit-withdraw",
        "record-withdraw": "visit-withdraw",
        "handed-take": "handed-visit-take",
        "handed-decline": "handed-visit-decline",
        "waiver-new": "waivers",
        "waiver-end": "waiver-end",
        "waiver-withdraw": "waiver-withdraw",
        "urge": "urgings",
        "mark-new": "marks",
        "mark-edit": "mark",
        "topic-new": "topics",
        "topic-edit": "topic",
    },
    "trainings": {
        "new": "training",
        "edit": "training",
        "cancel": "training-cancel",
        "roster": "training-roster",
        "remove": "training-roster",
        "sign-in": "training-sign-in",
    },
    "notices": {
        "edit": "notice",
        "publish": "notice-publish",
        "withdraw": "notice-withdraw",
        "objection-new": "notice-objections",
        "objection-settle": "objection-settle",
    },
    "inbox": {"open": "message-read", "read-all": "message-read"},
    "sentiment": {
        "issue-new": "issue-new",
        "issue-step": "issue-step",
        "issue-tell": "issue-step",
        "talk-new": "talk",
        "talk-edit": "talk",
        "talk-withdraw": "talk-withdraw",
        "party-day-new": "party-days",
        "party-day-edit": "party-day",
        "party-day-visits": "party-day-visits",
        "issue-merge": "issue-merge",
        "review-begin": "reviews",
        "review-item": "review-item",
        "review-covenants": "review-texts",
        "review-meeting": "review-texts",
        "review-submit": "review-submit",
        "review-return": "review-return",
        "review-correct": "review-correct",
    },
    "evaluations": {
        "covenant-new": "covenants",
        "covenant-revise": "covenant-texts",
        "scheme-adapt": "scheme-adapt",
        "scheme-force": "scheme-force",
        "rating-begin": "ratings",
        "rating-batch": "rating-entries",
        "rating-home": "rating-entries",
        "self-assess": "self-assessment",
        "rating-step": "rating-step",
        "entry-withdraw": "rating-entry-withdraw",
        "covenant-end": "covenant-end",
        "covenant-dates": "covenant-dates",
        "setting": "rating-setting",
        "scheme-recommended": "schemes",
        "scheme-terms": "scheme",
        "scheme-part-new": "scheme-items",
        "scheme-part": "scheme-item",
        "scheme-part-drop": "scheme-item",
        "scheme-drop": "scheme",
        "rating-notice": "rating-notice",
        "rating-place": "rating-place",
        "rating-tell": "rating-tell",
        "village-rating-begin": "village-ratings",
        "village-rating-notice": "village-rating-notice",
        "village-rating-mark": "village-rating-mark",
        "village-rating-confirm": "village-rating-confirm",
        "village-rating-reopen": "village-rating-reopen",
        "village-rating-file": "village-rating-file",
    },
    "appraisals": {
        "appraisal-begin": "appraisals",
        "appraisal-arrange": "appraisal-meeting",
        "appraisal-relist": "appraisal-relist",
        "appraisal-discard": "appraisal-discard",
        "appraisal-ballot": "appraisal-tickets",
        "appraisal-self": "appraisal-self",
        "appraisal-close": "appraisal-close",
        "appraisal-recount": "appraisal-recount",
        "appraisal-grades": "appraisal-grades",
        "appraisal-confirm": "appraisal-confirm",
        "appraisal-notice": "appraisal-notice",
        "appraisal-reopen": "appraisal-reopen",
        "appraisal-return": "appraisal-return",
        "appraisal-file": "appraisal-file",
        "plan-new": "appraisal-plans",
        "honour-award": "honours",
        "honour-receive": "honour-receive",
        "commendation": "commendations",
        "growth-new": "growth",
        "growth-end": "growth-end",
        "demonstrations": "demonstrations",
        "demonstration-drop": "demonstration",
    },
    "funding": {
        "spend": "fund-entry",
        "receive": "fund-entry",
        "reverse": "fund-entry-reverse",
        "sheet-make": "subsidy-sheets",
        "sheet-step": "subsidy-step",
        "resolution-new": "resolutions",
        "resolution-withdraw": "resolution-withdraw",
        "fund-open": "funds",
        "carry": "fund-carry",
        "account": "pay-account",
        "standards": "money-standards",
    },
    "reports": {"export-new": "exports", "export-cancel": "export"},
}
NONE: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "accounts": {
        SESSION: (
            "sign-in", "sign-out", "text-size", "password", "posts", "device-end",
            "devices-end", "second-factor", "second-factor-remove", "codes-renew",
        ),
        KEYS: ("tokens", "token-end"),
    },
    "visits": {
        LOOKED_AT: ("policy-new", "policy-adopt", "policy-withdraw"),
        CHECKED: ("bursts",),
    },
    "trainings": {FILES: ("file-remove",)},
    "sentiment": {FILES: ("issue-files", "issue-file-remove", "talk-file-remove")},
    "funding": {SHOWN: ("account-reveal",), EACH: ("funds-allot",)},
    "reports": {
        APPROVED: ("approval",),
        CONVENIENCE: ("centre-entry", "preset-use", "preset-remove", "schedule-stop"),
        LEAVES: ("archive",),
        LOOKED_AT: ("measures",),
    },
    "workbooks": {
        WORKBOOK: (
            "new", "sheet", "columns", "confirm", "again", "resume", "abandon", "undo",
        ),
    },
}  # fmt: skip
READS: Mapping[str, tuple[str, ...]] = {
    "accounts": ("me", "list", "detail", "roles", "audit"),
    "representatives": ("list", "detail", "seats-home", "seats"),
    "households": (
        "list", "detail", "new-home", "transfers", "links-home", "links", "propose",
        "left", "category-list",
    ),
    "reports": ("home", "region", "person", "past", "picker", "system"),
}  # fmt: skip


def told() -> Iterator[str]:
    """Yield every page that a table names, as often as one does."""
    for table in (TWINS, READS):
        yield from (f"{app}:{page}" for app, pages in table.items() for page in pages)
    for app, reasons in NONE.items():
        yield from (f"{app}:{page}" for pages in reasons.values() for page in pages)
