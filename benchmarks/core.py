"""The core against its peers: commands, loading, redlines, verdicts on thresholds."""

from __future__ import annotations

import difflib
import importlib.util
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
#: Repetitions; the best counts, because what else the machine does only ever adds time.
TIMES = 5


@dataclass(frozen=True)
class Timing:
    """Seconds on the clock, and seconds of processor time (on a busy machine the two differ)."""

    wall: float
    work: float


@dataclass(frozen=True)
class Row:
    """One line of the table: what ours and a peer take (None: there is none), and what is aimed at, in seconds or times."""

    what: str
    ours: Timing
    peer: Timing | None = None
    peer_name: str = ""
    at_most: float | None = None
    at_least: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times faster than the peer."""
        return self.peer.wall / self.ours.wall if self.peer is not None else None

    @property
    def met(self) -> bool | None:
        """Whether the aim is met; None where there is none."""
        if self.at_most is not None:
            return self.ours.wall < self.at_most
        return self.ratio >= self.at_least if self.at_least is not None and self.ratio is not None else None


def best(task: Callable[[], object], times: int = TIMES) -> Timing:
    """The quickest of ``times`` runs, child processes included."""
    found = []
    for _ in range(times):
        start, before = time.perf_counter(), sum(os.times()[:4])
        task()
        found.append(Timing(time.perf_counter() - start, sum(os.times()[:4]) - before))
    return Timing(min(t.wall for t in found), min(t.work for t in found))


def commands() -> Iterator[Row]:
    """Wall time of the command as a user feels it, process start included; the first run warms what is kept."""
    for words, limit in ((["--help"], 0.3), (["check"], 1.0)):
        command = [sys.executable, "-c", "from analysis.cli import main; main()", "--root", str(ROOT), *words]

        def run(command: list[str] = command) -> None:
            subprocess.run(command, capture_output=True, check=False)

        run()
        yield Row(f"regimes {' '.join(words)}", best(run), at_most=limit)


def loading() -> Iterator[Row]:
    """All encodings, with and without kept parses, against PyYAML's own safe loader and the same validation."""
    from analysis.encoding.library import load

    library = load(ROOT, strict=False)
    lines = sum(source.path.read_bytes().count(b"\n") for source in library.sources.values())
    peer = best(lambda: _naive(library.sources), 1)
    note = f"{lines} lines in {len(library.sources)} files"
    name = "yaml.safe_load and the same validation"
    warm, cold = best(lambda: load(ROOT, strict=False)), best(lambda: load(ROOT, strict=False, cache=False))
    yield Row("load all regimes, parses kept", warm, peer, name, at_most=0.5, note=note)
    yield Row("load all regimes, nothing kept", cold, peer, name, note=note)


def _naive(sources: dict[str, Any]) -> None:
    """What a first attempt would do: the documented call, one record after the other."""
    import yaml
    from pydantic import ValidationError

    from analysis.encoding.reading import FILE_FORMS, SINGLE

    for source in sources.values():
        form = "controls" if source.path.parent.name == "controls" else source.path.stem
        data = yaml.safe_load(source.path.read_text("utf-8"))
        for record in [data] if form in SINGLE else data or []:
            with suppress(ValidationError):  # an unquoted number is no text to PyYAML; the time is spent all the same
                FILE_FORMS[form].model_validate(record)


