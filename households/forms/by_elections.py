"""The filing of a by-election: the archive number, and who takes which household."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from households.models import Household
from representatives.models import Candidate
from ui.forms import PlainWords

STAYS = "0"
STAYS_WORDS = "不动"


class FilingForm(PlainWords, forms.Form):
    """One field for each household that may go to somebody who was elected."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    archive_number = forms.CharField(
        label="纸质档案号",
        required=False,
        max_length=40,
        help_text="推选登记表、结果报告单、会议记录归档的编号，可以以后补。",
    )

    def __init__(
        self,
        *args: Any,
        households: Sequence[Household],
        elected: Sequence[Candidate],
        proposed: Mapping[int, int],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.households = list(households)
        choices = [(STAYS, STAYS_WORDS), *((str(c.pk), c.name) for c in elected)]
        for household in self.households:
            self.fields[self.key(household)] = forms.ChoiceField(
                label=f"{household.group} {household.head}",
                choices=choices,
                initial=str(proposed.get(household.pk, STAYS)),
            )

    @staticmethod
    def key(household: Household) -> str:
        """Return the name of a household's field."""
        return f"to_{household.pk}"

    def heirs(self) -> dict[int, int]:
        """Return the candidate by household, of the form as sent or as proposed."""
        chosen = {}
        for household in self.households:
            value = str(self[self.key(household)].value() or STAYS)
            if value.isdecimal() and value != STAYS:
                chosen[household.pk] = int(value)
        return chosen
