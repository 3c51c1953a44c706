"""The whole of ``regimes/`` in memory, and a record of what was asked of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Generic, TypeVar

from analysis.encoding import forms
from analysis.encoding.problems import EncodingError, Problem, WorkbenchError, nearest
from analysis.encoding.reading import SINGLE, read_records
from analysis.encoding.units import KEPT
from analysis.encoding.yamlsource import Source, no_gc, prune, read_yaml

T = TypeVar("T")

REGIME_FILES = ("instruments", "provisions", "statements", "findings")
CONTEXT_FILES = ("documents", "statements", "events", "products", "literature")
VOCABULARY_FILES = (
    "technologies",
    "mechanisms",
    "frames",
    "quantities",
    "reasons",
    "actors",
    "destinations",
    "jurisdictions",
)


_NAMED = re.compile(r"^[-\s]*\{?(?:id|code):\s*[\"']?([^\"'\s,}]+)", re.M)


class UnknownName(WorkbenchError, KeyError):
    """A name that the encodings do not know; the text gives the nearest one that they do."""

    def __init__(self, what: str, name: str, names: Iterable[str]):
        names = list(names)
        near = nearest(name, names)
        hint = f"; nearest valid name: {near}" if near else ""
        few = f"; known: {', '.join(sorted(names))}" if not near and len(names) <= 12 else ""
        self.sentence = f"there is no {what} '{name}'{hint}{few}"
        super().__init__(self.sentence)

    def __str__(self) -> str:
        return self.sentence


class Table(dict[str, T], Generic[T]):
    """Records by id; looking one up also finds it by an alias, and a wrong name says which is nearest."""

    def __init__(self, what: str):
        super().__init__()
        self.what = what
        self.aliases: dict[str, str] = {}

    def add(self, key: str, record: T) -> None:
        self[key] = record
        for alias in getattr(record, "aliases", ()):
            self.aliases[alias] = key

    def __missing__(self, key: str) -> T:
        if key in self.aliases:
            return self[self.aliases[key]]
        raise UnknownName(self.what, key, self)

    def knows(self, key: str) -> bool:
        return key in self or key in self.aliases

    def id_of(self, key: str) -> str:
        """The id that ``key`` (an id or an alias) stands for; raises UnknownName."""
        if key in self:
            return key
        if key in self.aliases:
            return self.aliases[key]
        raise UnknownName(self.what, key, self)


@dataclass
class Vocabulary:
    """The words that encodings may use."""

    technologies: Table[forms.Technology] = field(default_factory=lambda: Table("technology"))
    mechanisms: Table[forms.Mechanism] = field(default_factory=lambda: Table("mechanism"))
    quantities: Table[forms.Quantity] = field(default_factory=lambda: Table("quantity"))
    reasons: Table[forms.Reason] = field(default_factory=lambda: Table("reason for control"))
    actors: Table[forms.Actor] = field(default_factory=lambda: Table("actor"))
    destinations: Table[forms.Destination] = field(default_factory=lambda: Table("destination"))
    jurisdictions: Table[forms.Jurisdiction] = field(default_factory=lambda: Table("jurisdiction"))
    codebook: forms.Codebook | None = None

    @cached_property
    def frames(self) -> Table[forms.Frame]:
        """The frames of the codebook by id, in its order."""
        table: Table[forms.Frame] = Table("frame")
        for frame in self.codebook.frames if self.codebook else ():
            table.add(frame.id, frame)
        return table

    def nodes(self, names: Iterable[str]) -> list[str]:
        """The ids of the technologies that ``names`` (ids or aliases) stand for; the check says which are unknown."""
        table = self.technologies
        return list(dict.fromkeys(table.id_of(name) for name in names if table.knows(name)))

    def children(self, technology: str) -> list[str]:
        """Direct children of a node, in the order of the file."""
        names = {technology, *self.technologies[technology].aliases}
        return [t.id for t in self.technologies.values() if t.parent in names]

    def under(self, technology: str) -> list[str]:
        """The node and everything below it, parents first."""
        found = [self.technologies.id_of(technology)]
        for node in found:
            found.extend(child for child in self.children(node) if child not in found)
        return found

    def tree(self) -> list[str]:
        """All nodes, each followed by what lies below it."""
        return list(dict.fromkeys(n for t in self.technologies.values() if t.parent is None for n in self.under(t.id)))

    def above(self, technology: str) -> list[str]:
        """What the node belongs to, nearest first."""
        found: list[str] = []
        parent = self.technologies[technology].parent
        while parent and self.technologies.knows(parent) and self.technologies.id_of(parent) not in found:
            found.append(self.technologies.id_of(parent))
            parent = self.technologies[parent].parent
        return found

    def leaves(self) -> list[str]:
        return [t for t in self.technologies if not self.children(t)]


class RegimeData:
    """Everything in one regime's folder. Reading a kind of record is noted by the library."""

    def __init__(self, meta: forms.Regime, log: Reads):
        self.meta = meta
        self._log = log
        self._instruments: Table[forms.Instrument] = Table("instrument")
        self._controls: Table[forms.Control] = Table("control")
        self._provisions: Table[forms.Provision] = Table("provision")
        self._statements: Table[forms.Statement] = Table("statement")
        self._findings: Table[forms.Finding] = Table("finding")

    @property
    def id(self) -> str:
        return self.meta.id

    @property
    def soft(self) -> bool:
        """Whether the regime is an arrangement or soft law: it has no statutes, so every kind of instrument counts."""
        return self.meta.kind in ("arrangement", "soft-law")

    @property
    def instruments(self) -> Table[forms.Instrument]:
        self._log.note(self.id, "instruments")
        return self._instruments

    @property
    def controls(self) -> Table[forms.Control]:
        self._log.note(self.id, "controls")
        return self._controls

    @property
    def provisions(self) -> Table[forms.Provision]:
        self._log.note(self.id, "provisions")
        return self._provisions

    @property
    def statements(self) -> Table[forms.Statement]:
        self._log.note(self.id, "statements")
        return self._statements

    @property
    def findings(self) -> Table[forms.Finding]:
        self._log.note(self.id, "findings")
        return self._findings


