"""来访、来电 of a household by its head's name: what leads on where two have one name."""

from sentiment.models import Issue
from tests.cast import Cast, at, everywhere, signed_in
from tests.days import today
from tests.rolls import Rolls, text_of


def test_two_households_of_one_name_in_a_group_are_no_dead_end(
    cast: Cast, rolls: Rolls
) -> None:
    one, other = rolls.households["无联系甲"], rolls.households["无联系乙"]
    with everywhere():
        other.head, other.group = one.head, one.group
        other.save()
    browser, url = signed_in(cast.clerk), "/issues/new/"
    sent = {
        "source": "caller", "heard_on": f"{today()}", "head": one.head,
        "topic": "其他", "words": "路灯坏了", "group": "",
    }  # fmt: skip
    assert "请选所在组" in text_of(browser.post(url, sent))
    sent["group"] = one.group_id
    told = browser.post(url, sent)
    assert told.status_code == 422
    assert "请选所在组" not in text_of(told)
    assert "把姓名写进内容" in text_of(told)
    assert browser.post(url, sent | {"head": ""}).status_code == 302
    with at(cast.clerk):
        assert Issue.objects.get().group == one.group
