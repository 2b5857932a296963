"""What a database is, as comparable text: every row, and every rule that guards it.

Read as superuser. Two databases are the same when nothing is left over between their
fingerprints; a dump that loses its policies restores all rows and still differs.
"""

import re
from collections.abc import Iterator

from drills.site import rows

Fingerprint = dict[str, dict[str, str]]
ABSENT = "absent"
CASTS = re.compile(r"::(character varying|text)(\[\])?|[()]|\s+")
TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') ORDER BY 1
"""
# Of every kind of thing: a query of (name, what it is).
CATALOGUE = {
    "policies": """
        SELECT concat(tablename, '.', policyname),
               concat_ws(' ', permissive, roles, cmd, qual, with_check)
        FROM pg_policies""",
    "row security": """
        SELECT oid::regclass::text, concat_ws(' ', relrowsecurity, relforcerowsecurity)
        FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'""",
    "owners": """
        SELECT oid::regclass::text, pg_get_userbyid(relowner) FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S', 'v')""",
    "grants on tables": """
        SELECT concat_ws(' ', c.oid::regclass, pg_get_userbyid(a.grantee), a.privilege_type),
               a.is_grantable::text
        FROM pg_class c, aclexplode(c.relacl) a
        WHERE c.relnamespace = 'public'::regnamespace""",
    "grants on columns": """
        SELECT concat_ws(' ', t.attrelid::regclass, t.attname, pg_get_userbyid(a.grantee),
               a.privilege_type), a.is_grantable::text
        FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid, aclexplode(t.attacl) a
        WHERE c.relnamespace = 'public'::regnamespace""",
    "grants on functions": """
        SELECT concat_ws(' ', p.oid::regprocedure, pg_get_userbyid(a.grantee)),
               a.is_grantable::text
        FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
        WHERE p.pronamespace = 'public'::regnamespace""",
    "default grants": """
        SELECT concat_ws(' ', pg_get_userbyid(defaclrole), defaclobjtype,
               pg_get_userbyid(a.grantee), a.privilege_type), a.is_grantable::text
        FROM pg_default_acl, aclexplode(defaclacl) a""",
    "triggers": """
        SELECT concat(tgrelid::regclass, '.', tgname), concat(tgenabled, ' ', pg_get_triggerdef(oid))
        FROM pg_trigger WHERE NOT tgisinternal""",
    "functions": """
        SELECT p.oid::regprocedure::text, md5(pg_get_functiondef(p.oid))
        FROM pg_proc p
        WHERE p.pronamespace = 'public'::regnamespace AND p.prokind = 'f'""",
    "constraints": """
        SELECT concat(conrelid::regclass, '.', conname),
               concat(convalidated, ' ', pg_get_constraintdef(oid))
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid <> 0""",
    "indexes": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "sequences": """
        SELECT sequencename, coalesce(last_value, 0)::text FROM pg_sequences
        WHERE schemaname = 'public'""",
    "extensions": "SELECT extname, extversion FROM pg_extension",
    "roles": """
        SELECT rolname, concat_ws(' ', rolsuper, rolcreatedb, rolcreaterole, rolcanlogin,
               rolreplication, rolbypassrls, rolconfig)
        FROM pg_roles WHERE rolname LIKE 'sd\\_%'""",
}


def fingerprint(url: str) -> Fingerprint:
    """Return the fingerprint of the database at a superuser's `url`."""
    found = {kind: dict(rows(url, query)) for kind, query in CATALOGUE.items()}
    return {"rows": dict(_counted(url)), **found}


def _counted(url: str) -> Iterator[tuple[str, str]]:
    """Yield each table with its count and a checksum that no order of rows changes."""
    for (table,) in rows(url, TABLES):
        [(count, digest)] = rows(
            url,
            f"SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) "
            f'FROM public."{table}" t',
        )
        yield table, f"{count} rows, {digest}"


def plain(definition: str) -> str:
    """Return a definition without what PostgreSQL itself writes in two ways.

    It prints a condition that it has read back from its own text with other
    parentheses and casts of constants; the rest of the words must agree.
    """
    return CASTS.sub("", definition)


def differences(one: Fingerprint, other: Fingerprint) -> list[str]:
    """Return what the two do not share, one line each."""
    return [
        f"{kind}: {name}: {one[kind].get(name, ABSENT)} ≠ {other[kind].get(name, ABSENT)}"
        for kind in one
        for name in sorted(set(one[kind]) | set(other[kind]))
        if plain(one[kind].get(name, ABSENT)) != plain(other[kind].get(name, ABSENT))
    ]
