"""The plug-in by which people are reached outside the product; off until configured."""

from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from accounts.models import User
from inbox.rules import Quiet

PERSON = ("{phone}", "{username}")


class Channel:
    """企业微信, 钉钉 or a gateway for SMS, by an address as apprise writes it.

    `{phone}` or `{username}` stands where the person does, so that nobody is told by a
    group: `json://sms.example.cn/send?:to={phone}` posts to a webhook.
    Raises ImproperlyConfigured where neither does.
    """

    def __init__(self, address: str) -> None:
        if not any(place in address for place in PERSON):
            raise ImproperlyConfigured(
                "设置 OUTSIDE_CHANNEL 里要有 {phone} 或 {username}，表示发给谁。"
            )
        self._address = address

    def reaches(self, user: User) -> bool:
        """Whether the person has what the address asks for."""
        return "{phone}" not in self._address or user.phone is not None

    def tell(self, user: User, title: str, body: str) -> bool:
        """Hand a text over for one person; False if it was not taken.

        The number is opened for the gateway alone; that it was is a `Nudge`.
        """
        import apprise  # only where a channel is configured

        phone = user.phone.reveal() if user.phone else ""
        address = self._address.replace("{phone}", quote(phone, safe=""))
        address = address.replace("{username}", quote(user.username, safe=""))
        way = apprise.Apprise()
        return bool(way.add(address) and way.notify(title=title, body=body))


def channel() -> Channel | None:
    """Return the channel of the deployment; None where there is none."""
    return Channel(settings.OUTSIDE_CHANNEL) if settings.OUTSIDE_CHANNEL else None


def quiet() -> Quiet:
    """Return the hours in which nobody is disturbed."""
    return Quiet.said(settings.OUTSIDE_QUIET)
