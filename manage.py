#!/usr/bin/env python
"""Django's command line. `migrate` connects as the owner role, all else as the app."""

import os
import sys


def main() -> None:
    """Run one management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shaodong.settings")
    if sys.argv[1:2] == ["migrate"]:
        os.environ.setdefault("MIGRATING", "1")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
