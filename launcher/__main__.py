"""`python -m launcher VERB`: the one door behind every Makefile target.

This file, `interpreter` and `terminal` are written for Python 3.6 and later, so that an
old interpreter answers with a sentence instead of a SyntaxError.
"""

import sys


def main() -> int:
    """Run the verb given on the command line and return the exit code."""
    if tuple(sys.version_info[:2]) < (3, 11):
        from launcher.interpreter import continue_with_newer

        return continue_with_newer(sys.argv[1:])
    from launcher.verbs import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
