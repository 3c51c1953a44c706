"""Agreement between codings of the same statements.

Krippendorff's alpha is 1 - Do/De, observed over expected disagreement: 1 when coders never differ, 0 when they agree as
by chance (K. Krippendorff, *Content Analysis*, 2nd ed. 2004, ch. 11). Per frame the question is whether the frame is present
(nominal); for whole sets of frames the distance is MASI (R. Passonneau, LREC 2006): 1 - J x M, with J the share of frames in
common and M = 1 for equal sets, 2/3 where one holds the other, 1/3 where they overlap, 0 where nothing is common.

Between passes made by the same hands agreement is *consistency*; the words inter-coder reliability are kept for human
coders who import codings of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import TypeVar

import numpy as np
import pandas as pd

from analysis.encoding.forms import Statement
from analysis.encoding.library import Library

V = TypeVar("V", bound=Hashable)
Frames = frozenset[str]
Codings = dict[str, dict[str, tuple[str, ...]]]  # statement -> coder -> frames, dominant first
#: Resamples of a bootstrap interval, and its seed: the same data give the same interval.
RESAMPLES, SEED = 2000, 20261122


def codings(
    statements: Sequence[Statement], coders: Sequence[str] = ("first", "second"), coded_from: str | None = None
) -> Codings:
    """Frames by statement and coder, for statements that all ``coders`` coded.

    ``coded_from`` keeps only statements whose codings were all made from "source", or all at least partly from a
    "paraphrase".
    """
    found: Codings = {}
    for s in statements:
        if not all(c in s.codes for c in coders):
            continue
        origins = {s.codes[c].from_ for c in coders}
        if coded_from == "source" and origins != {"source"}:
            continue
        if coded_from == "paraphrase" and "paraphrase" not in origins:
            continue
        found[s.id] = {c: tuple(s.codes[c].frames) for c in coders}
    return found


def masi(a: Frames, b: Frames) -> float:
    """MASI distance of two sets, 0 (equal) to 1 (nothing in common); two empty sets are equal."""
    if a == b:
        return 0.0
    common = len(a & b)
    if not common:
        return 1.0
    nesting = 2 / 3 if a <= b or b <= a else 1 / 3
    return 1.0 - common / len(a | b) * nesting


def nominal(a: Hashable, b: Hashable) -> float:
    return 0.0 if a == b else 1.0


def alpha(units: Sequence[Sequence[V]], distance: Callable[[V, V], float] = nominal) -> float | None:
    """Krippendorff's alpha for units with two or more values each; units with fewer count for nothing.

    None when there is nothing to compare, or when all values are the same (alpha is then undefined).
    """
    usable = [u for u in units if len(u) > 1]
    if not usable:
        return None
    values = list(dict.fromkeys(v for u in usable for v in u))
    index = {v: n for n, v in enumerate(values)}
    apart = np.array([[distance(a, b) for b in values] for a in values])
    return _alpha(np.array([_coincidences(u, index) for u in usable]), apart)


def _coincidences(unit: Sequence[V], index: Mapping[V, int]) -> np.ndarray:
    """The coincidence matrix of one unit: pairs of values of different coders, weighted by 1 / (m - 1)."""
    size = len(index)
    matrix = np.zeros((size, size))
    weight = 1 / (len(unit) - 1)
    for i, a in enumerate(unit):
        for j, b in enumerate(unit):
            if i != j:
                matrix[index[a], index[b]] += weight
    return matrix


def _alpha(matrices: np.ndarray, apart: np.ndarray) -> float | None:
    together = matrices.sum(axis=0)
    totals = together.sum(axis=1)
    n = totals.sum()
    expected = float(totals @ apart @ totals) / (n - 1) if n > 1 else 0.0
    if expected == 0:
        return None
    return 1.0 - float((together * apart).sum()) / expected


def interval(units: Sequence[Sequence[V]], distance: Callable[[V, V], float] = nominal) -> tuple[float, float] | None:
    """95 % percentile interval of alpha by resampling units (2,000 resamples, fixed seed); None where alpha is undefined."""
    usable = [u for u in units if len(u) > 1]
    if alpha(usable, distance) is None:
        return None
    values = list(dict.fromkeys(v for u in usable for v in u))
    index = {v: n for n, v in enumerate(values)}
    apart = np.array([[distance(a, b) for b in values] for a in values])
    # Units with the same values are one kind: resampling draws how often each kind occurs.
    kinds: dict[bytes, int] = {}
    matrices: list[np.ndarray] = []
    counts: list[int] = []
    for unit in usable:
        matrix = _coincidences(unit, index)
        key = matrix.tobytes()
        if key not in kinds:
            kinds[key] = len(matrices)
            matrices.append(matrix)
            counts.append(0)
        counts[kinds[key]] += 1
    stack = np.array(matrices)
    draws = np.random.default_rng(SEED).multinomial(len(usable), np.array(counts) / len(usable), size=RESAMPLES)
    together = np.tensordot(draws, stack, axes=1)
    totals = together.sum(axis=2)
    n = totals.sum(axis=1)
    expected = np.einsum("ri,ij,rj->r", totals, apart, totals) / (n - 1)
    observed = (together * apart).sum(axis=(1, 2))
    sound = expected > 0
    if not sound.any():
        return None
    alphas = 1 - observed[sound] / expected[sound]
    low, high = np.percentile(alphas, [2.5, 97.5])
    return float(low), float(high)


def table(found: Codings, frames: Sequence[str], parents: Mapping[str, str | None] | None = None) -> pd.DataFrame:
    """Agreement per frame, for whole sets and for the dominant frame.

    ``parents`` adds each parent frame as a row that is present when any of its sub-codes is. Columns: measure (frame id, "set"
    or "dominant"), units, present (codings with the frame), agreement (share of units on which all coders agree, 0 to 1), alpha,
    low, high (95 % bootstrap interval over units; None where undefined).
    """
    rows = []
    units = [list(by.values()) for by in found.values()]
    parents = dict(parents or {})

    def row(name: str, coded: list[list[V]], present: int | None, distance: Callable[[V, V], float] = nominal) -> None:
        span = interval(coded, distance)
        rows.append(
            {
                "measure": name,
                "units": len(coded),
                "present": present,
                "agreement": sum(len(set(u)) == 1 for u in coded) / len(coded) if coded else None,
                "alpha": alpha(coded, distance),
                "low": span[0] if span else None,
                "high": span[1] if span else None,
            }
        )

    row("set", [[frozenset(c) for c in u] for u in units], None, masi)
    row("dominant", [[c[0] if c else "" for c in u] for u in units], None)
    for frame in frames:
        subs = {frame} | {f for f, p in parents.items() if p == frame}
        coded = [[bool(subs & set(c)) for c in u] for u in units]
        present = sum(v for u in coded for v in u)
        if present:
            row(frame, coded, present)
    return pd.DataFrame(rows, columns="measure units present agreement alpha low high".split())


def confusion(found: Codings, a: str = "first", b: str = "second") -> pd.DataFrame:
    """How dominant frames of two coders meet. Columns: a, b, statements (a and b as coded; "" for no frame)."""
    pairs: dict[tuple[str, str], int] = {}
    for by in found.values():
        key = (by[a][0] if by[a] else "", by[b][0] if by[b] else "")
        pairs[key] = pairs.get(key, 0) + 1
    rows = sorted(((x, y, n) for (x, y), n in pairs.items()), key=lambda r: (-r[2], r[0], r[1]))
    return pd.DataFrame(rows, columns=["a", "b", "statements"])


def disagreements(library: Library, found: Codings, a: str = "first", b: str = "second") -> pd.DataFrame:
    """Statements that two coders coded differently, with both codes and the ruling.

    Columns: id, paraphrase, document, pinpoint, a (frames), b (frames), agreed (frames or ""), ruling, file.
    """
    by_id = {s.id: s for s in library.statements}
    rows = []
    for name, by in found.items():
        if set(by[a]) == set(by[b]) and by[a][:1] == by[b][:1]:
            continue
        s = by_id[name]
        rows.append(
            {
                "id": name,
                "paraphrase": s.paraphrase,
                "document": s.document,
                "pinpoint": s.pinpoint,
                "a": ", ".join(by[a]) or "none",
                "b": ", ".join(by[b]) or "none",
                "agreed": ", ".join(s.codes["agreed"].frames) if "agreed" in s.codes else "",
                "ruling": s.ruling or "",
                "file": s.place,
            }
        )
    return pd.DataFrame(rows, columns="id paraphrase document pinpoint a b agreed ruling file".split())
