"""Ask the web process of this container: `python -m deploy.probe /readyz`.

The image has no curl; a health check needs none. Prints the answer, and fails unless
it is 200.
"""

import sys
from http.client import HTTPConnection, HTTPException

PORT = 8000
PATIENCE = 5  # seconds


def main(path: str) -> int:
    """Return 0 if `path` answers 200, else 1."""
    connection = HTTPConnection("127.0.0.1", PORT, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        sys.stdout.write(answer.read().decode(errors="replace") + "\n")
    except (OSError, HTTPException) as error:
        sys.stderr.write(f"网页服务没有应答：{error}\n")
        return 1
    finally:
        connection.close()
    return 0 if answer.status == 200 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "/healthz"))
