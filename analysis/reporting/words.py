"""The few words that the pipeline itself puts into a document, by language, and dates as documents write them."""

from __future__ import annotations

import datetime

_WORDS = {
    "en": {
        "figure": "Figure", "table": "Table", "summary": "Summary", "contents": "Contents", "figures": "Figures",
        "tables": "Tables", "cite": "How to cite", "as of": "As of", "data": "data version", "page": "Page", "of": "of",
        "notes": "Notes", "top": "Skip to the text", "continued": "continued",
    },
    "nl": {
        "figure": "Figuur", "table": "Tabel", "summary": "Samenvatting", "contents": "Inhoud", "figures": "Figuren",
        "tables": "Tabellen", "cite": "Zo citeert u dit", "as of": "Stand op", "data": "gegevensversie",
        "page": "Pagina", "of": "van", "notes": "Noten", "top": "Naar de tekst", "continued": "vervolg",
    },
}  # fmt: skip
_MONTHS = {
    "en": "January February March April May June July August September October November December".split(),
    "nl": "januari februari maart april mei juni juli augustus september oktober november december".split(),
}


def word(name: str, language: str) -> str:
    """A word of the document in its language; English where there is no other."""
    return _WORDS.get(language[:2].lower(), _WORDS["en"])[name]


def long_date(date: str, language: str) -> str:
    """``2026-07-23`` as ``23 July 2026``; anything that is no date stays as it is."""
    try:
        day = datetime.date.fromisoformat(date)
    except ValueError:
        return date
    return f"{day.day} {_MONTHS.get(language[:2].lower(), _MONTHS['en'])[day.month - 1]} {day.year}"


def epoch(date: str) -> int:
    """Seconds since 1970 of noon (UTC) on the day; of 1 January 2000 where there is no date after 1980.

    Files that must carry a time carry this one, so that the same inputs give the same bytes.
    """
    try:
        day = datetime.date.fromisoformat(date)
    except ValueError:
        day = datetime.date(2000, 1, 1)
    if day.year < 1981:
        day = datetime.date(2000, 1, 1)
    return int(datetime.datetime(day.year, day.month, day.day, 12, tzinfo=datetime.UTC).timestamp())
