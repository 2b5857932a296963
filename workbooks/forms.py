"""Forms of the import wizard."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import Post
from ui.forms import ChoiceCards, FileDrop, PlainWords
from workbooks.declaration import Declaration
from workbooks.headers import is_letters
from workbooks.importing import LEDGERS, Ledger
from workbooks.inventory import DEFAULT_LIMITS, MEGABYTE
from workbooks.models import Upload
from workbooks.values.characters import fold

LEFT_OUT = ("", "不导入这一列")


def ledgers_for(post: Post) -> list[Ledger]:
    """Return the kinds of workbook that the holder of `post` may import, in order."""
    return [ledger for ledger in LEDGERS.values() if post.may(ledger.permission)]


class UploadForm(PlainWords, forms.Form):
    """Which roll it is, and the file."""

    kind = forms.ChoiceField(label="这是哪一种表", widget=ChoiceCards)
    file = forms.FileField(
        label="文件",
        widget=FileDrop(attrs={"accept": ".xlsx,.csv"}),
        help_text="Excel 工作簿（.xlsx）或 .csv，最大 20 MB、10 万行。"
        "可以是自己的表，不一定要用模板。",
        max_length=1000,
        allow_empty_file=False,
    )

    def __init__(self, *args: Any, ledgers: Sequence[Ledger], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells the type
        field.choices = [(x.kind, f"{x.declaration.title}|{x.note}") for x in ledgers]

    def clean_file(self) -> Any:
        """Refuse what the guard would refuse for its size, before it is kept."""
        file = self.cleaned_data["file"]
        if file.size > DEFAULT_LIMITS.size:
            raise ValidationError(
                f"文件有 {file.size / MEGABYTE:.1f} MB，超过 "
                f"{DEFAULT_LIMITS.size // MEGABYTE} MB。请去掉图片，或按村分成几个文件。"
            )
        return file


class SheetForm(PlainWords, forms.Form):
    """Which sheet of the file is meant."""

    sheet = forms.ChoiceField(label="导入哪一张表", widget=ChoiceCards)

    def __init__(
        self, *args: Any, sheets: Iterable[tuple[str, int]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["sheet"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells the type
        field.choices = [(name, f"{name}|有内容的 {rows} 行") for name, rows in sheets]


class ColumnsForm(PlainWords, forms.Form):
    """What each column of the file is: one choice a heading."""

    def __init__(
        self,
        *args: Any,
        declaration: Declaration,
        headings: Sequence[Sequence[str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.declaration = declaration
        self.headings = headings
        choices = [
            LEFT_OUT,
            *(
                (c.key, f"{c.title}（必须有）" if c.required else c.title)
                for c in declaration.columns
            ),
        ]
        # Once the file is read, a column without a key has been left out.
        is_read = any(key for _, _, key in headings)
        for letters, title, key in headings:
            self.fields[letters] = forms.ChoiceField(
                label=f"{letters} 列　{title}",
                choices=choices,
                required=False,
                initial=key if is_read else likely_key(declaration, title),
            )

    def clean(self) -> dict[str, Any]:
        """Refuse two columns for one thing, and a thing that must be there and is not."""
        chosen: dict[str, str] = {}
        for letters, _title, _ in self.headings:
            key = self.cleaned_data.get(letters) or ""
            if key and key in chosen:
                name = self.declaration.column(key).title
                self.add_error(
                    letters, f"“{name}”已经选给 {chosen[key]} 列，请只留一列。"
                )
            elif key:
                chosen[key] = letters
        missing = [
            c.title
            for c in self.declaration.columns
            if c.required and c.key not in chosen
        ]
        if missing:
            raise ValidationError(
                f"还要指出哪一列是：{'、'.join(missing)}。表里没有的，请补上再上传。"
            )
        return self.cleaned_data

    def mapping(self) -> dict[str, str]:
        """Return the choice as the reader takes it.

        By title, which stays true when columns are moved; by letters where two columns
        share one, or it looks like the letters of another column itself (XM).
        """
        titles = [title for _, title, _ in self.headings]
        by_letters = {t for t in titles if is_letters(t) or titles.count(t) > 1}
        return {
            (letters if title in by_letters else title): self.cleaned_data[letters]
            for letters, title, _ in self.headings
        }


def likely_key(declaration: Declaration, title: str) -> str:
    """Return the column that a title is a known name of, or nothing."""
    wanted = {fold(title.replace(" / ", "")), fold(title.split(" / ")[-1])}
    for column in declaration.columns:
        if not wanted.isdisjoint(fold(name) for name in column.titles):
            return column.key
    return ""


class ConfirmForm(PlainWords, forms.Form):
    """The last word: the file that was seen, and what had to be looked at."""

    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)
    without_refused = forms.BooleanField(
        widget=forms.HiddenInput, required=False, initial=True
    )
    seen_hidden = forms.BooleanField(label="", required=False)
    seen_doubts = forms.BooleanField(label="", required=False)

    def __init__(self, *args: Any, upload: Upload, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hidden = int(upload.facts.get("hidden", 0))
        self._ask("seen_hidden", hidden, f"文件里隐藏的 {hidden} 行也要导入，我看过了")
        doubtful = int(upload.facts.get("doubtful", 0))
        self._ask(
            "seen_doubts", doubtful, f"要核对的 {doubtful} 行我对照证件看过，没有错"
        )

    def _ask(self, name: str, count: int, words: str) -> None:
        """Ask for a tick only where there is something to look at."""
        if count:
            self.fields[name].label = words
            self.fields[name].required = True
        else:
            del self.fields[name]
