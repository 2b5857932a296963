"""TCP ports of this machine's own address."""

import socket
from collections.abc import Mapping

from launcher.terminal import PlainError

HOST = "127.0.0.1"


def free_port() -> int:
    """Return a port that the system says is free; another program may still win it."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def web_port(environ: Mapping[str, str]) -> int:
    """Return the port to serve pages on: PORT, else 8000.

    Raises PlainError for what is not a port, or one that needs more rights.
    """
    given = environ.get("PORT") or "8000"
    if not given.isascii() or not given.isdigit() or not 1 <= int(given) <= 65535:
        raise PlainError(
            f"PORT={given} 不是端口号。请写 1024 到 65535 之间的数，"
            "例如：PORT=8001 make demo。"
        )
    return int(given)


def require_free(port: int) -> None:
    """Raise a sentence when pages cannot be served on `port`."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise PlainError(
                f"端口 {port} 要管理员权限才能用。请换一个：PORT=8001 make demo。"
            ) from None
        except OSError:
            other = port + 1 if port < 65535 else 8000
            raise PlainError(
                f"端口 {port} 已被别的程序占用。请关掉那个程序，"
                f"或换一个端口：PORT={other} make demo。"
            ) from None
