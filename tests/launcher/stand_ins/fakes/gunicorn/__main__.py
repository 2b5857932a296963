"""Serves OK at the address of --bind, quickly started and quickly ended."""

import sys
from http.server import BaseHTTPRequestHandler, HTTPServer


class Page(BaseHTTPRequestHandler):
    """One page."""

    def do_GET(self):
        """Answer OK."""
        self.send_response(200)
        self.end_headers()


host, port = sys.argv[sys.argv.index("--bind") + 1].split(":")
HTTPServer((host, int(port)), Page).serve_forever()
