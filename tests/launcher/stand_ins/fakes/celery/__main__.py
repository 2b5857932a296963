"""Runs until it is ended, or fails at once when told to."""

import os
import sys
import time

if os.environ.get("FAILING_PART") in sys.argv:
    sys.exit("队列的密码不对")
time.sleep(600)
