"""What PostgreSQL's catalogue must say of every table, and what it says wrong.

`faults` takes a cursor of any role; a test that breaks a table shows that it would be
found. Exemptions carry their reason, and one that is no longer needed is a fault too.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps

from regions.operations import composite_name, is_scoped, scoped_references

# Tables without `region_code`, and why every scope may see them.
UNSCOPED = {
    "accounts_auditseal": "digests only; the chain is checked whole",
    "accounts_device": "belongs to a user, who alone reads it, before a scope is known",
    "accounts_token": "found by a secret key, before a scope is known; listed through posts",
    "accounts_sentonce": "belongs to a user, who alone is answered from it",
    "accounts_user": "read at sign-in, before a scope is known; listed through posts",
    "auth_group": "Django's own, unused: rights come from posts",
    "auth_group_permissions": "Django's own, unused: rights come from posts",
    "auth_permission": "Django's own, unused: rights come from posts",
    "axes_accessattempt": "counts wrong passwords, before anybody is known",
    "axes_accessattemptexpiration": "counts wrong passwords, before anybody is known",
    "axes_accessfailurelog": "switched off; our access log says more",
    "axes_accesslog": "switched off; our access log says more",
    "django_content_type": "names of models",
    "django_migrations": "names of migrations",
    "django_session": "opened by a secret key, before a scope is known",
    "evaluations_scheme": "posted on the wall; villages read those above; a trigger holds who writes",
    "evaluations_schemecategory": "part of an edition, posted on the wall; a trigger holds who writes",
    "evaluations_schemeitem": "part of an edition, posted on the wall; a trigger holds who writes",
    "evaluations_schemetier": "part of an edition, posted on the wall; a trigger holds who writes",
    "appraisals_appraisalplan": "the city's plan for appraisals, the same for all",
    "funding_standard": "the city's amounts and limits for money, the same for all",
    "households_category": "the city's list of key categories, the same for all",
    "jobs_pulse": "when the worker was last alive",
    "otp_static_staticdevice": "a user's second factor, before a scope is known",
    "otp_static_statictoken": "a user's second factor, before a scope is known",
    "otp_totp_totpdevice": "a user's second factor, before a scope is known",
    "regions_region": "the division tree is public, and needed to know a scope",
    "sentiment_issueterm": "the city's days for dealing with an issue, the same for all",
    "reports_measure": "the city's measures for lights and closing, the same for all",
    "visits_mark": "the city's lists of 五必访 and 五必记, the same for all",
    "visits_topic": "the city's list of what a matter is about, the same for all",
    "visits_policy": "the city's rules for visits, the same for all",
}
# Tables of our models without history triggers, and why.
UNTRACKED = {
    "accounts_accessentry": "append-only, in the audit chain: its own history",
    "accounts_auditseal": "append-only: seals the history",
    "accounts_device": "sessions come and go; signing in and out is in the access log",
    "accounts_rowchange": "append-only: is the history",
    "accounts_sentonce": "what was answered, for two days; what was done is in the rows",
    "attachments_attachmentcontent": "written once; its digest is in the attachment's row",
    "evaluations_roundstep": "append-only: is the history of a round",
    "funding_overdraw": "append-only: keeps a refusal, which is in the access log too",
    "funding_sheetstep": "append-only: is the history of a sheet",
    "inbox_message": "written once, read once: its own history",
    "inbox_nudge": "begun once, ended once: its own history",
    "jobs_job": "its states are its history; who asked is in its columns",
    "jobs_pulse": "overwritten every half minute",
    "sentiment_issuestep": "append-only: is the history of an issue",
    "sentiment_meetingduty": "computed by trigger; the app cannot write it",
    "representatives_seattally": "counts of representatives_seat, kept by its triggers",
    "sentiment_meetingtally": "counts of sentiment_meetingduty, kept by its triggers",
    "sentiment_partydayvisit": "says which party day a visit was part of, once",
    "reports_closedperiod": "append-only: is itself the history",
    "reports_closedsummary": "append-only: is itself the history",
    "reports_inheritedrecord": "append-only: is the history of another system",
    "reports_closedsum": "sums of reports_closedperiod, kept by its triggers",
    "reports_preset": "a person's own short cuts; what was exported is in the access log",
    "reports_runningpace": "counted anew each night",
    "visits_duty": "computed by trigger from tracked facts; the app cannot write it",
    "trainings_servicetally": "counts of mandates, kept by triggers of two tables",
    "visits_dutytally": "counts of visits_duty, kept by its triggers",
    "workbooks_rememberedcolumns": "how columns were named last time; no consequence",
    "visits_dutycheck": "written once a night: what was found",
    "visits_policyplan": "a draft; what came of it is in the history of visits_policy",
    "visits_urging": "written once a day: its own history, and in the access log",
    "workbooks_rowverdict": "an import's preview; what came of it is in the rows' history",
    "workbooks_upload": "its stages are its history; what it wrote is in the rows' history",
}
# Tables whose history leaves inserts out, and why.
INSERTS_UNTRACKED = {
    "visits_overdueflag": "the row says when it was flagged; a night writes thousands",
    "visits_visit": "the row says who entered it and when; an import writes thousands",
}
CLOSED_SUMS = "writes sums of closed periods, which the app role must not"
SEAT_COUNTS = "writes counts of seats, which the app role must not"
SERVICE_COUNTS = "writes counts of mandates, which the app role must not"

# Functions that run as the owner, and why they must.
DEFINERS = {
    "sentiment_forget": "takes the first line of an import's issue along when it is undone",
    "funding_count": "keeps the sums of a fund, which the app role must not write",
    "record_row_changes": "writes the history, which the app role must not",
    "reports_closed_delete": CLOSED_SUMS,
    "reports_closed_insert": CLOSED_SUMS,
    "reports_closed_update": CLOSED_SUMS,
    "reports_sum_closed": CLOSED_SUMS,
    "representatives_seat_tally_anew": SEAT_COUNTS,
    "representatives_seat_tally_delete": SEAT_COUNTS,
    "representatives_seat_tally_insert": SEAT_COUNTS,
    "representatives_seat_tally_update": SEAT_COUNTS,
    "sentiment_refresh_reviews": "writes duties to meet, which the app role must not",
    "sentiment_refresh_talks": "writes duties to meet, which the app role must not",
    "sentiment_tally_anew": "sums up counts of meetings, which the app role must not write",
    "trainings_attended_delete": SERVICE_COUNTS,
    "trainings_attended_insert": SERVICE_COUNTS,
    "trainings_attended_update": SERVICE_COUNTS,
    "trainings_service_tally_anew": SERVICE_COUNTS,
    "trainings_service_tally_delete": SERVICE_COUNTS,
    "trainings_service_tally_insert": SERVICE_COUNTS,
    "trainings_service_tally_update": SERVICE_COUNTS,
    "visits_refresh": "writes duties, which the app role must not, in the caller's range",
    "visits_tally_anew": "sums up counts of duties, which the app role must not write",
}

# Functions that open a scope of their own for a moment, and for what.
OPENERS = {
    "notices_on_view": "everybody reads one notice by its secret address while it is on view",
    "representatives_is_serving": "one mandate per person in the city (L08): yes or no",
}

SCOPED = """
WITH scoped AS (
    SELECT c.oid, c.relname AS name, c.relowner, c.relrowsecurity, c.relforcerowsecurity,
        r.attnum AS region, k.conkey[1] AS key
    FROM pg_class c
    JOIN pg_attribute r ON r.attrelid = c.oid AND r.attname = 'region_code'
    LEFT JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'p'
    WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
)
"""
IN_SCOPE = "((region_code >= scope_lo()) AND (region_code < scope_hi()))"
OWN_ROWS = {  # what a person may read before any scope is known
    "accounts_post": f"({IN_SCOPE} OR (user_id = ( SELECT scope_user() AS scope_user)))",
    "inbox_message": (
        f"({IN_SCOPE} OR (recipient_id = ( SELECT scope_user() AS scope_user)))"
    ),
}
# Each yields the names of the tables for which the sentence is true.
CHECKS = {
    "row-level security is not enabled": "SELECT name FROM scoped WHERE NOT relrowsecurity",
    "row-level security does not bind the owner": (
        "SELECT name FROM scoped WHERE NOT relforcerowsecurity"
    ),
    "id and region_code are not a key": """
        SELECT name FROM scoped s WHERE NOT EXISTS (
            SELECT FROM pg_constraint c WHERE c.conrelid = s.oid AND c.contype = 'u'
            AND c.conkey = ARRAY[s.key, s.region])""",
    "the region is not a key that follows a merger": """
        SELECT name FROM scoped s WHERE NOT EXISTS (
            SELECT FROM pg_constraint c WHERE c.conrelid = s.oid AND c.contype = 'f'
            AND c.convalidated AND c.conkey = ARRAY[s.region] AND c.confupdtype = 'c'
            AND c.confrelid = 'regions_region'::regclass)""",
    "no index begins with region_code": """
        SELECT name FROM scoped s WHERE NOT EXISTS (
            SELECT FROM pg_index i WHERE i.indrelid = s.oid AND i.indkey[0] = s.region
            AND i.indpred IS NULL AND i.indisvalid)""",
    "rows may change their region": """
        SELECT name FROM scoped s WHERE NOT EXISTS (
            SELECT FROM pg_trigger t WHERE t.tgrelid = s.oid AND t.tgenabled = 'O'
            AND t.tgname = 'refuse_region_change')""",
    "a narrowing is planned for one row in two hundred": """
        SELECT name FROM scoped s JOIN pg_policy p ON p.polrelid = s.oid
        WHERE p.polname = 'narrow_representative'
        AND pg_get_expr(p.polqual, p.polrelid) LIKE '%scope_representative) IS NULL%'""",
    "region_code may be empty": """
        SELECT name FROM scoped s JOIN pg_attribute a
        ON a.attrelid = s.oid AND a.attnum = s.region WHERE NOT a.attnotnull""",
}
POLICIES = """
    SELECT s.name, p.polname, p.polcmd, p.polpermissive, p.polroles = '{0}',
        pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid),
        has_table_privilege('sd_app', s.oid, 'INSERT')
    FROM scoped s LEFT JOIN pg_policy p ON p.polrelid = s.oid
