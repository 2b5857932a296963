"""QR codes: an address on paper that a phone can open."""

import io

import segno


def qr_uri(url: str) -> str:
    """Return a QR code of an address as an SVG image in a data: address."""
    made = segno.make(url, error="m")
    drawn: str = made.svg_data_uri(scale=4, border=2, dark="#000", light="#fff")
    return drawn


def qr_png(url: str) -> io.BytesIO:
    """Return a QR code of an address as a picture that a document can hold."""
    out = io.BytesIO()
    segno.make(url, error="m").save(out, kind="png", scale=8, border=2)
    out.seek(0)
    return out
