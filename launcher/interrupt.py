"""Ctrl-C, SIGTERM and SIGHUP, noticed only where it is safe to stop.

A handler that raised could strike between starting a child and noting it, and the
child would stay behind. So the handler only remembers; `pause`, which every wait of
the launcher goes through, raises `Stopped`.
"""

import os
import signal
import time
from types import FrameType

STANDARD_INPUT = 0
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(KeyboardInterrupt):
    """The person, or the system, asked the launcher to end; `signum` is how."""

    def __init__(self, signum: int) -> None:
        super().__init__(signum)
        self.signum = signum


class _State:
    received: int | None = None
    parent: int | None = None
    terminal = False


def listen() -> None:
    """Catch the ending signals from now on; `nohup` keeps its promise.

    Two ends of a session do not reach us as signals, and count as SIGHUP: below
    `make`, its being killed without mercy; and the closing of a terminal window whose
    first process is that `make`, which then keeps the news to itself.
    """
    _State.parent = os.getppid() if "MAKELEVEL" in os.environ else None
    for signum in SIGNALS:
        if signum != signal.SIGHUP or signal.getsignal(signum) != signal.SIG_IGN:
            signal.signal(signum, _remember)
    hears_hangup = signal.getsignal(signal.SIGHUP) == _remember
    _State.terminal = hears_hangup and os.isatty(STANDARD_INPUT)


def check() -> None:
    """Raise `Stopped` once for a signal that has arrived; cleaning up goes on then."""
    if _is_abandoned():
        _State.parent, _State.terminal = None, False
        _State.received = _State.received or signal.SIGHUP
    if _State.received is not None:
        signum, _State.received = _State.received, None
        raise Stopped(signum)


def pause(seconds: float) -> None:
    """Sleep in small steps; raises `Stopped` within 0.1 s of a signal."""
    end = time.monotonic() + seconds
    check()
    while (left := end - time.monotonic()) > 0:
        time.sleep(min(left, 0.1))
        check()


def _is_abandoned() -> bool:
    orphaned = _State.parent is not None and os.getppid() != _State.parent
    return orphaned or (_State.terminal and not os.isatty(STANDARD_INPUT))


def _remember(signum: int, frame: FrameType | None) -> None:
    _State.received = signum
