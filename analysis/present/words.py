"""Words for readers: dates, lists, counts, and the marks for how well something is supported."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from analysis.protocol import escape

_MONTHS = {
    "en": "January February March April May June July August September October November December".split(),
    "nl": "januari februari maart april mei juni juli augustus september oktober november december".split(),
}
_SMALL = "no one two three four five six seven eight nine ten eleven twelve".split()

#: Mark beside anything whose support is thin, and what it means.
GRADE_MARKS = {"official": "", "secondary": "‡", "unverified": "†"}
GRADE_NOTES = {
    "‡": "‡ Supported by a secondary source; the official text was not compared.",
    "†": "† Not verified: check before relying on it.",
}

SIDE_NAMES = {
    "us": "United States",
    "eu": "European Union",
    "nl": "Netherlands",
    "de": "Germany",
    "uk": "United Kingdom",
    "un": "United Nations",
    "wassenaar": "Wassenaar Arrangement",
    "other": "Others",
}

#: What a stance argues, for readers.
STANCES = {
    "extend": "for control",
    "limit": "against or for less",
    "balance": "weighing",
    "relax": "easing",
    "describe": "describing",
}

#: Kinds of actors, for readers.
ACTOR_KINDS = {
    "legislator": "legislator",
    "executive": "government",
    "agency": "agency",
    "parliament": "parliament",
    "member": "members of parliament",
    "firm": "firms and industry",
    "industry": "industry bodies",
    "civil-society": "civil society",
    "scholar": "research",
    "press": "press",
    "court": "courts",
    "international": "international bodies",
}


def day(text: str, language: str = "en") -> str:
    """``2024-12-02`` as "2 December 2024"; partial dates as far as they go."""
    if not text:
        return ""
    parts = text.split("-")
    words = [parts[0]]
    if len(parts) > 1:
        words.insert(0, _MONTHS[language][int(parts[1]) - 1])
    if len(parts) > 2:
        words.insert(0, str(int(parts[2])))
    return " ".join(words)


def listed(items: Iterable[str], last: str = "and") -> str:
    """ "a, b and c"; "" for nothing."""
    words = [i for i in items if i]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def count(number: int, one: str, many: str = "") -> str:
    """ "no entries", "one entry", "12 entries"; numbers up to twelve in words."""
    word = _SMALL[number] if number < len(_SMALL) else f"{number:,}"
    return f"{word} {one if number == 1 else many or one + 's'}"


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def percent(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}".replace("%", " %")


def cite(name: str, pinpoint: str = "") -> str:
    """A citation in Pandoc's way for use inside Markdown text."""
    return f"[{source(name, pinpoint)}]"


def source(name: str, pinpoint: str = "") -> str:
    """One source within a citation. A semicolon would begin the next source, so a pinpoint has commas."""
    return f"@{name}, {escape(pinpoint.replace(';', ','))}" if pinpoint else f"@{name}"


def grade_mark(*grades: str) -> str:
    """The mark of the weakest of ``grades``."""
    order = list(GRADE_MARKS)
    known = [g for g in grades if g in GRADE_MARKS]
    return GRADE_MARKS[max(known, key=order.index)] if known else ""


def grade_notes(marks: Iterable[str]) -> list[str]:
    """The lines that explain the marks used, each once."""
    used = set("".join(marks))
    return [note for mark, note in GRADE_NOTES.items() if mark in used]


def some(items: Sequence[str], most: int, what: str = "more") -> str:
    """The first ``most`` items, and how many are left out."""
    shown = list(items[:most])
    left = len(items) - len(shown)
    return ", ".join(shown) + (f" and {left} {what}" if left else "")