class Reads:
    """Which kinds of record of which folder were asked for, so that a report can name what it read."""

    def __init__(self) -> None:
        self.asked: set[tuple[str, str]] = set()

    def note(self, folder: str, kind: str) -> None:
        self.asked.add((folder, kind))


class Library:
    """All encodings. Use :func:`load` to make one."""

    def __init__(self, root: Path):
        self.root = root
        self.reads = Reads()
        self.sources: dict[str, Source] = {}
        self.problems: list[Problem] = []
        #: Ids and codes of records that could not be read: what names them is not wrong for that.
        self.unread: set[str] = set()
        self.vocabulary = Vocabulary()
        self._regimes: Table[RegimeData] = Table("regime")
        self._documents: Table[forms.Document] = Table("document")
        self._statements: Table[forms.Statement] = Table("statement")
        self._events: Table[forms.Event] = Table("event")
        self._products: Table[forms.Product] = Table("product")
        self._literature: Table[forms.Work] = Table("work")
        self._mappings: list[forms.Mapping] = []
        self._kinds: dict[str, tuple[str, str]] = {}
        self._instruments: dict[str, forms.Instrument] | None = None
        self._law: dict[str, dict[str, forms.Instrument]] = {}

    # -- what there is -------------------------------------------------------------------------------------

    @property
    def regimes(self) -> Table[RegimeData]:
        return self._regimes

    @property
    def documents(self) -> Table[forms.Document]:
        self.reads.note("context", "documents")
        return self._documents

    @property
    def context_statements(self) -> Table[forms.Statement]:
        self.reads.note("context", "statements")
        return self._statements

    @property
    def events(self) -> Table[forms.Event]:
        self.reads.note("context", "events")
        return self._events

    @property
    def products(self) -> Table[forms.Product]:
        self.reads.note("context", "products")
        return self._products

    @property
    def literature(self) -> Table[forms.Work]:
        self.reads.note("context", "literature")
        return self._literature

    @property
    def mappings(self) -> list[forms.Mapping]:
        self.reads.note("", "mappings")
        return self._mappings

    @property
    def statements(self) -> Iterator[forms.Statement]:
        """Every statement of every folder."""
        for regime in self._regimes.values():
            yield from regime.statements.values()
        yield from self.context_statements.values()

    # -- looking things up ---------------------------------------------------------------------------------

    def instrument(self, name: str) -> forms.Instrument:
        """The instrument of that id, in whatever regime it stands; raises UnknownName."""
        if self._instruments is None:
            self._instruments = {i: r for data in self._regimes.values() for i, r in data._instruments.items()}
        found = self._instruments.get(name)
        if found is None:
            for data in self._regimes.values():
                if data._instruments.knows(name):
                    found = data._instruments[name]
                    break
            else:
                raise UnknownName("instrument", name, self._instruments)
        self.reads.note(found.regime, "instruments")
        return found

    def instruments_for(self, regime: str) -> dict[str, forms.Instrument]:
        """The instruments that make the law of a regime, by id and alias.

        Its own, and those of other regimes that set a version of a control or act on an instrument of this one.
        """
        made = self._law.get(regime)
        if made is None:
            data = self._regimes[regime]
            own = data._instruments
            by = {v.by for control in data._controls.values() for v in control.versions}
            made = {}
            for other in self._regimes.values():
                for record in other._instruments.values():
                    names = [record.id, *record.aliases]
                    if other is data or by & set(names) or any(own.knows(e.on) for e in record.effects):
                        made.update(dict.fromkeys(names, record))
            self._law[regime] = made
        for folder in {record.regime for record in made.values()}:
            self.reads.note(folder, "instruments")
        return made

    def control(self, regime: str, code: str) -> forms.Control:
        return self.regimes[regime].controls[code]

    def find_controls(self, code: str) -> list[forms.Control]:
        """Every control of that code, in the order of the regimes: a code means nothing without its issuer."""
        return [data.controls[code] for data in self._regimes.values() if data.controls.knows(code)]

    def citable(self, name: str) -> forms.Instrument | forms.Document | forms.Work:
        """An instrument, a context document or a work of scholarship; raises UnknownName."""
        for table in (self._documents, self._literature):
            if table.knows(name):
                self.reads.note("context", "documents" if table is self._documents else "literature")
                return table[name]
        return self.instrument(name)

    def everything_citable(self) -> list[forms.Instrument | forms.Document | forms.Work]:
        """All instruments, documents and works, by id; to be listed as citable is not to be read."""
        found: list[forms.Instrument | forms.Document | forms.Work] = []
        for data in self._regimes.values():
            found += data._instruments.values()
        found += [*self._documents.values(), *self._literature.values()]
        return sorted(found, key=lambda record: record.id)

    # -- what was asked ------------------------------------------------------------------------------------

    @contextmanager
    def reading(self) -> Iterator[Reads]:
        """Note reads afresh inside the block (and still for the whole library)."""
        outer, self.reads = self.reads, Reads()
        for data in self._regimes.values():
            data._log = self.reads
        try:
            yield self.reads
        finally:
            outer.asked |= self.reads.asked
            self.reads = outer
            for data in self._regimes.values():
                data._log = outer

    def files_read(self, reads: Reads | None = None) -> dict[str, str]:
        """SHA-256 by file (relative path) of what was asked; the vocabulary always counts."""
        asked = (reads or self.reads).asked
        folders = {folder for folder, _ in asked}
        return {
            name: source.digest
            for name, source in self.sources.items()
            if self._kinds[name] in asked
            or self._kinds[name][0] == "vocabulary"
            or (self._kinds[name][1] == "regime" and self._kinds[name][0] in folders)
        }

    def _take(self, source: Source, folder: str, form: str) -> list[Any]:
        self.sources[source.name] = source
        self._kinds[source.name] = (folder, form)
        regime = folder if folder not in ("vocabulary", "context") else ""
        records, problems = read_records(source, form, regime)
        self.problems.extend(problems)
        if problems and isinstance(source.data, list):
            items = (item for item in source.data if isinstance(item, dict))
            self.unread |= {str(item[key]) for item in items for key in ("id", "code") if key in item}
        return records

    def _fill(self, table: Table[Any], records: list[Any], key: str = "id") -> None:
        for record in records:
            name = getattr(record, key)
            if name in table:
                first = table[name]
                where = f"{first.file}:{first.line}" if hasattr(first, "line") else "the same file"
                message = f"{key} '{name}' is used twice (first at {where})"
                self.problems.append(Problem(record.file, record.line, message, fix="give one of them another name"))
                continue
            table.add(name, record)
        for record in records:
            for alias in getattr(record, "aliases", ()):
                taken = table[alias] if alias in table else table.get(table.aliases[alias])
                if taken is not None and taken is not record:
                    message = f"alias '{alias}' also names {getattr(taken, key)} ({taken.file}:{taken.line})"
                    fix = "names are never reused; give the alias up"
                    self.problems.append(Problem(record.file, record.line, message, fix=fix))


