"""Tokens in the history; their last use is no news."""

from django.db import migrations

from accounts.history import TrackHistory


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_tokens")]

    operations = [
        TrackHistory("accounts_token", region=None, unseen=("digest", "used_at"))
    ]
