"""A suite of one test, which sees to it that it is hard to get rid of."""

import os
import subprocess
import sys
import time

import psycopg


def test_servers_are_there():
    """Ask the database who we are; with LINGER, stay until interrupted."""
    assert "DEMO" not in os.environ
    with psycopg.connect(os.environ["DATABASE_URL"]) as here:
        assert here.execute("SELECT current_user").fetchone() == ("sd_app",)
    if "LINGER" in os.environ:
        # As a browser does: in a session of its own, out of reach of its parent's.
        subprocess.Popen(["/bin/sleep", "600"], start_new_session=True)
        sys.stdout.write("lingering\n")
        sys.stdout.flush()
        time.sleep(600)