"""
COMMANDS = {"r": "select", "a": "insert", "w": "update", "d": "delete"}


def rows(cursor: Any, query: str, *values: Any) -> list[tuple[Any, ...]]:
    """Return the rows of a query."""
    cursor.execute(query, values or None)
    return list(cursor.fetchall())


def faults(cursor: Any) -> list[str]:
    """Return everything that is wrong with any table, one sentence each."""
    return sorted(
        [
            *missing_parts(cursor),
            *policy_faults(cursor),
            *reference_faults(cursor),
            *unscoped_faults(cursor),
            *history_faults(cursor),
            *function_faults(cursor),
            *opening_faults(cursor),
            *relation_faults(cursor),
        ]
    )


def missing_parts(cursor: Any) -> Iterator[str]:
    """Yield scoped tables that lack one of the parts of the scope."""
    for sentence, query in CHECKS.items():
        for (name,) in rows(cursor, f"{SCOPED} {query}"):
            yield f"{name}: {sentence}"


def policy_faults(cursor: Any) -> Iterator[str]:
    """Yield scoped tables whose permissive policies are not exactly our four."""
    found: dict[str, dict[str, tuple[Any, ...]]] = {}
    for name, policy, command, permissive, *rest in rows(cursor, SCOPED + POLICIES):
        table = found.setdefault(name, {})
        if permissive:  # a restrictive policy can only narrow
            table[f"{command} {policy}"] = tuple(rest)
    for name, policies in found.items():
        for command, word in COMMANDS.items():
            given = policies.pop(f"{command} scope_{word}", None)
            if given is None:
                yield f"{name}: no policy for {word}"
            elif not is_sound(name, word, *given):
                yield f"{name}: the policy for {word} is not the scope"
        for policy in policies:
            yield f"{name}: {policy[2:]} widens the scope"


def is_sound(
    table: str, word: str, everyone: bool, using: str, check: str, inserts: bool
) -> bool:
    """Return whether a policy says what `EnableScope` writes."""
    expected: dict[str, tuple[str | None, str | None]] = {
        "select": (OWN_ROWS.get(table, IN_SCOPE), None),
        "insert": (None, IN_SCOPE if inserts else "true"),
        "update": (IN_SCOPE, IN_SCOPE),
        "delete": (IN_SCOPE, None),
    }
    return everyone and (using, check) == expected[word]


def reference_faults(cursor: Any) -> Iterator[str]:
    """Yield references between scoped rows that could cross a region."""
    composite = {
        (table, name, definition)
        for table, name, definition in rows(
            cursor,
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) "
            "FROM pg_constraint WHERE contype = 'f' AND convalidated",
        )
    }
    for model in apps.get_models():
        if is_scoped(model):
            for field in scoped_references(model):
                table, parent = model._meta.db_table, field.related_model._meta
                definition = (
                    f"FOREIGN KEY ({field.column}, region_code) REFERENCES "
                    f"{parent.db_table}({parent.pk.column}, region_code) ON UPDATE CASCADE"
                )
                if (table, composite_name(table, field), definition) not in composite:
                    yield f"{table}: {field.column} may point into another region"


def unscoped_faults(cursor: Any) -> Iterator[str]:
    """Yield tables without a region that nobody gave a reason for, and stale reasons."""
    found = {
        name
        for (name,) in rows(
            cursor,
            "SELECT relname FROM pg_class c WHERE relkind IN ('r', 'p') "
            "AND relnamespace = 'public'::regnamespace AND NOT EXISTS (SELECT FROM "
            "pg_attribute WHERE attrelid = c.oid AND attname = 'region_code')",
        )
    }
    yield from (
        f"{name}: no region_code, and no reason" for name in found - set(UNSCOPED)
    )
    yield from (f"{name}: stale reason in UNSCOPED" for name in set(UNSCOPED) - found)


def history_faults(cursor: Any) -> Iterator[str]:
    """Yield tables of our models whose changes leave no trace, and stale reasons."""
    found = rows(
        cursor,
        "SELECT tgrelid::regclass::text, array_agg(tgname::text) FROM pg_trigger "
        "WHERE tgenabled = 'O' AND tgfoid = 'record_row_changes'::regproc GROUP BY 1",
    )
    events = {name: set(triggers) for name, triggers in found}
    tracked = {name for name, held in events.items() if held >= wanted_of(name)}
    ours = {model._meta.db_table for model in our_models()}
    yield from (
        f"{name}: no history, and no reason" for name in ours - tracked - set(UNTRACKED)
    )
    stale = (set(UNTRACKED) & tracked) | (set(UNTRACKED) - ours)
    yield from (f"{name}: stale reason in UNTRACKED" for name in stale)
    whole = {name for name, held in events.items() if "history_insert" in held}
    stale = set(INSERTS_UNTRACKED) & whole | set(INSERTS_UNTRACKED) - ours
    yield from (f"{name}: stale reason in INSERTS_UNTRACKED" for name in stale)
    for name, reason in UNTRACKED.items():
        if reason.startswith("append-only") and name in changeable(cursor):
            yield f"{name}: called append-only, but the app role may change it"


def wanted_of(table: str) -> set[str]:
    """Return the history triggers that a table needs."""
    left_out = {"history_insert"} if table in INSERTS_UNTRACKED else set()
    return {"history_insert", "history_update", "history_delete"} - left_out


def changeable(cursor: Any) -> set[str]:
    """Return the tables whose rows the app role may change or remove."""
    found = rows(
        cursor,
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
        "AND relkind = 'r' AND has_table_privilege('sd_app', oid, 'UPDATE, DELETE')",
    )
    return {name for (name,) in found}


def our_models() -> Iterator[Any]:
    """Yield the models of this project's own apps."""
    for model in apps.get_models(include_auto_created=True):
        if not model.__module__.startswith(("django.", "axes.", "django_otp.")):
            yield model


