"""Where the buyers of the UCI file live: region codes, and roughly where the country lies."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Country:
    """`region` is ISO 3166-1; None where the file names no country. Degrees; a point within
    `spread` of (latitude, longitude) lies in the country."""

    region: str | None
    latitude: float | None = None
    longitude: float | None = None
    spread: float = 0.0


@dataclass(frozen=True, slots=True)
class City:
    """A city by its centre, in degrees."""

    name: str
    latitude: float
    longitude: float


COUNTRIES: dict[str, Country] = {
    "United Kingdom": Country("GB", 52.5, -1.5, 0.5),
    "Australia": Country("AU", -33.5, 149.5, 1.0),
    "Austria": Country("AT", 47.6, 14.1, 0.6),
    "Bahrain": Country("BH", 26.07, 50.55, 0.05),
    "Belgium": Country("BE", 50.6, 4.6, 0.3),
    "Brazil": Country("BR", -22.0, -48.0, 1.5),
    "Canada": Country("CA", 44.5, -78.5, 0.8),
    # Jersey stands for all of them: the file does not say which island.
    "Channel Islands": Country("JE", 49.21, -2.13, 0.03),
    "Cyprus": Country("CY", 34.95, 33.1, 0.15),
    "Czech Republic": Country("CZ", 49.8, 15.3, 0.6),
    "Denmark": Country("DK", 56.1, 9.3, 0.4),
    "EIRE": Country("IE", 53.2, -7.6, 0.6),
    "European Community": Country(None),
    "Finland": Country("FI", 61.5, 25.0, 1.0),
    "France": Country("FR", 46.8, 2.5, 1.2),
    "Germany": Country("DE", 50.9, 10.0, 1.2),
    "Greece": Country("GR", 39.3, 22.0, 0.4),
    "Hong Kong": Country("HK", 22.36, 114.12, 0.04),
    "Iceland": Country("IS", 64.8, -18.5, 0.6),
    "Israel": Country("IL", 32.0, 34.9, 0.1),
    "Italy": Country("IT", 43.3, 11.8, 0.5),
    "Japan": Country("JP", 36.0, 138.8, 0.6),
    "Lebanon": Country("LB", 33.9, 35.75, 0.15),
    "Lithuania": Country("LT", 55.3, 23.8, 0.6),
    "Malta": Country("MT", 35.89, 14.44, 0.03),
    "Netherlands": Country("NL", 52.1, 5.4, 0.3),
    "Norway": Country("NO", 61.0, 9.5, 0.8),
    "Poland": Country("PL", 52.0, 19.2, 1.2),
    "Portugal": Country("PT", 39.6, -8.1, 0.4),
    "RSA": Country("ZA", -28.0, 26.5, 1.0),
    "Saudi Arabia": Country("SA", 24.2, 45.0, 1.5),
    "Singapore": Country("SG", 1.355, 103.82, 0.04),
    "Spain": Country("ES", 40.2, -3.6, 1.2),
    "Sweden": Country("SE", 59.6, 15.3, 0.7),
    "Switzerland": Country("CH", 46.9, 7.9, 0.3),
    "USA": Country("US", 39.5, -95.0, 2.5),
    "United Arab Emirates": Country("AE", 24.2, 54.6, 0.4),
    "Unspecified": Country(None),
}
"""Every country of the file, under the name that the file uses."""

BRITISH_CITIES: tuple[City, ...] = (
    City("London", 51.51, -0.13),
    City("Birmingham", 52.48, -1.89),
    City("Manchester", 53.48, -2.24),
    City("Leeds", 53.80, -1.55),
    City("Glasgow", 55.86, -4.25),
    City("Liverpool", 53.40, -2.98),
    City("Edinburgh", 55.95, -3.20),
    City("Bristol", 51.46, -2.59),
    City("Sheffield", 53.38, -1.47),
    City("Cardiff", 51.48, -3.18),
    City("Newcastle upon Tyne", 54.98, -1.61),
    City("Belfast", 54.60, -5.93),
)
"""Buyers of the United Kingdom are spread over these."""
CITY_SPREAD = 0.05
