"""What an exported ledger is called, who reports it, and its filters in words."""

import datetime as dt

from django import forms

from accounts.masking import mask_text
from regions.models import Kind, Level, Region
from ui.forms import MonthInput

OFFICES = {
    Kind.CITY: "民政局",
    Kind.TOWN: "人民政府",
    Kind.TOWNSHIP: "人民政府",
    Kind.SUBDISTRICT: "办事处",
    Kind.VILLAGE: "村民委员会",
    Kind.COMMUNITY: "居民委员会",
}


def title_for(place: Region, title: str) -> str:
    """Return the title of a ledger: a village elects 村民代表 or 居民代表, not both."""
    if place.kind == Kind.VILLAGE:
        return place.name + title.replace("村（居）民", "村民", 1)
    if place.kind == Kind.COMMUNITY:
        return place.name + title.replace("村（居）民", "居民", 1)
    return place.name + title


def reporting_unit(place: Region) -> str:
    """Return the 填报单位 of a place, as its seal has it."""
    above = place.parent.name if place.level == Level.VILLAGE and place.parent else ""
    return f"{above}{place.name}{OFFICES.get(Kind(place.kind), '')}"


def filter_words(filters: forms.Form) -> str:
    """Return the filters in words, numbers masked; empty where nothing is filtered."""
    parts = []
    for name, field in filters.fields.items():
        value = filters.cleaned_data.get(name)
        unsaid = field.widget.is_hidden and not field.label
        if value in field.empty_values or unsaid:
            continue
        if isinstance(field, forms.ModelChoiceField):
            value = str(value)
        elif isinstance(field, forms.ChoiceField):
            value = dict(field.choices).get(value, value)  # type: ignore[arg-type]
        if isinstance(value, dt.date) and isinstance(field.widget, MonthInput):
            value = f"{value:%Y-%m}"
        if isinstance(value, Region):
            value = value.full_name
        parts.append(f"{field.label or name}：{mask_text(str(value))}")
    return "，".join(parts)
