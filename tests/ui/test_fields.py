"""Fields, forms, error summaries, filters."""

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from tests.ui.conftest import Draw, Elements
from ui.forms import ChoiceCards, DateInput, FileDrop, ManyPicks, PlainWords, Renderer
from ui.gallery.forms import SampleFilters


class VisitForm(PlainWords, forms.Form):
    """One field of each kind that differs in how it is drawn."""

    name = forms.CharField(label="户主", help_text="与户口簿一致。", max_length=4)
    due = forms.DateField(label="期限", widget=DateInput())
    way = forms.ChoiceField(
        label="怎么走访？",
        choices=[("d", "上门|到家里"), ("p", "电话")],
        widget=ChoiceCards(),
    )
    kinds = forms.MultipleChoiceField(
        label="类别", choices=[("a", "低保户")], widget=ManyPicks(), required=False
    )
    sheet = forms.FileField(label="签到表", required=False, widget=FileDrop())
    agree = forms.BooleanField(label="我已核对")
    pay = forms.DecimalField(
        label="补贴", required=False, error_messages={"invalid": "补贴只能填数字。"}
    )
    key = forms.CharField(widget=forms.HiddenInput(), required=False)


def test_field_ties_label_hint_and_error_to_the_input(draw: Draw) -> None:
    form = VisitForm({})

    drawn = Elements(draw("{% field form.name %}", form=form))

    box = drawn.one("input")
    assert drawn.one("label")["for"] == box["id"] == "id_name"
    assert box["aria-describedby"] == "id_name_helptext id_name_error"
    assert box["aria-invalid"] == "true"
    assert {p["id"] for p in drawn.all("p")} == {"id_name_helptext", "id_name_error"}


def test_field_without_error_names_only_its_hint(draw: Draw) -> None:
    drawn = Elements(draw("{% field form.name %}", form=VisitForm()))

    assert drawn.one("input")["aria-describedby"] == "id_name_helptext"
    assert [p["id"] for p in drawn.all("p")] == ["id_name_helptext"]


def test_label_and_hint_can_be_replaced_and_are_escaped(draw: Draw) -> None:
    drawn = draw(
        '{% field form.due label=label hint="写到哪天" optional="（选填）" %}',
        form=VisitForm(),
        label="几时<办>",
    )

    assert "几时&lt;办&gt;" in drawn
    assert "写到哪天" in drawn
    assert "（选填）" in drawn


def test_choices_stand_in_a_fieldset_with_their_question(draw: Draw) -> None:
    drawn = Elements(draw("{% field form.way %}", form=VisitForm({})))

    fieldset = drawn.one("fieldset")
    assert fieldset["aria-describedby"] == "id_way_error"
    assert len(drawn.all("legend")) == 1
    assert [i["value"] for i in drawn.all("input")] == ["d", "p"]
    assert "到家里" in drawn.text
    assert "|" not in drawn.text


def test_chosen_card_is_checked_and_cards_are_numbered(draw: Draw) -> None:
    drawn = Elements(draw("{% field form.way %}", form=VisitForm(initial={"way": "p"})))

    checked = [i["value"] for i in drawn.all("input") if "checked" in i]
    assert checked == ["p"]
    assert len(drawn.all("kbd")) == 2


def test_single_checkbox_stands_before_its_label(draw: Draw) -> None:
    drawn = Elements(draw("{% field form.agree %}", form=VisitForm()))

    order = [tag for tag, _ in drawn.found if tag in {"input", "label"}]
    assert order == ["input", "label"]
    assert drawn.one("label")["for"] == "id_agree"


def test_day_is_written_for_the_browsers_own_field(draw: Draw) -> None:
    form = VisitForm({"due": "2026-11-30"})

    box = Elements(draw("{% field form.due %}", form=form)).one("input")

    assert (box["type"], box["value"]) == ("date", "2026-11-30")


def test_file_field_has_one_label_and_no_style(draw: Draw) -> None:
    drawn = Elements(draw("{% field form.sheet %}", form=VisitForm()))

    assert drawn.one("input")["type"] == "file"
    assert drawn.one("label")["for"] == "id_sheet"


def test_hidden_field_is_only_its_input(draw: Draw) -> None:
    drawn = Elements(draw("{% field form.key %}", form=VisitForm({"key": "x"})))

    assert drawn.one("input")["type"] == "hidden"
    assert drawn.all("label") == []


def test_renderer_draws_a_whole_form_by_our_fields(draw: Draw) -> None:
    form = VisitForm({}, renderer=Renderer())
    form.add_error(None, "这一户本月已经有人走访。")

    drawn = Elements(draw("{{ form }}", form=form))

    fields = [d for d in drawn.all("div") if (d.get("class") or "").startswith("field")]
    assert len(fields) + len(drawn.all("fieldset")) == len(form.visible_fields())
    assert "这一户本月已经有人走访。" in drawn.text
    assert [i for i in drawn.all("input") if i["type"] == "hidden"]


