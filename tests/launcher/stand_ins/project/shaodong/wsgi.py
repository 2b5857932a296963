"""Answers every page with OK."""


def application(environ, start_response):
    """Answer OK."""
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"ok"]
