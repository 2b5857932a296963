"""A form with every kind of field, for the gallery."""

from __future__ import annotations

from django import forms

from ui.forms import (
    ChoiceCards,
    DateInput,
    FileDrop,
    FilePick,
    ManyPicks,
    Picks,
    PlainWords,
    RevealedPassword,
)

DECISIONS = [
    ("village", "村内解决|指定责任人和期限"),
    ("town", "报镇里协调|镇里 5 个工作日内答复"),
    ("explain", "解释说明即可|由代表上门答复"),
    ("meeting", "提交村民代表会议|列入下次议题"),
]
MATTERS = ["看病吃药", "用水用电", "房屋安全", "低保救助", "邻里纠纷", "道路出行"]


class SampleForm(PlainWords, forms.Form):
    """Every kind of field the components know."""

    name = forms.CharField(label="户主姓名", help_text="与户口簿一致。")
    phone = forms.CharField(label="联系电话", required=False)
    group = forms.ChoiceField(
        label="组", choices=[("", "请选择"), ("1", "1 组"), ("2", "2 组")]
    )
    due = forms.DateField(label="办理期限", widget=DateInput())
    decision = forms.ChoiceField(
        label="村里怎么定？", choices=DECISIONS, widget=ChoiceCards()
    )
    way = forms.ChoiceField(
        label="走访方式",
        choices=[("door", "上门"), ("phone", "打电话")],
        widget=forms.RadioSelect(),
    )
    kinds = forms.MultipleChoiceField(
        label="户类别",
        choices=[("low", "低保户"), ("ill", "重病户"), ("old", "独居老人")],
        widget=forms.CheckboxSelectMultiple(),
        required=False,
    )
    conclusion = forms.CharField(
        label="结论",
        help_text="会后向群众反馈时使用。",
        max_length=20,
        widget=forms.Textarea({"rows": 3}),
    )
    file = forms.FileField(
        label="签到表",
        required=False,
        widget=FileDrop(),
        help_text="照片或 PDF，不超过 10 MB。",
    )
    agree = forms.BooleanField(label="我已核对，提交后不能再改")


class SampleFilters(PlainWords, forms.Form):
    """Filters of a list."""

    q = forms.CharField(label="姓名", required=False)
    group = forms.ChoiceField(
        label="组", required=False, choices=[("", "全部"), ("1", "1 组"), ("2", "2 组")]
    )
    kind = forms.ChoiceField(
        label="户类别",
        required=False,
        choices=[("", "全部"), ("low", "低保户"), ("ill", "重病户")],
    )
    late = forms.BooleanField(label="只看超期", required=False)


class SampleVisit(PlainWords, forms.Form):
    """What a phone form asks, one thing after the other."""

    matters = forms.MultipleChoiceField(
        label="什么事？",
        choices=[(m, m) for m in MATTERS],
        widget=ManyPicks(),
        help_text="可以选几样。",
    )
    mood = forms.ChoiceField(
        label="满意吗？",
        choices=[(m, m) for m in ("满意", "一般", "不满")],
        widget=Picks(),
    )
    words = forms.CharField(
        label="说一说（不填也行）", required=False, widget=forms.Textarea({"rows": 2})
    )


class SampleSignIn(PlainWords, forms.Form):
    """Sign-in."""

    username = forms.CharField(
        label="账号或手机号", widget=forms.TextInput({"autocomplete": "username"})
    )
    password = forms.CharField(
        label="密码", widget=RevealedPassword({"autocomplete": "current-password"})
    )
    remember = forms.BooleanField(label="记住此手机 30 天", required=False)


class SampleFiles(PlainWords, forms.Form):
    """Photos and scans to be chosen."""

    chosen = forms.FileField(
        label="照片或扫描件",
        required=False,
        widget=FilePick({"accept": "image/jpeg,image/png,application/pdf"}),
        help_text="JPG、PNG 或 PDF，每个不超过 10 MB，最多 9 个。",
    )