def function_faults(cursor: Any) -> Iterator[str]:
    """Yield functions of ours that run as the owner without need or caution."""
    found = rows(
        cursor,
        "SELECT proname, proconfig, proleakproof, prosecdef, "
        "has_function_privilege('public', p.oid, 'EXECUTE') "
        "OR has_function_privilege('sd_app', p.oid, 'EXECUTE'), prorettype = 'trigger'::regtype "
        "FROM pg_proc p WHERE pronamespace = 'public'::regnamespace "
        "AND proowner = 'sd_owner'::regrole",
    )
    for name, config, leakproof, definer, callable_, trigger in found:
        if leakproof:
            yield f"{name}: marked leakproof, which only a superuser can vouch for"
        if definer and name not in DEFINERS:
            yield f"{name}: runs as the owner, and no reason"
        if definer and "search_path=public, pg_temp" not in (config or ()):
            yield f"{name}: runs as the owner without a fixed search path"
        if definer and trigger and callable_:
            yield f"{name}: runs as the owner, and the app may hang it on a table"
    stale = set(DEFINERS) - {row[0] for row in found if row[3]}
    yield from (f"{name}: stale reason in DEFINERS" for name in stale)


def opening_faults(cursor: Any) -> Iterator[str]:
    """Yield functions of ours that set the bounds of the scope, and stale reasons."""
    found = {
        name
        for (name,) in rows(
            cursor,
            "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace "
            "AND proowner = 'sd_owner'::regrole AND (prosrc ~ 'set_config.''app[.](lo|hi)' "
            "OR array_to_string(proconfig, ',') ~ 'app[.](lo|hi)')",
        )
    }
    yield from (
        f"{name}: opens a scope, and no reason" for name in found - set(OPENERS)
    )
    yield from (f"{name}: stale reason in OPENERS" for name in set(OPENERS) - found)


def relation_faults(cursor: Any) -> Iterator[str]:
    """Yield views, foreign owners, and rights beyond reading and writing rows."""
    for name, kind, owner in rows(
        cursor,
        "SELECT relname, relkind, relowner::regrole::text FROM pg_class "
        "WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r','p','v','m','f')",
    ):
        if kind in "vmf":
            yield f"{name}: views and foreign tables go past row-level security"
        if owner != "sd_owner":
            yield f"{name}: belongs to {owner}"
    for name, right in rows(
        cursor,
        "SELECT table_name, privilege_type FROM information_schema.table_privileges "
        "WHERE grantee IN ('sd_app', 'PUBLIC') AND table_schema = 'public' "
        "AND privilege_type NOT IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')",
    ):
        yield f"{name}: the app role holds {right}"