def test_renderer_draws_the_forms_of_a_formset(draw: Draw) -> None:
    formset = forms.formset_factory(VisitForm, extra=2, renderer=Renderer())()

    drawn = Elements(draw("{{ formset }}", formset=formset))

    assert drawn.one("input", name="form-TOTAL_FORMS")["value"] == "2"
    assert drawn.one("input", name="form-1-name")


def test_summary_links_each_error_to_its_field(draw: Draw) -> None:
    form = VisitForm({"name": "欧阳海棠花", "agree": "on", "pay": "一百"})
    form.add_error(None, "这一户本月已经有人走访。")

    drawn = Elements(draw("{% error_summary form %}", form=form))

    assert [a["href"] for a in drawn.all("a")] == [
        "#id_name",
        "#id_due",
        "#id_way_0",
        "#id_pay",
    ]
    assert "怎么走访：请选一项。" in drawn.text
    assert "这一户本月已经有人走访。" in drawn.text
    assert drawn.one("div", role="alert")["tabindex"] == "-1"


def test_summary_of_a_sound_form_is_nothing(draw: Draw) -> None:
    assert (
        draw("{% error_summary form none %}", form=VisitForm(), none=None).strip() == ""
    )


def test_refusals_say_in_plain_words_how_to_mend_them() -> None:
    form = VisitForm({"name": "欧阳海棠花", "due": "明天", "way": "x"})

    assert form.errors["name"] == ["最多 4 个字，现在有 5 个，请改短一些。"]
    assert form.errors["due"] == ["日期不对，请写成 2026-11-23 这样。"]
    assert form.errors["way"] == ["没有这一项，请在列出的里面选。"]
    assert form.errors["agree"] == ["请打勾。"]


def test_empty_file_is_refused_in_plain_words() -> None:
    files = MultiValueDict({"sheet": [SimpleUploadedFile("a.pdf", b"")]})

    assert VisitForm({}, files).errors["sheet"] == ["文件是空的，请换一个。"]


def test_words_that_a_field_was_given_itself_stay() -> None:
    form = VisitForm({"pay": "一百"})

    assert form.errors["pay"] == ["补贴只能填数字。"]


class Rows(PlainWords, forms.Form):
    """A form that adds the fields of its rows after those it declares."""

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.fields["plaque_7"] = forms.CharField()
        self.fields["from_7"] = forms.DateField()
        self.fields["until_7"] = forms.DateField()


def test_fields_that_a_form_adds_for_its_rows_speak_plainly_too() -> None:
    form = Rows({"from_7": "1066-10-14", "until_7": "9999-12-31"})

    assert form.errors["plaque_7"] == ["请填写。"]
    assert form.errors["from_7"] == ["日期不对，年份太早了，请核对。"]
    assert form.errors["until_7"] == ["日期不对，年份太晚了，请核对。"]


def test_filters_in_force_are_named_and_each_can_be_taken_away(draw: Draw) -> None:
    address = "/list/?q=%E5%88%98&kind=low&late=on&sort=-late&page=4"
    form = SampleFilters(QueryDict(address.partition("?")[2]))
    form.is_valid()

    drawn = Elements(draw("{% filter_bar form %}", address, form=form))

    gone = [a["href"] for a in drawn.all("a") if a.get("class") == "tag info"]
    assert gone == [
        "?kind=low&late=on&sort=-late",
        "?q=%E5%88%98&late=on&sort=-late",
        "?q=%E5%88%98&kind=low&sort=-late",
    ]
    assert "户类别：低保户" in drawn.text
    assert drawn.one("input", type="hidden", name="sort")["value"] == "-late"
    assert (
        next(a for a in drawn.all("a") if a.get("class") is None)["href"]
        == "?sort=-late"
    )


def test_no_filter_no_list_of_filters(draw: Draw) -> None:
    form = SampleFilters(QueryDict(""))
    form.is_valid()

    assert "已筛选" not in draw("{% filter_bar form %}", form=form)


def test_what_stands_before_the_other_filters_is_one_that_is_seen(draw: Draw) -> None:
    """A hidden field is sent along; a phone shows the first of those that are filled in."""

    class Filters(forms.Form):
        person = forms.IntegerField(required=False, widget=forms.HiddenInput)
        state = forms.CharField(label="状态")
        place = forms.CharField(label="地方")
        group = forms.CharField(label="小组")

    drawn = draw("{% filter_bar form %}", form=Filters({}))
    order = [drawn.index(word) for word in ("状态", "更多条件", "地方", "小组")]
    assert order == sorted(order)
