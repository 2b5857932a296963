"""What a process of the web does once, before it answers anybody."""

import gc

from django.conf import settings
from django.urls import reverse


def load_whole() -> None:
    """Import every view, and leave what is loaded to the collector no more.

    Otherwise the first visitor waits for the imports, and now and then a page for a full
    collection: it walks 400,000 objects that stay, a sixth of a second long.
    """
    reverse(settings.LOGIN_URL)  # looks through all addresses
    gc.collect()
    gc.freeze()