def redlines() -> Iterator[Row]:
    """Word-level redlines of every changed field of the shipped lists, and of texts of a whole page."""
    from analysis.compare.changes import FIELDS
    from analysis.compare.redline import redline, tokens
    from analysis.compare.wording import shown
    from analysis.encoding.library import load
    from analysis.encoding.sides import lives

    library = load(ROOT, strict=False)
    pairs: list[tuple[str, str]] = []
    scopes: list[str] = []
    for regime in library.regimes:
        for life in lives(library, regime):
            scopes += [s.scope for s in life.states if s.scope]
            for before, after in pairwise(life.states):
                for field in FIELDS:
                    a, b = shown(before, field), shown(after, field)
                    if a and b and a != b:
                        pairs.append((a, b))
    pages = [" ".join(scopes[n : n + 20]) for n in range(0, 400, 20)]
    long = [(page, " ".join(w for k, w in enumerate(page.split()) if k % 9)) for page in pages]

    def peer(texts: Sequence[tuple[str, str]]) -> None:
        for a, b in texts:
            difflib.SequenceMatcher(None, tokens(a), tokens(b), autojunk=False).get_opcodes()

    def ours(texts: Sequence[tuple[str, str]]) -> None:
        for a, b in texts:
            redline(a, b)

    for what, texts in (("changed fields", pairs), ("pages", long)):
        words = sum(len(tokens(a)) + len(tokens(b)) for a, b in texts) // max(1, 2 * len(texts))
        note = f"{len(texts)} pairs of {words} tokens on average"
        theirs = best(lambda t=texts: peer(t), 1 if what == "pages" else TIMES)  # type: ignore[misc]
        mine = best(lambda t=texts: ours(t))  # type: ignore[misc]
        yield Row(f"redline of {what}", mine, theirs, "difflib on the same tokens", at_least=1.0, note=note)


@lru_cache(maxsize=1)
def _oracle() -> ModuleType:
    """The judge that the tests hold verdicts against."""
    path = ROOT / "tests" / "compare" / "oracle.py"
    spec = importlib.util.spec_from_file_location("benchmark_oracle", path)
    assert spec is not None and spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = made
    spec.loader.exec_module(made)
    return made


def thresholds() -> Iterator[Row]:
    """Verdicts on pairs of random sets against trying every point of the grid that tells them apart."""
    from analysis.compare.thresholds import Measures, ThresholdSet, compare
    from analysis.encoding.forms import boxes
    from analysis.encoding.library import load

    oracle = _oracle()
    measures = Measures(load(ROOT / "tests" / "golden" / "small", cache=False).vocabulary.quantities)
    chance = random.Random(2026)
    units = {"overlay": "nm", "gain": "dB", "qubits": ""}

    def condition() -> str:
        quantity = chance.choice([*units, "euv"])
        if quantity == "euv":
            return f"euv == {chance.choice(['yes', 'no'])}"
        return f"{quantity} {chance.choice(['>=', '>', '<=', '<'])} {chance.randrange(9)} {units[quantity]}".strip()

    def made() -> Any:
        def lists(most: int, least: int) -> tuple[tuple[str, ...], ...]:
            return tuple(
                tuple(condition() for _ in range(chance.randint(1, 3))) for _ in range(chance.randint(least, most))
            )

        return oracle.Set(lists(3, 1), lists(1, 0))

    pairs = [(made(), made()) for _ in range(200)]
    pairs = [(a, b) for a, b in pairs if a.quantities & b.quantities]

    def cells(one: Any, name: str) -> ThresholdSet:
        def parsed(lists: Any) -> Any:
            return tuple(measures.cell(box) for box in boxes([list(c) for c in lists]))

        return ThresholdSet(name, parsed(one.boxes), parsed(one.taken))

    def ours() -> list[str]:
        return [compare(cells(a, "A"), cells(b, "B"), measures).verdict for a, b in pairs]

    def peer() -> list[str]:
        return [oracle.verdict(a, b, oracle.grid([a, b])) for a, b in pairs]

    assert ours() == peer(), "the verdicts differ"
    note = f"{len(pairs)} pairs, the same verdicts"
    yield Row(
        "threshold verdict with its sentence", best(ours), best(peer, 1), "trying points", at_least=1.0, note=note
    )


#: Every measurement of the table, by the word that asks for it.
PARTS: dict[str, Callable[[], Iterator[Row]]] = {
    "commands": commands,
    "loading": loading,
    "redlines": redlines,
    "thresholds": thresholds,
}