def find_root(start: Path | None = None) -> Path:
    """The folder that holds ``regimes/``: here, above here, or the project that this package was installed from."""
    here = (start or Path.cwd()).resolve()
    project = Path(__file__).resolve().parents[2]
    for folder in (here, *here.parents, project):
        if (folder / "regimes" / "vocabulary").is_dir() or (folder == here and (folder / "regimes").is_dir()):
            return folder
    raise WorkbenchError(
        f"no folder 'regimes' at {here} or above it; change to the project's folder, or name it with --root"
    )


def load(root: Path | str | None = None, *, strict: bool = True, cache: bool = True) -> Library:
    """Read every file under ``regimes/``.

    ``root`` is the folder that holds ``regimes/``. With ``strict`` (what notebooks and reports use) any problem of
    reading raises EncodingError; otherwise problems are collected in ``library.problems`` and bad records left out.
    Relations between records are checked by ``analysis.encoding.check``.
    """
    base = Path(root) if root else find_root()
    folder = base / "regimes"
    if not folder.is_dir():
        raise WorkbenchError(f"there is no folder 'regimes' in {base}; name the project's folder with --root")
    if not any(folder.rglob("*.yaml")):
        raise WorkbenchError(f"the folder {folder} holds no YAML files; restore the encodings")
    library = Library(base)
    kept = base / ".cache" / "yaml"
    with no_gc():
        _read_all(library, folder, kept if cache else None)
    if cache:
        KEPT.open(kept.parent)
        prune(kept, library.sources.values())
    if strict and library.problems:
        raise EncodingError(library.problems)
    return library


