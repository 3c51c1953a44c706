"""Citations: instruments, documents and scholarship as CSL JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from analysis.encoding.forms import Document, Instrument, Work
from analysis.encoding.library import Library, UnknownName
from analysis.present.words import day

_TYPES = {
    "statute": "legislation",
    "regulation": "regulation",
    "delegated-act": "regulation",
    "order": "regulation",
    "notice": "regulation",
    "proposal": "bill",
    "amendments": "bill",
    "position": "bill",
    "mandate": "bill",
    "guidance": "report",
    "recommendation": "report",
    "report": "report",
    "letter": "personal_communication",
    "announcement": "webpage",
}
#: Kinds that a reader could mistake for law carry a word that says that they are not.
_NOT_LAW = {
    "proposal": "proposal",
    "amendments": "amendments to a proposal",
    "position": "position",
    "mandate": "negotiating mandate",
    "recommendation": "recommendation",
    "guidance": "guidance",
    "announcement": "announcement",
    "letter": "letter",
}
_DOCUMENT_TYPES = {
    "report": "report",
    "study": "report",
    "paper": "report",
    "speech": "speech",
    "press": "article-newspaper",
    "article": "article",
    "letter": "personal_communication",
}
#: Official citation, best first, and how the identifier is introduced.
_OFFICIAL = (
    ("fr", ""),
    ("oj", ""),
    ("stcrt", "Stcrt. "),
    ("kamerstuk", "Kamerstukken "),
    ("un", "UN Doc. "),
    ("usc", ""),
    ("cfr", ""),
    ("com", ""),
)
_NUMBERS = (("celex", "CELEX "), ("docket", "Docket "), ("bwb", ""))

#: Numbers by which the field knows a document that has no official series of its own.
_NUMBERED = re.compile(
    r"(H\.R\.|S\.|WK|ST|SI|NTE|BZ|E\.O\.|Stb\.|P\d_TA|T\d-|A\d-|B-|BGBl|BAnz|Bundestag|\d{4}/\d+/CFSP)"
)


def references(library: Library, names: Iterable[str] | None = None) -> list[dict[str, Any]]:
    """CSL items for ``names``, or for everything that could be cited; sorted by id."""
    if names is None:
        return [item(record) for record in library.everything_citable()]
    return [item(library.citable(name)) for name in sorted(set(names))]


def item(source: Instrument | Document | Work) -> dict[str, Any]:
    """One CSL item."""
    if isinstance(source, Work):
        return _work(source)
    made: dict[str, Any] = {"id": source.id, "title": source.title, "author": [{"literal": source.issuer}]}
    ids = dict(source.identifiers)
    official = next((p + _once(ids[k], p) for k, p in _OFFICIAL if k in ids), "")
    if not official and isinstance(source, Instrument) and _NUMBERED.match(ids.get("other", "")):
        official = ids["other"]
    if official:
        made["container-title"] = official
    number = next((p + ids[k] for k, p in _NUMBERS if k in ids), "") or ids.get("other", "")
    if number and number != official:
        made["number"] = number
    if source.url:
        made["URL"] = source.url
    if isinstance(source, Instrument):
        made["type"] = _TYPES[source.kind]
        made["title-short"] = short_name(source)
        if source.kind in _NOT_LAW:
            made["genre"] = _NOT_LAW[source.kind]
        issued = source.dates.published or source.dates.adopted or source.dates.effective or source.dates.applies
    else:
        made["type"] = _DOCUMENT_TYPES.get(source.kind, "webpage")
        if not made["type"].startswith("article"):
            made["title-short"] = f"{source.issuer}, {source.date[:4]}"
        issued = source.date
    if issued:
        made["issued"] = _issued(issued)
    return made


def _once(text: str, prefix: str) -> str:
    return text.removeprefix(prefix.strip()).strip() if prefix else text


def short_name(instrument: Instrument) -> str:
    """What tables and later notes call an instrument: its number where the field knows it by that."""
    ids = instrument.identifiers
    celex = ids.get("celex", "")
    if "fr" in ids:
        return ids["fr"].split(";")[0].split("-")[0]
    if len(celex) >= 9 and celex[0] == "3" and celex[5] in "RH":
        year, number = celex[1:5], str(int(celex[6:10]))
        word = "Regulation" if celex[5] == "R" else "Recommendation"
        if instrument.kind == "delegated-act":
            word = "Delegated Regulation"
        if int(year) < 2015:
            return f"{word} {number}/{year}"
        return f"{word} (EU) {year}/{number}"
    for key, prefix in (
        ("com", ""),
        ("stcrt", "Stcrt. "),
        ("kamerstuk", "Kamerstuk "),
        ("un", ""),
        ("usc", ""),
        ("cfr", ""),
    ):
        if key in ids:
            return prefix + _once(ids[key], prefix)
    if _NUMBERED.match(ids.get("other", "")):
        return re.split(r"; |, (?=as |\d+th)| \(|(?<=\d) INIT", ids["other"])[0]
    words = instrument.title.split()
    return " ".join(words[:7]) + (" ..." if len(words) > 7 else "")


def told(library: Library, text: str) -> str:
    """A sentence about law for readers: instruments by their short names, dates in words."""

    def named(match: re.Match[str]) -> str:
        try:
            one = library.instrument(match.group(1))
        except UnknownName:
            return match.group()
        name = short_name(one)
        if name.endswith("..."):
            name = f"{one.issuer}, {one.kind.replace('-', ' ')} of {day(one.dates.first)}"
        return f"by {name}"

    text = re.sub(r"\bby ([a-z0-9][a-z0-9-]*[a-z0-9])", named, text)
    return re.sub(r"\b\d{4}-\d{2}-\d{2}\b(?!-)", lambda m: day(m.group()), text)


def set_label(library: Library, document: str, genre: str) -> str:
    """A complete set in charts and tables: the short name of its document and what its units are."""
    source = library.citable(document)
    name = short_name(source) if isinstance(source, Instrument) else source.title
    return f"{name}, {genre.replace('-', ' ')}"


def _issued(text: str) -> dict[str, Any]:
    return {"date-parts": [[int(p) for p in text.split("-")]]}


def _work(work: Work) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, info in type(work).model_fields.items():
        value = getattr(work, name)
        key = info.alias or name
        if key in ("evidence", "issued", "author", "editor") or not value:
            continue
        made[key] = value
    for key in ("author", "editor"):
        names = [n.model_dump(exclude_none=True) for n in getattr(work, key)]
        if names:
            made[key] = names
    if work.issued:
        made["issued"] = _issued(work.issued)
    return made
