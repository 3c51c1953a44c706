"""YAML read the careful way: everything stays text, every value keeps its line.

Nothing becomes a date, a number or a boolean behind the author's back (``NO``, ``on``, ``3E001`` and ``2024-12-02``
stay text); only an unquoted ``null``, ``~`` or nothing at all is ``None``. Duplicate keys, aliases and tags are errors.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import yaml

from analysis.encoding.problems import EncodingError, Problem

#: A path inside a document: keys of mappings, positions in lists.
Location = tuple[str | int, ...]

_CODE = re.compile(r"[0-9][A-E][0-9]{3}(\.|$)")
_NULL = {"", "~", "null", "Null", "NULL"}
# Raised when the meaning of cached parses changes.
_CACHE_FORM = "2"
#: No form nests deeper than a dozen levels.
DEEPEST = 40


class Source:
    """One YAML file: its data, and on demand the line of anything in it."""

    def __init__(self, path: Path, name: str, data: Any, record_lines: list[int], digest: str):
        self.path = path
        self.name = name
        self.data = data
        self.record_lines = record_lines
        self.digest = digest
        self._lines: dict[Location, int] | None = None

    def line(self, location: Location) -> int:
        """Line (from 1) of the value at ``location``, or of the nearest thing around it."""
        if self._lines is None:
            self._lines = _lines_of(self.path)
        while location:
            if location in self._lines:
                return self._lines[location]
            location = location[:-1]
        return self._lines.get((), 1)


def read_yaml(path: Path, name: str | None = None, cache: Path | None = None) -> Source:
    """Read one file.

    ``name`` is how messages call the file; ``cache`` a folder that keeps parses by content hash (it may be deleted at
    any time). Raises EncodingError with every problem of the file that reading alone can show.
    """
    name = name or str(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise EncodingError([Problem(name, 0, f"cannot be read ({error.strerror})", fix="check the file")]) from None
    digest = hashlib.sha256(raw).hexdigest()
    kept = cache / _kept_as(digest) if cache else None
    if kept is not None:
        with suppress(OSError, ValueError):
            data, lines = json.loads(kept.read_text("utf-8"))
            return Source(path, name, data, lines, digest)
    data, lines = _parse(raw, name)
    if kept is not None:
        with suppress(OSError):
            kept.parent.mkdir(parents=True, exist_ok=True)
            partial = kept.with_suffix(f".{os.getpid()}.part")
            partial.write_text(json.dumps([data, lines], ensure_ascii=False), "utf-8")
            partial.replace(kept)
    return Source(path, name, data, lines, digest)


def _kept_as(digest: str) -> str:
    return f"{digest[:32]}-{_CACHE_FORM}.json"


def prune(cache: Path, sources: Iterable[Source]) -> None:
    """Throw old parses away once they are many more than the files; a few editions back stay quick to read."""
    wanted = {_kept_as(source.digest) for source in sources}
    with suppress(OSError):
        there = [path for path in cache.iterdir() if path.name not in wanted]
        if len(there) > 8 * len(wanted):
            for path in there:
                path.unlink(missing_ok=True)


def _parse(raw: bytes, name: str) -> tuple[Any, list[int]]:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        problem = Problem(name, line, "is not UTF-8 text", fix="save the file as UTF-8")
        raise EncodingError([problem]) from None
    problems: list[Problem] = []
    with no_gc():
        data, lines = _build(text, name, problems)
    if problems:
        raise EncodingError(problems)
    return data, lines


def _build(
    text: str, name: str, problems: list[Problem], places: dict[Location, int] | None = None
) -> tuple[Any, list[int]]:
    """The data of a document, and the line of each entry of its outermost list.

    ``places`` is filled with the line of everything, when it is given. What libyaml refuses becomes one sentence.
    """
    parser = yaml.CSafeLoader(text)
    try:
        return _assemble(parser.get_event, name, problems, places)
    except yaml.MarkedYAMLError as error:
        # An open bracket or quotation mark is to be mended where it was opened, not where the parser gave up.
        block = str(error.context or "while parsing a block").startswith("while parsing a block")
        mark = (error.problem_mark if block else error.context_mark) or error.problem_mark
        line = mark.line + 1 if mark else 0
        what = f"broken YAML: {error.problem or error.context or 'cannot be read'}"
        raise EncodingError([Problem(name, line, what, fix="mend the indentation or quoting")]) from None
    except yaml.reader.ReaderError as error:
        line = text.encode()[: error.position].count(b"\n") + 1
        what = f"broken YAML: control character #x{int(error.character):04x}"
        raise EncodingError([Problem(name, line, what, fix="remove the character")]) from None
    except yaml.YAMLError as error:
        raise EncodingError([Problem(name, 0, f"broken YAML: {error}", fix="mend the file")]) from None
    finally:
        parser.dispose()


def _assemble(
    get_event: Callable[[], Any], name: str, problems: list[Problem], places: dict[Location, int] | None
) -> tuple[Any, list[int]]:
    """Put the events of a document together without recursion: neither depth nor aliases can exhaust anything."""
    scalar, alias = yaml.ScalarEvent, yaml.AliasEvent
    list_start, list_end = yaml.SequenceStartEvent, yaml.SequenceEndEvent
    map_start, map_end = yaml.MappingStartEvent, yaml.MappingEndEvent
    root: Any = None
    lines: list[int] = []
    inside: Any = None  # the list or mapping being filled
    key: str | None = None  # in a mapping: the key that waits for its value; None: a key comes next
    here: Location = ()
    outside: list[tuple[Any, str | None, Location]] = []  # the same for everything around it
    documents = 0

    def wrong(message: str, fix: str) -> None:
        problems.append(Problem(name, event.start_mark.line + 1, message, fix=fix))

    while True:
        event = get_event()
        kind = type(event)
        value: Any
        if kind is scalar:
            value = event.value
            if key is None and type(inside) is dict:
                if value in inside:
                    wrong(f"has the key '{value}' twice", "keep one of them")
                if event.tag is not None:
                    wrong(f"uses the YAML tag {event.tag}", "remove the tag")
                key = value
                if places is not None:
                    places[(*here, value)] = event.start_mark.line + 1
                continue
            if not event.style:
                if value in _NULL:
                    value = None
                elif "0" <= value[0] <= "9" and _CODE.match(value) and " " not in value:
                    wrong(f"code {value} is not quoted", f'write "{value}" in double quotes')
        elif kind is map_end or kind is list_end:
            inside, key, here = outside.pop()
            continue
        elif kind is map_start:
            value = {}
        elif kind is list_start:
            value = []
        elif kind is alias:
            wrong("uses a YAML alias (*)", "write the value out")
            value = None
        elif kind is yaml.StreamEndEvent:
            return root, lines
        else:
            if kind is yaml.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    wrong("holds a second document after '---'", "keep one list of records per file")
                    raise EncodingError(problems)
            continue
        if kind is not alias and event.tag is not None:
            wrong(f"uses the YAML tag {event.tag}", "remove the tag")
        place: Location = here
        if type(inside) is list:
            if len(outside) == 1:
                lines.append(event.start_mark.line + 1)
            if places is not None:
                place = (*here, len(inside))
            inside.append(value)
        elif inside is None:
            root = value
        elif key is None:
            wrong("has a key that is not a word", "use a plain word as key")
            key = ""
        else:
            if places is not None:
                place = (*here, key)
            inside[key], key = value, None
        if places is not None:
            places.setdefault(place, event.start_mark.line + 1)
        if kind is map_start or kind is list_start:
            outside.append((inside, key, here))
            inside, key, here = value, None, place
            if len(outside) > DEEPEST:
                wrong(f"is nested more than {DEEPEST} deep", "flatten the file")
                raise EncodingError(problems)


def _lines_of(path: Path) -> dict[Location, int]:
    places: dict[Location, int] = {}
    with suppress(OSError, UnicodeDecodeError, EncodingError), no_gc():
        _build(path.read_text("utf-8"), str(path), [], places)
    return places


@contextmanager
def no_gc() -> Iterator[None]:
    """Reading makes many small objects at once; the collector finds nothing there and doubles the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            if not gc.get_freeze_count():
                # Straight to the oldest generation: otherwise the next collection looks at all of it.
                gc.freeze()
                gc.unfreeze()
            gc.enable()
