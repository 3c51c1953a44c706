"""Runs of words that our texts share with official ones."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from analysis.encoding.library import Library
from analysis.encoding.yamlsource import Location

#: So many consecutive words are a sentence of somebody else's.
RUN = 10
#: Keys that hold our own sentences.
OURS = frozenset(
    "label scope note notes summary paraphrase definition text reason about savings ruling include exclude example conditions "
    "en title name".split()
)
#: A paragraph number is one word, however many dots it has.
_WORD = re.compile(r"[^\W_]+(?:\.[a-z0-9]{1,2}(?![^\W_]))*")


@dataclass(frozen=True)
class Sentence:
    place: str
    line: int
    text: str


def words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def our_sentences(library: Library) -> Iterator[Sentence]:
    """Every text of our own with its file and line."""
    for name, source in library.sources.items():
        for location, text in _leaves(source.data, ()):
            key = next((part for part in reversed(location) if isinstance(part, str)), "")
            if key in OURS and len(words(text)) >= RUN:
                yield Sentence(name, source.line(location), text)


def _leaves(data: Any, at: Location) -> Iterator[tuple[Location, str]]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _leaves(value, (*at, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from _leaves(value, (*at, number))
    elif isinstance(data, str):
        yield at, data


def shared(ours: Iterable[Sentence], official: Iterable[tuple[str, str]]) -> list[tuple[Sentence, str, str]]:
    """Sentences that share a run of words with an official text: sentence, name of the text, the words.

    Our runs are few and are kept; the official texts stream past them. A run that goes on is reported once, whole.
    """
    wanted: dict[int, list[tuple[Sentence, int]]] = {}
    tokens: dict[Sentence, list[str]] = {}
    for sentence in ours:
        tokens[sentence] = own = words(sentence.text)
        for n in range(len(own) - RUN + 1):
            wanted.setdefault(hash(tuple(own[n : n + RUN])), []).append((sentence, n))
    firsts = {hash(tuple(own[n : n + 2])) for own in tokens.values() for n in range(len(own) - RUN + 1)}
    found: dict[Sentence, tuple[str, set[int]]] = {}
    for name, text in official:
        stream = words(text)
        for n, pair in enumerate(pairwise(stream)):
            if hash(pair) not in firsts:
                continue
            run = tuple(stream[n : n + RUN])
            for sentence, at in wanted.get(hash(run), ()):
                if tuple(tokens[sentence][at : at + RUN]) == run:
                    found.setdefault(sentence, (name, set()))[1].add(at)
    made = []
    for sentence, (name, starts) in found.items():
        covered = sorted({k for at in starts for k in range(at, at + RUN)})
        made.append((sentence, name, " ".join(tokens[sentence][k] for k in covered)))
    return sorted(made, key=lambda m: (m[0].place, m[0].line))


def official_texts(folder: Path) -> Iterator[tuple[str, str]]:
    """Every running text of the folder of sources, by file."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.name == "README.md" or path.suffix == ".pdf" or re.match(r"us/2026-0(3-25|7-18)/", name):
            continue  # a note of ours; print of a text that is here as text; the same law as the later file
        if path.suffix == ".json":
            yield name, "\n".join(_strings(json.loads(path.read_text("utf-8"))))
        elif path.suffix == ".csv":
            csv.field_size_limit(10**9)
            with path.open(encoding="utf-8", newline="") as lines:
                yield name, "\n".join(cell for row in csv.reader(lines) for cell in row)
        elif path.suffix in (".xml", ".md", ".txt"):
            yield name, re.sub(r"<[^>]+>", " ", path.read_text("utf-8"))


def _strings(data: Any) -> Iterator[str]:
    for _, text in _leaves(data, ()):
        yield text
