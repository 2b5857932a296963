"""Forms of an edition: year, terms, categories, items, grades."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone

from evaluations.models import (
    Scheme,
    SchemeCategory,
    SchemeItem,
    SchemeTier,
)
from evaluations.rules.schemes import LEAST_NOTICE_DAYS, ROUNDS, Scope, item_faults
from ui.forms import PlainWords

if TYPE_CHECKING:
    CategoryBase = forms.ModelForm[SchemeCategory]
    ItemBase = forms.ModelForm[SchemeItem]
    TierBase = forms.ModelForm[SchemeTier]
else:  # Django's own is not generic
    CategoryBase = ItemBase = TierBase = forms.ModelForm


class YearForm(PlainWords, forms.Form):
    """Which year an edition is for, and what it rates."""

    year = forms.TypedChoiceField(label="哪一年", coerce=int)
    scope = forms.ChoiceField(
        label="评什么", choices=[(scope.value, scope.label) for scope in Scope]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        year = timezone.localdate().year
        choices: Any = [(n, f"{n} 年") for n in (year, year + 1, year - 1)]
        self.fields["year"].choices = choices  # type: ignore[attr-defined]


class TermsForm(PlainWords, forms.Form):
    """How often is rated, and how long results stand on view."""

    rounds = forms.TypedChoiceField(
        label="一年评几次",
        coerce=int,
        choices=[(n, f"{n} 次（每{word}一次）") for n, word in ROUNDS.items()],
    )
    notice_days = forms.IntegerField(
        label="公示天数",
        min_value=LEAST_NOTICE_DAYS,
        max_value=30,
        help_text=f"至少 {LEAST_NOTICE_DAYS} 天，建议 7 天。",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class CategoryForm(PlainWords, CategoryBase):
    """A category."""

    class Meta:
        model = SchemeCategory
        fields = ("name", "base", "cap", "floor")

    def clean(self) -> dict[str, Any]:
        """Hold the base against floor and cap."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return given
        if not given["floor"] <= given["base"] <= given["cap"]:
            self.add_error("base", "基础分要在最低分和最高分之间。")
        return given


class ItemForm(PlainWords, ItemBase):
    """An item: words, points, cap, veto."""

    class Meta:
        model = SchemeItem
        fields = (
            "category",
            "words",
            "least",
            "most",
            "cap",
            "is_veto",
            "needs_evidence",
            "measure",
        )
        help_texts = {
            "least": "分值固定的，两格填一样的数；扣分写负数。",
            "cap": "同一户一期里这一项最多算几分，不填就不限。",
            "is_veto": "出现一次就评为最后一等，不计分。",
        }

    def __init__(self, *args: Any, scheme: Scheme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parts = SchemeCategory.objects.filter(scheme=scheme)
        self.fields["category"].queryset = parts  # type: ignore[attr-defined]
        if scheme.scope == Scope.HOUSEHOLD:
            del self.fields["measure"]

    def clean(self) -> dict[str, Any]:
        """Hold the points against each other and against the category."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        part = given.get("category")
        if part is None or self.errors:
            return given
        if given.get("is_veto"):
            given["least"] = given["most"] = 0
        item = SchemeItem(**{k: v for k, v in given.items() if k != "category"})
        for words in item_faults(part.value(), item.value()):
            self.add_error("most", words)
        return given


class TierForm(PlainWords, TierBase):
    """A grade."""

    class Meta:
        model = SchemeTier
        fields = ("name", "threshold", "quota", "is_public")
        help_texts = {
            "threshold": "达到多少分；最后一等不填。",
            "quota": "不超过参评数的百分之几，不填就不限。",
            "is_public": "最后一等不能公示。没有公示的等次只在村里看得到。",
        }

    def clean(self) -> dict[str, Any]:
        """Keep the last grade private."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("threshold") is None and (
            given.get("is_public") or given.get("quota")
        ):
            self.add_error(
                "threshold", "没有分数线的是最后一等，不能公示，也不设名额。"
            )
        quota = given.get("quota")
        if quota is not None and not 1 <= quota <= 100:
            self.add_error("quota", "填 1 到 100。")
        return given


PARTS: dict[str, tuple[type[Any], type[Any], str]] = {
    "category": (SchemeCategory, CategoryForm, "类别"),
    "item": (SchemeItem, ItemForm, "项目"),
    "tier": (SchemeTier, TierForm, "等次"),
}
"""What an edition is made of: model, form, and the word for it."""
