"""Quality of suggested pairs: hide each curated pair, rank the counterparts of both its entries, see where it comes.

    python -m benchmarks.suggestions [A B] [--fit]

Recall at k: the share of hidden pairs that stand among the first k suggestions for the entry (its other curated partners are
known and left out). Precision at k: the share of the first k suggestions that are curated pairs; with one true partner
per entry it cannot exceed 1/k. ``--fit`` also searches weights on four fifths of the pairs and measures them on
the last fifth, five times over, so that one sees how much the documented weights owe to these very pairs.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.compare.suggest import MIN_SCORE, WEIGHTS, Candidates, Code, Matrix, curated, values, weigh
from analysis.compare.thresholds import Measures
from analysis.encoding.library import Library, load
from analysis.encoding.sides import resolve

AS_OF = "2026-11-22"
AT = (1, 3, 5)
#: Recall at three suggestions per entry that is aimed at, and for which two lists.
AIM = 0.9
AIMED = {"us-ear", "eu-dual-use"}
Pairs = Sequence[tuple[int, int]]


@dataclass(frozen=True)
class Task:
    """Two sides with the curated pairs between entries that are in force, by position."""

    a: str
    b: str
    ones: Candidates
    twos: Candidates
    parts: dict[str, Matrix]
    pairs: list[tuple[int, int]]
    seconds: float

    @property
    def renamed(self) -> list[tuple[int, int]]:
        """The pairs whose codes differ in more than the series: those that a reader would not find by the code."""
        return [(i, j) for i, j in self.pairs if not _sisters(self.ones.codes[i], self.twos.codes[j])]


def _sisters(one: Code | None, two: Code | None) -> bool:
    if one is None or two is None:
        return False
    return (one.category, one.group, one.number, one.path) == (two.category, two.group, two.number, two.path)


def task(library: Library, a: str, b: str, as_of: str = AS_OF) -> Task:
    start = time.perf_counter()
    measures = Measures(library.vocabulary.quantities)
    mine, theirs = resolve(library, a, as_of).listed, resolve(library, b, as_of).listed
    at_a = {(x.layer, x.code): n for n, x in enumerate(mine)}
    at_b = {(x.layer, x.code): n for n, x in enumerate(theirs)}
    known = curated(library, as_of)
    pairs = sorted((at_a[one], at_b[two]) for one, two in known if one in at_a and two in at_b)
    ones = Candidates(mine, measures, library.vocabulary)
    twos = Candidates(theirs, measures, library.vocabulary)
    return Task(a, b, ones, twos, values(ones, twos), pairs, time.perf_counter() - start)


def ranks(scores: Matrix, pairs: Pairs, partners: Pairs) -> np.ndarray[Any, np.dtype[np.intp]]:
    """The place (from 0) of the second entry of each pair among the suggestions for the first.

    The other known partners of the first are left out; equal scores stand in the order of the file.
    """
    left = scores.copy()
    for i, j in partners:
        left[i, j] = -1.0
    rows, columns = (np.array([p[n] for p in pairs], dtype=np.intp) for n in (0, 1))
    mine = scores[rows, columns][:, None]
    before = np.arange(scores.shape[1])[None, :] < columns[:, None]
    place: np.ndarray[Any, np.dtype[np.intp]] = ((left[rows] > mine) | ((left[rows] == mine) & before)).sum(axis=1)
    return place


def quality(
    scores: Matrix, pairs: Pairs, at: int, least: float = MIN_SCORE, partners: Pairs | None = None
) -> tuple[float, float]:
    """Recall and precision at ``at`` suggestions per entry, over both directions; NaN where nothing was asked.

    ``partners`` are all curated pairs (those that are known while one is hidden).
    """
    known = partners or pairs
    hits = right = shown = 0
    for matrix, mine, whole in (
        (scores, list(pairs), list(known)),
        (scores.T, [p[::-1] for p in pairs], [p[::-1] for p in known]),
    ):
        for (i, j), place in zip(mine, ranks(matrix, mine, whole), strict=True):
            hits += int(place) < at and matrix[i, j] >= least
        curated_ = set(whole)
        for i in sorted({i for i, _ in mine}):
            first = [int(j) for j in np.argsort(-matrix[i], kind="stable")[:at] if matrix[i, j] >= least]
            right += sum((i, j) in curated_ for j in first)
            shown += len(first)
    asked = 2 * len(pairs)
    return hits / asked if asked else float("nan"), right / shown if shown else float("nan")


def report(library: Library, a: str = "us-ear", b: str = "eu-dual-use", *, fit: bool = False) -> list[str]:
    """What the benchmark prints, line by line."""
    one = task(library, a, b)
    total = weigh(one.parts, WEIGHTS)[1]
    lines = [
        f"suggestions {a} and {b} on {AS_OF}: {len(one.ones)} by {len(one.twos)} entries, {len(one.pairs)} curated pairs, "
        f"scored in {one.seconds:.1f} s"
    ]
    if not one.pairs:
        return [*lines, "  no curated pair to hide"]
    for name, pairs in (("all pairs", one.pairs), ("pairs with another number or paragraph", one.renamed)):
        cells = []
        for at in AT:
            recall, precision = quality(total, pairs, at, partners=one.pairs)
            cells.append(f"{at}: recall {recall:.3f}, precision {precision:.3f}")
        lines.append(f"  {name} ({len(pairs)}), at " + "; at ".join(cells))
    if {a, b} == AIMED:
        recall = quality(total, one.pairs, 3)[0]
        lines.append(f"  recall at 3 is {recall:.3f}; the aim is {AIM}: {'met' if recall >= AIM else 'MISSED'}")
    for least in (0.3, 0.45, 0.6):
        lines.append(f"  at a score of {least} or more: " + _first(total, one.pairs, least))
    if fit:
        lines += _fitted(one)
    return lines


def _first(total: Matrix, pairs: Pairs, least: float) -> str:
    """How often the best suggestion for an entry of A is a curated pair, among entries that have one."""
    partners: dict[int, set[int]] = {}
    for i, j in pairs:
        partners.setdefault(i, set()).add(j)
    best = total.argmax(axis=1)
    shown = [i for i in range(len(total)) if total[i, best[i]] >= least]
    judged = [i for i in shown if i in partners]
    right = sum(int(best[i]) in partners[i] for i in judged)
    return (
        f"{len(shown)} entries have a suggestion; of {len(judged)} with a curated partner the first is right for {right} "
        f"({right / len(judged):.3f})"
    )


def _fitted(one: Task, folds: int = 5, tries: int = 60) -> list[str]:
    """Weights searched without a fold and measured on it."""
    rng = np.random.default_rng(20261122)
    order = rng.permutation(len(one.pairs))
    names = list(WEIGHTS)
    options = [
        WEIGHTS,
        *({n: float(w) for n, w in zip(names, rng.dirichlet([4] * 6), strict=True)} for _ in range(tries)),
    ]
    totals = [weigh(one.parts, weights)[1] for weights in options]
    fixed, found = [], []
    for fold in range(folds):
        held = [one.pairs[n] for n in order[fold::folds]]
        rest = [one.pairs[n] for f in range(folds) if f != fold for n in order[f::folds]]
        best = max(range(len(options)), key=lambda n: (_goodness(totals[n], rest, one.pairs), -n))
        found.append(quality(totals[best], held, 3, 0.0, one.pairs)[0])
        fixed.append(quality(totals[0], held, 3, 0.0, one.pairs)[0])
    return [
        f"  held-out recall at 3, {folds} folds: weights searched on the rest {np.mean(found):.3f}, "
        f"documented weights {np.mean(fixed):.3f}"
    ]


def _goodness(total: Matrix, pairs: Pairs, partners: Pairs) -> float:
    """Recall at 1 and at 3 added up, for entries of A."""
    place = ranks(total, pairs, partners)
    return float(sum((place < at).mean() for at in (1, 3)))


def main(arguments: Sequence[str]) -> int:
    named = [a for a in arguments if not a.startswith("-")]
    a, b = (named + ["us-ear", "eu-dual-use"])[:2] if len(named) != 1 else (named[0], "eu-dual-use")
    lines = report(load(), a, b, fit="--fit" in arguments)
    print("\n".join(lines))
    return int(any("MISSED" in line for line in lines))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
