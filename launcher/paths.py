"""Where things are, and what this program is called on disk."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUN = ROOT / ".run"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
APP = "shaodong"  # the prefix of what must live outside the checkout
