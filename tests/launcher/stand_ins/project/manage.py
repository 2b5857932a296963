"""Stands in for Django's command line: notes what was asked and with which role."""

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

command = sys.argv[1]
role = urlsplit(os.environ["DATABASE_URL"]).username
with Path(os.environ["RUN_DIR"], "asked.txt").open("a", encoding="utf-8") as asked:
    asked.write(f"{command} {role}\n")
if os.environ.get("FAILING_COMMAND") == command:
    sys.exit("表 regions 已经存在")
