"""How a city's seats are counted without reading them (`regions.tallying`)."""

from regions.tallying import Tally

SEATS = Tally(
    name="representatives_seat_tally",
    tally="representatives_seattally",
    source="representatives_seat",
    number="seats",
    heap={"region_code": "region_code", "is_open": "closed_on IS NULL"},
    is_apps=True,
)
