"""What belongs to a township's archive, and in which order it is loaded.

Every scoped table does, unless it stands in `LEFT_OUT` with a reason: a test holds this
together with the models, so that no new table is forgotten. Of the tables outside the
scope come the people who are named, and what the rows refer to of the city's lists.
"""

import hashlib
from collections.abc import Container, Iterator
from functools import cache
from graphlib import TopologicalSorter
from typing import Any

from django.apps import apps
from django.db import models

from accounts.sealing import SealedField
from regions.models import Region
from regions.operations import is_scoped

Model = type[models.Model]
FORMAT = "lianhu-township"
FORMAT_VERSION = 1

LEFT_OUT = {
    "accounts_accessentry": "goes out as a record of its own kind: nobody may write a log",
    "accounts_rowchange": "goes out as a record of its own kind: nobody may write a log",
    "reports_closedsum": "sums of closed periods, kept by their triggers",
    "reports_inheritedrecord": "goes out with the log that it continues",
    "inbox_message": "personal; its links lead into the old system",
    "jobs_job": "work of the old system, done or given up",
    "reports_approval": "a word on a job of the old system; the log keeps it",
    "reports_preset": "a person's short cuts",
    "reports_runningpace": "counted anew each night",
    "reports_schedule": "runs as a post of the old system; set up anew",
    "representatives_seattally": "counts of seats, kept by their triggers",
    "sentiment_meetingtally": "counts of sentiment_meetingduty, kept by its triggers",
    "trainings_servicetally": "counts of mandates, kept by triggers",
    "visits_dutytally": "counts of visits_duty, kept by its triggers",
    "workbooks_rememberedcolumns": "how columns were named last time; no consequence",
    "workbooks_rowverdict": "an import's preview; what came of it is in the rows",
    "workbooks_upload": "an import's stages; what came of it is in the rows",
}
PEOPLE = "accounts_user"
COMPUTED = frozenset({"sentiment_meetingduty", "visits_duty"})
"""Kept by triggers, also for a township where nobody has entered anything yet."""

# Columns that are worked out from others of the row when it is loaded: keyed hashes,
# whose key does not leave the system.
INDEXES = {
    (PEOPLE, "phone_index"): "phone",
    ("representatives_representative", "id_index"): "id_number",
    ("representatives_representative", "phone_index"): "phone",
    ("representatives_candidate", "id_index"): "id_number",
    ("representatives_candidate", "phone_index"): "phone",
    ("households_household", "id_index"): "id_number",
    ("households_household", "phone_index"): "phone",
}
# The same of another row: the person's, by the foreign key.
BORROWED = {
    ("representatives_mandate", "person_index"): ("representative_id", "id_index")
}
# Numbers of rows that no foreign key declares, alone or in a list.
EMBEDDED = {
    ("accounts_post", "narrowed_to"): "representatives_representative",
    ("reports_closedperiod", "households"): "households_household",
    ("reports_closedperiod", "representatives"): "representatives_representative",
    ("visits_urging", "households"): "households_household",
}
# Of the city's lists, what a row needs whole: an edition comes with all of its parts.
PARTS = {
    "evaluations_scheme": (
        "evaluations_schemecategory",
        "evaluations_schemeitem",
        "evaluations_schemetier",
    )
}
MARKS = frozenset({("appraisals_appraisalplan", "is_used")})
"""Says of a line that it is in use: it is the same line before and after."""
ABOVE = ("trainings_training", "trainings_attendance", "training")
"""Held above the township, but on a roster of its own people: table, by whom, by what."""


@cache
def archived() -> tuple[Model, ...]:
    """Return the scoped models of an archive, each after those that it refers to."""
    wanted = {
        model._meta.db_table: model
        for model in apps.get_models(include_auto_created=True)
        if is_scoped(model) and model._meta.db_table not in LEFT_OUT
    }
    order = TopologicalSorter(
        {name: _before(model, wanted) for name, model in sorted(wanted.items())}
    )
    return tuple(wanted[name] for name in order.static_order())