def _read_all(library: Library, folder: Path, cache: Path | None) -> None:
    def source(path: Path) -> Source | None:
        try:
            return read_yaml(path, path.relative_to(library.root).as_posix(), cache)
        except EncodingError as error:
            library.problems.extend(error.problems)
            with suppress(OSError):
                library.unread |= set(_NAMED.findall(path.read_text("utf-8", "replace")))
            return None

    def take(path: Path, owner: str, form: str) -> list[Any]:
        if not path.exists():
            return []
        read = source(path)
        return library._take(read, owner, form) if read else []

    words = library.vocabulary
    for name in VOCABULARY_FILES:
        path = folder / "vocabulary" / f"{name}.yaml"
        if not path.exists():
            where = path.relative_to(library.root).as_posix()
            library.problems.append(Problem(where, 0, "is missing", fix="restore the file"))
        records = take(path, "vocabulary", name)
        if name == "frames":
            words.codebook = records[0] if records else None
        else:
            library._fill(getattr(words, name), records)
    for meta_path in sorted(folder.glob("*/regime.yaml")):
        owner = meta_path.parent.name
        records = take(meta_path, owner, "regime")
        if not records:
            continue
        data = RegimeData(records[0], library.reads)
        library._regimes.add(owner, data)
        for name in REGIME_FILES:
            library._fill(getattr(data, f"_{name}"), take(meta_path.parent / f"{name}.yaml", owner, name))
        for path in sorted((meta_path.parent / "controls").glob("*.yaml")):
            library._fill(data._controls, take(path, owner, "controls"), "code")
    for name in CONTEXT_FILES:
        library._fill(getattr(library, f"_{name}"), take(folder / "context" / f"{name}.yaml", "context", name))
    library._mappings.extend(take(folder / "mappings.yaml", "", "mappings"))
    _strangers(library, folder)


def _strangers(library: Library, folder: Path) -> None:
    """Files that nobody reads: a misspelt name would otherwise lose its records silently."""
    for path in sorted(folder.rglob("*.y*ml")):
        name = path.relative_to(library.root).as_posix()
        if name in library.sources or any(p.file == name for p in library.problems):
            continue
        owner = path.relative_to(folder).parts[0]
        if (folder / owner / "regime.yaml").exists() and owner not in library.regimes:
            continue  # said once, of regime.yaml
        home = folder / owner
        if home.is_dir() and owner not in ("vocabulary", "context", "schema") and not (home / "regime.yaml").exists():
            message, fix = f"stands in the folder '{owner}' that has no regime.yaml", "add regime.yaml"
        else:
            known = [*REGIME_FILES, *CONTEXT_FILES, *VOCABULARY_FILES, *SINGLE, "mappings"]
            near = nearest(path.stem, known)
            message, fix = "is read by nothing", f"rename or remove the file{f' ({near}.yaml?)' if near else ''}"
        library.problems.append(Problem(name, 0, message, fix=fix))
