"""Ports: what is one, and what is said when it is taken."""

import socket

import pytest

from launcher import ports
from launcher.terminal import PlainError


def test_taken_port_offers_another() -> None:
    with socket.socket() as other:
        other.bind((ports.HOST, 0))
        other.listen()
        taken = other.getsockname()[1]
        with pytest.raises(PlainError, match=f"端口 {taken} 已被别的程序占用"):
            ports.require_free(taken)


def test_free_port_is_free() -> None:
    ports.require_free(ports.free_port())


@pytest.mark.parametrize("given", ["abc", "0", "65536", "-1", "8000 ", "８０００"])
def test_what_is_no_port_is_refused(given: str) -> None:
    with pytest.raises(PlainError, match="不是端口号"):
        ports.web_port({"PORT": given})


@pytest.mark.parametrize(
    ("environ", "port"), [({}, 8000), ({"PORT": ""}, 8000), ({"PORT": "8001"}, 8001)]
)
def test_port_comes_from_the_environment(environ: dict[str, str], port: int) -> None:
    assert ports.web_port(environ) == port