@cache
def lists() -> tuple[Model, ...]:
    """Return the city's lists that rows of the archive refer to, parents first."""
    wanted: dict[str, Model] = {}
    left = list(archived())
    while left:
        for field in references(left.pop()):
            parent = field.related_model
            table = parent._meta.db_table
            if is_listed(parent) and table not in wanted:
                wanted[table] = parent
                left.append(parent)
    for table in [part for one in tuple(wanted) for part in PARTS.get(one, ())]:
        wanted[table] = of_table(table)
    order = TopologicalSorter(
        {name: _before(model, wanted) for name, model in sorted(wanted.items())}
    )
    return tuple(wanted[name] for name in order.static_order())


def is_listed(model: Model) -> bool:
    """Say whether a model is one of the city's lists: no row of it has a place."""
    is_own = model is Region or model._meta.db_table == PEOPLE
    return not is_scoped(model) and not is_own


def references(model: Model) -> Iterator["models.ForeignKey[Any, Any]"]:
    """Yield the foreign keys of a model, except those to its division."""
    for field in model._meta.local_concrete_fields:
        if isinstance(field, models.ForeignKey) and field.related_model is not Region:
            yield field


def _before(model: Model, among: Container[str]) -> list[str]:
    """Return the tables among these that must be loaded before a model's."""
    table = model._meta.db_table
    named = {field.related_model._meta.db_table for field in references(model)}
    embedded = {to for (one, _), to in EMBEDDED.items() if one == table}
    named |= embedded | ({ABOVE[0]} if table == ABOVE[1] else set())
    return sorted(one for one in named - {table} if one in among)


def of_table(table: str) -> Model:
    """Return the model of a table; KeyError for one that is no longer there."""
    return _by_table()[table]


@cache
def _by_table() -> dict[str, Model]:
    return {
        model._meta.db_table: model
        for model in apps.get_models(include_auto_created=True)
    }


def columns(model: Model) -> tuple["models.Field[Any, Any]", ...]:
    """Return the columns that an archive has of a model.

    Generated ones and keyed hashes are worked out anew. Of people neither number nor
    password leaves; where they arrive their account is a new one.
    """
    table = model._meta.db_table
    secret = {"id", "password", "last_login", "must_change_password", "created_at"}
    secret = secret if table == PEOPLE else set()
    return tuple(
        field
        for field in model._meta.local_concrete_fields
        if not isinstance(field, models.GeneratedField)
        and (table, name_of(field)) not in INDEXES
        and field.column not in secret
    )


def name_of(field: "models.Field[Any, Any]") -> str:
    """Return the column of a field."""
    return str(field.column)


def key_of(model: Model) -> str:
    """Return the column of the key."""
    return name_of(model._meta.pk)


def parent_of(field: "models.Field[Any, Any]") -> Model | None:
    """Return what a foreign key refers to; None for any other column."""
    return field.related_model if isinstance(field, models.ForeignKey) else None


def is_numbered(model: Model) -> bool:
    """Say whether rows are known by a number of the database, which the archive replaces."""
    return isinstance(model._meta.pk, models.AutoField)


def is_sealed(field: "models.Field[Any, Any]") -> bool:
    """Say whether a column holds sealed values."""
    return isinstance(field, SealedField)


@cache
def schema() -> str:
    """Return a fingerprint of the columns of an archive: who differs cannot load it."""
    digest = hashlib.sha256()
    for model in (*lists(), *archived(), of_table(PEOPLE)):
        for field in columns(model):
            line = f"{model._meta.db_table}.{field.column} {field.get_internal_type()}"
            digest.update(line.encode())
    return digest.hexdigest()[:16]


@cache
def title(model: Model) -> str:
    """Return what a table is called; of two with one name, the app's beside it."""
    said = str(model._meta.verbose_name)
    same = [m for m in (*lists(), *archived()) if str(m._meta.verbose_name) == said]
    if len(same) < 2:
        return said
    return f"{said}（{apps.get_app_config(model._meta.app_label).verbose_name}）"
