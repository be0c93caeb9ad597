"""What the UCI file does not say, made up by seed: who receives, where, and how it was paid.

Every value depends on the seed and on one name of the file alone (an invoice number, a customer
number), never on the order of reading.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from ordinance_adapters.readers.countries import BRITISH_CITIES, CITY_SPREAD, COUNTRIES, Country

TAG = "derived"
"""Carried by every order with made-up fields."""

BANK_TRANSFERS_IN_100 = 6
CARD_MINUTES = range(1, 10)
TRANSFER_MINUTES = range(24 * 60, 48 * 60)

_NOWHERE = Country(None)


def draw(seed: int, what: str, name: str, count: int) -> int:
    """A number from 0 to `count` - 1, the same for the same seed, purpose and name."""
    digest = hashlib.blake2b(f"{seed}|{what}|{name}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % count


def receiver(seed: int, customer: str | None, invoice: str, country: str) -> dict[str, object]:
    """A receiver who is plainly nobody: a made-up name and street, a telephone number of the
    range that is kept for fiction (020 7946 0000 to 0999), and a point in the country."""
    who = f"customer {customer}" if customer else f"guest {invoice}"
    region = COUNTRIES.get(country, _NOWHERE)
    digits = draw(seed, "phone", who, 1000)
    found: dict[str, object] = {
        "name": f"Customer {customer}" if customer else f"Guest {invoice}",
        "phone": f"{'020' if region.region == 'GB' else '+44 20'} 7946 0{digits:03d}",
        "address": f"{1 + draw(seed, 'house', who, 999)} Derived Street",
        "country": country,
    }
    if region.region is None:
        return found
    found["region"] = region.region
    latitude, longitude, spread = region.latitude or 0.0, region.longitude or 0.0, region.spread
    if region.region == "GB":
        city = BRITISH_CITIES[draw(seed, "city", who, len(BRITISH_CITIES))]
        found["city"] = city.name
        latitude, longitude, spread = city.latitude, city.longitude, CITY_SPREAD
    place = f"{who} {country}"
    found["latitude"] = _near(latitude, spread, draw(seed, "latitude", place, 2001))
    found["longitude"] = _near(longitude, spread, draw(seed, "longitude", place, 2001))
    return found


def payment(seed: int, invoice: str, placed_at: datetime, amount: Decimal) -> dict[str, object]:
    """One payment of `amount`, in full: by card within minutes, or by transfer a day or two later.

    `placed_at` is zone-aware, and so is `paid_at`, in the same zone.
    """
    transfer = draw(seed, "method", invoice, 100) < BANK_TRANSFERS_IN_100
    minutes = TRANSFER_MINUTES if transfer else CARD_MINUTES
    later = timedelta(minutes=minutes[draw(seed, "paid", invoice, len(minutes))])
    # Through UTC: added to local time, a length would bend where the clocks change.
    paid_at = (placed_at.astimezone(UTC) + later).astimezone(placed_at.tzinfo)
    return {
        "transaction": f"DERIVED-{invoice}",
        "amount": amount,
        "paid_at": paid_at,
        "method": "bank_transfer" if transfer else "card",
    }


def _near(centre: float, spread: float, step: int) -> float:
    """`centre` moved by -spread to +spread, in 2,000 steps."""
    return round(centre + spread * (step - 1000) / 1000, 4)
