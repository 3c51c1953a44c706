"""The official texts beside the project, cut into paragraphs that can be asked for by their label.

Nothing here knows the encodings. Each reader makes an ``Edition``: entries by code, each a list of paragraphs with the
full label (``3B001.f.1.b``), the kind (item, note, technical note) and the text as printed. What is damaged in which
extraction stands in the README of each folder of sources.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

CODE = re.compile(r"[0-9][A-E][0-9]{3}")
#: A paragraph label inside an entry, without the code: a, a.1, f.1.b ...
_LABEL = r"[a-z](?:\.(?:[0-9]{1,2}|[a-z]))*"


@dataclass(frozen=True)
class Paragraph:
    path: str
    kind: str  # item, note
    text: str

    @property
    def named(self) -> set[str]:
        """The labels of the own entry that a note speaks about."""
        code = self.path[:5]
        return {code + m.rstrip(".") for m in re.findall(rf"{code}((?:\.[a-z0-9]{{1,2}})*)", self.text)}


@dataclass
class Entry:
    code: str
    heading: str = ""
    paragraphs: list[Paragraph] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    rows: list[tuple[str, str]] = field(default_factory=list)
    definitions: str = ""

    @cached_property
    def paths(self) -> set[str]:
        return {p.path for p in self.paragraphs if p.kind == "item"} | {self.code}


@dataclass
class Edition:
    """One list as it stood on a day, in one extraction or several that complete each other."""

    name: str
    date: str
    decimal: str
    entries: dict[str, Entry]

    def has(self, path: str) -> bool:
        entry = self.entries.get(path[:5])
        return entry is not None and path in entry.paths

    def passage(self, path: str) -> list[str]:
        """The texts that speak about a paragraph: itself with what it contains, what contains it, and their notes."""
        entry = self.entries.get(path[:5])
        if entry is None:
            return []
        found = [entry.heading, entry.definitions]
        for p in entry.paragraphs:
            if p.kind == "item":
                about = related(p.path, path)
            else:
                named = p.named
                top = ".".join(path.split(".")[:2])
                hangs = p.path == entry.code or related(p.path, top)
                about = any(related(n, path) for n in named) if named else hangs
            if about:
                found.append(p.text)
        return [text for text in found if text]

    def provisions(self, path: str) -> list[str]:
        """As ``passage``, without the notes."""
        entry = self.entries.get(path[:5])
        if entry is None:
            return []
        return [entry.heading, *(p.text for p in entry.paragraphs if p.kind == "item" and related(p.path, path))]


def related(one: str, other: str) -> bool:
    """Whether one label is the other, contains it or lies in it."""
    return one == other or one.startswith(other + ".") or other.startswith(one + ".")


# ------------------------------------------------------------------------------------------------------------ US


def us_structured(path: Path) -> Edition:
    """The structured extraction: licence tables for all entries, items only for categories 1, 3, 4 and 5."""
    entries = {}
    for raw in json.loads(path.read_text("utf-8"))["entries"]:
        entry = Entry(raw["eccn"], raw["heading"] or "")
        entry.reasons = re.findall(r"\b[A-Z]{2}\b", raw["reasonForControl"] or "")
        entry.rows = [(row["control"], row["countryChart"]) for row in raw["countryChart"]]
        here = entry.code
        for item in raw.get("items") or ():
            label, text = item["paragraph"], item["text"]
            lost = re.match(rf"({_LABEL.replace('*', '+')})\.? (.+)", text) if label is None else None
            if lost:  # a label that the extraction left in the text
                label, text = lost.groups()
            if label and re.fullmatch(_LABEL, label):
                here = f"{entry.code}.{label}"
                entry.paragraphs.append(Paragraph(here, "item", text))
            else:
                entry.paragraphs.append(Paragraph(here, "note", text))
        entries[entry.code] = entry
    return Edition("CCL 2026-07-23, structured extraction", "2026-07-23", ".", entries)


_MARK = re.compile(
    r"(?<![\w./])(?:(?P<note>(?:Technical )?Notes?(?: [0-9]+)?(?: to (?:paragraph )?[0-9][A-E0-9.a-z, and]+?)?:"
    r"|N\.B\.(?: ?[0-9])?:)"
    rf"|(?P<label>{_LABEL})(?P<dot>\.{{0,2}}) (?=\S))"
)


def us_fulltext(path: Path, before: Edition) -> Edition:
    """The flattened extraction: paragraph breaks are lost and rebuilt from the labels.

    ``before`` is an edition with its breaks: where a label begins with the words that it had there, it is that
    paragraph and no line of a list inside a note.
    """
    entries = {}
    for raw in json.loads(path.read_text("utf-8"))["entries"]:
        entry = Entry(raw["eccn"], raw["heading"] or "", definitions=raw["related_definitions"] or "")
        old = before.entries.get(entry.code)
        opening = {p.path[6:]: opening_letters(p.text) for p in old.paragraphs if p.kind == "item"} if old else {}
        entry.paragraphs = list(cut(entry.code, raw["items_controlled"] or "", opening))
        entries[entry.code] = entry
    return Edition("CCL 2026-07-23, full-text extraction", "2026-07-23", ".", entries)


def opening_letters(text: str) -> str:
    return "".join(c for c in text[:60].lower() if c.isalnum())[:20]


def cut(code: str, text: str, opening: dict[str, str]) -> Iterator[Paragraph]:
    """Paragraphs of a flattened entry: a label counts where it begins as it did, or can follow the one before it."""
    here: list[str] = []  # label of the last item, in parts
    listed = ""  # last letter of a list inside the present note
    kind, start = "item", 0
    for mark in _MARK.finditer(text):
        if mark["note"]:
            nextkind, nexthere, listed_next = "note", here, ""
        else:
            parts = mark["label"].split(".")
            known = opening.get(mark["label"], "")
            same = bool(known) and opening_letters(text[mark.end() : mark.end() + 60]).startswith(known)
            if len(parts) == 1 and (not mark["dot"] or re.search(r"[0-9]\s?$", text[: mark.start()][-3:])):
                continue  # a word, or the unit of a number
            if same or _next_with_parts(here, parts, text[mark.end() : mark.end() + 300]):
                pass
            elif len(parts) == 1 and (known or (opening and kind == "note")):
                continue
            elif kind == "note" and len(parts) == 1:
                if (parts[0] == "a" and here) or (listed and ord(parts[0]) == ord(listed) + 1):
                    listed = parts[0]
                    continue
            if not same and not _follows(here, parts):
                continue
            nextkind, nexthere, listed_next = "item", parts, ""
        piece = text[start : mark.start()].strip()
        if piece:
            yield Paragraph(".".join([code, *here]), kind, piece)
        kind, here, listed = nextkind, nexthere, listed_next
        start = mark.end() if nextkind == "item" else mark.start()
    piece = text[start:].strip()
    if piece:
        yield Paragraph(".".join([code, *here]), kind, piece)


def _next_with_parts(before: list[str], after: list[str], text: str) -> bool:
    """Whether a letter comes right after the letter before it and has paragraphs of its own: no line of a list."""
    if not (before and len(after) == 1 and ord(after[0]) == ord(before[0]) + 1):
        return False
    return bool(re.search(rf"(?<![\w./]){after[0]}\.1\.? ", text))


def _follows(before: list[str], after: list[str]) -> bool:
    """Whether a label can come next in reading order: the first part of a deeper level, or a later one of the same."""
    if not before:
        return len(after) == 1 or all(p in "a1" for p in after[1:])
    if len(after) > len(before) and after[: len(before)] == before:
        return after[len(before)] in ("a", "1") and all(p in ("a", "1") for p in after[len(before) :])
    depth = next((n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), None)
    if depth is None or depth >= len(after):
        return False
    old, new = before[depth], after[depth]
    if old.isdigit() != new.isdigit():
        return False
    step = int(new) - int(old) if new.isdigit() else ord(new) - ord(old)
    return step > 0 and all(p in ("a", "1") for p in after[depth + 1 :])


def us_markdown(path: Path) -> Edition:
    """The extraction of 2025: one block per paragraph, notes in italics."""
    entries = {}
    for category in json.loads(path.read_text("utf-8")):
        for group in category["product_groups"]:
            for raw in group["eccn"]:
                code = {"ECCN": "3A069"}.get(raw["code"], raw["code"])
                if not CODE.fullmatch(code):
                    continue
                details = raw["details"].replace("](", " ").replace("[", "")
                entry = Entry(code, raw["description"])
                reasons = re.search(r"\*Reason for Control:\* *([A-Z, ]+)", details)
                entry.reasons = re.findall(r"\b[A-Z]{2}\b", reasons[1]) if reasons else []
                for row in re.findall(r"^\|(.+?)\|(.+?)\|", details, re.M):
                    if "applies" in row[0]:
                        entry.rows.append((row[0].strip(), row[1].strip()))
                start = r"^\*?Items:\*?" if re.search(r"^\*?Items:", details, re.M) else r"^(?=a\. )"
                before, items = (re.split(start, details, maxsplit=1, flags=re.M) + [""])[:2]
                entry.definitions = "".join(re.findall(r"Related Definitions:(.+)", before, re.S))
                entry.paragraphs = list(_blocks(code, items))
                entries[code] = entry
    return Edition("CCL of the first half of 2025", "2025-07-11", ".", entries)


def _blocks(code: str, items: str) -> Iterator[Paragraph]:
    here = code
    noted = False
    notes: list[Paragraph] = []
    blocks = re.split(r"\n\s*\n", items)
    for block, after in zip(blocks, [*blocks[1:], ""], strict=True):
        bare = block.strip().replace("*", "")
        label = re.match(rf"({_LABEL})(\.{{0,2}}) +(.+)", bare, re.S)
        if label and (label[2] or "." in label[1]):
            # Some labelled paragraphs are printed in italics like notes: they count where the label can come next.
            parts, before = label[1].split("."), here.split(".")[1:]
            plain = not block.strip().startswith("*")
            led = not (noted and len(parts) == 1) or _next_with_parts(before, parts, after.replace("*", ""))
            if plain or (_follows(before, parts) and led):
                here, noted = f"{code}.{label[1]}", False
                yield Paragraph(here, "item", label[3])
                continue
        if bare and (not noted or re.match(r"(Technical )?Notes?\b|N\.B\.", bare)):
            notes.append(Paragraph(here, "note", bare))
        elif bare:  # a line of the note before
            notes[-1] = Paragraph(notes[-1].path, "note", f"{notes[-1].text} {bare}")
        noted = noted or bool(bare)
    yield from notes


def together(name: str, *editions: Edition) -> Edition:
    """Extractions of the same issue laid together: what one has lost the other may have."""
    entries: dict[str, Entry] = {}
    for edition in editions:
        for code, entry in edition.entries.items():
            whole = entries.setdefault(code, Entry(code, entry.heading, [], entry.reasons, entry.rows))
            whole.paragraphs.extend(entry.paragraphs)
            whole.definitions = whole.definitions or entry.definitions
    return Edition(name, editions[0].date, editions[0].decimal, entries)


# ------------------------------------------------------------------------------------------------------------ EU


def eu_provisions(path: Path) -> Edition:
    """Annex I: one row per provision with its full label; notes repeat the label that they hang on."""
    entries: dict[str, Entry] = {}
    csv.field_size_limit(10**9)
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            entry = entries.setdefault(row["entry_code"], Entry(row["entry_code"]))
            kind = "item" if row["kind"] == "provision" else "note"
            text = row["text"]
            entry.paragraphs.append(Paragraph(row["path"].rstrip("."), kind, text))
    for entry in entries.values():
        entry.heading = next((p.text for p in entry.paragraphs if p.path == entry.code and p.kind == "item"), "")
    return Edition("Annex I, 2025-11-15", "2025-11-15", ",", entries)


#: Entries whose text the full-text extraction of 2026 has cut short (README).
CUT_SHORT = frozenset({"3A001", "3E003", "5D001"})
#: Entries that the structured extraction lost, or merged another one into (README): tables of 2025 instead.
MERGED = frozenset({"2B351", "2B352", "3D005", "3D006", "3E001", "3E002"})
