"""Concordance: which entries of one regime meet which of another, with the curated relation and the computed verdict."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.compare.scope import short
from analysis.encoding.library import Library
from analysis.present.bundles import TEXT_WIDTH, Figure
from analysis.present.style import FAINT, GREY, INK, PAPER, drawing, layer_style
from analysis.present.words import capital, count, day, grade_mark, grade_notes, listed

#: More pairs than this are split by topic.
MOST = 40
_FEW = 9
#: Style of the line and word of each relation, read from left to right.
_RELATIONS: dict[str, tuple[Any, float, str]] = {
    "exactMatch": ("-", 2.2, "same scope"),
    "closeMatch": ("-", 1.0, "nearly the same"),
    "narrowMatch": ((0, (6, 2)), 1.2, "left is broader"),
    "broadMatch": ((0, (2, 1.5)), 1.2, "right is broader"),
    "relatedMatch": (":", 1.0, "related"),
}
#: Sign and word of each verdict on the numbers.
_VERDICTS: dict[str, tuple[str, str]] = {
    "equal": ("=", "equal"),
    "wider": ("⊃", "left reaches further"),
    "narrower": ("⊂", "right reaches further"),
    "overlapping": ("∩", "each reaches further somewhere"),
    "disjoint": ("≠", "nothing in common"),
    "not-comparable": ("–", "no numbers to compare"),
    "cannot-say": ("?", "not encoded"),
}


_PULL = {"exactMatch": 8.0, "closeMatch": 4.0, "narrowMatch": 2.0, "broadMatch": 2.0, "relatedMatch": 0.1}
#: Verdicts that rest on no number.
_SILENT = frozenset({"not-comparable", "cannot-say"})


def concordance(
    library: Library,
    pairs: pd.DataFrame,
    name_a: str,
    name_b: str,
    as_of: str,
    *,
    id: str = "concordance",
    caption: str = "",
) -> list[Figure]:
    """Entries left and right, a line for each pair with the sign of its verdict; [] for no pairs.

    ``pairs`` as ``analysis.compare.scope.pairs`` gives them (or ``Scope.pairs``). More than ``MOST`` pairs are split by topic
    (top of the technology tree; small topics share a figure), and a larger topic by page, so that all stay readable.
    """
    if not len(pairs):
        return []
    parts = _split(library, pairs)
    made = []
    for number, (topic, part) in enumerate(parts, start=1):
        title = caption or f"Which entries of {name_a} and {name_b} meet"
        if len(parts) > 1:
            title += f": {topic}"
        own = id if len(parts) == 1 else f"{id}-{number}"
        made.append(_figure(part, name_a, name_b, as_of, own, title))
    return made


def _split(library: Library, pairs: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    if len(pairs) <= MOST:
        return [("", pairs)]
    words = library.vocabulary
    topics: list[str] = []
    for r in pairs.to_dict("records"):
        both = [t for t in (*r["technologies_a"], *r["technologies_b"]) if words.technologies.knows(t)]
        tops = [[words.technologies.id_of(t), *words.above(t)][-1] for t in both]
        topics.append(max(dict.fromkeys(tops), key=tops.count, default=""))
    made: list[tuple[list[str], pd.DataFrame]] = []
    for topic in [*(t for t in words.technologies if t in set(topics)), *([""] if "" in topics else [])]:
        part = _sorted(pairs[[t == topic for t in topics]])
        label = words.technologies[topic].label.en if topic else "other"
        if made and len(made[-1][1]) + len(part) <= MOST:
            made[-1] = ([*made[-1][0], label], pd.concat([made[-1][1], part]))
            continue
        pages = -(-len(part) // MOST)
        size = -(-len(part) // pages)
        for page in range(pages):
            name = label if pages == 1 else f"{label} ({page + 1} of {pages})"
            made.append(([name], part.iloc[page * size : (page + 1) * size]))
    # A handful of pairs stands with its neighbour where that has room.
    n = 0
    while n < len(made) - 1:
        (names, part), (more, rest) = made[n], made[n + 1]
        if min(len(part), len(rest)) < _FEW and len(part) + len(rest) <= MOST:
            made[n : n + 2] = [([*names, *more], pd.concat([part, rest]))]
        else:
            n += 1
    return [(listed(names), part) for names, part in made]


def _sorted(part: pd.DataFrame) -> pd.DataFrame:
    """In the order of the list: 3B001.d.2 before 3B001.d.10."""
    keys = [(r["layer_a"], natural(r["code_a"]), r["layer_b"], natural(r["code_b"])) for r in part.to_dict("records")]
    return part.iloc[sorted(range(len(part)), key=lambda n: keys[n])]


def natural(code: str) -> list[tuple[int, str]]:
    """A key that sorts codes as a list prints them."""
    return [(int(piece), "") if piece.isdigit() else (-1, piece) for piece in re.split(r"([0-9]+)", code)]


def _figure(part: pd.DataFrame, name_a: str, name_b: str, as_of: str, id: str, caption: str) -> Figure:
    part = _sorted(part)
    rows = part.to_dict("records")
    left = _places(rows, "a", {})
    right = _places(rows, "b", left)
    longest = max(len(left), len(right))
    height = 0.75 + 0.185 * max(longest, 4)
    with drawing(TEXT_WIDTH, height) as (fig, ax):
        _entries(ax, rows, "a", left, longest)
        _entries(ax, rows, "b", right, longest)
        signs: list[float] = []
        for r in rows:
            _line(ax, r, left[_key(r, "a")], right[_key(r, "b")], signs)
        ax.text(0.385, -0.9, name_a, ha="right", va="center", fontweight="bold", fontsize=8)
        ax.text(0.615, -0.9, name_b, ha="left", va="center", fontweight="bold", fontsize=8)
        ax.set_xlim(0, 1)
        ax.set_ylim(longest - 0.4, -1.5)
        ax.axis("off")
        fig.legend(handles=_handles(rows), loc="outside lower left", ncols=4, handlelength=2.2, columnspacing=1.2)
    marks = [grade_mark(r["grade"]) for r in rows if r["verdict"] not in _SILENT]
    return Figure(
        id,
        caption,
        _tell(rows, name_a, name_b),
        fig,
        [*_notes(rows, as_of), *(f"Numbers: {n}" for n in grade_notes(marks))],
    )


Key = tuple[str, str]


def _key(r: Mapping[str, Any], end: str) -> Key:
    return r[f"layer_{end}"], r[f"code_{end}"]


def _places(rows: Sequence[Mapping[str, Any]], end: str, other: Mapping[Key, int]) -> dict[Key, int]:
    """Row of each entry: in the order of the codes on the left, on the right near its partners."""
    if end == "a":
        return {key: n for n, key in enumerate(dict.fromkeys(_key(r, "a") for r in rows))}
    # Strong relations pull harder, so that their lines run straight.
    partners: dict[Key, list[tuple[int, float]]] = {}
    for r in rows:
        partners.setdefault(_key(r, "b"), []).append((other[_key(r, "a")], _PULL[r["relation"]]))
    wish = {key: sum(at * pull for at, pull in met) / sum(pull for _, pull in met) for key, met in partners.items()}
    order = sorted(partners, key=lambda k: (wish[k], natural(k[1])))
    if len(order) >= len(other):
        return {key: n for n, key in enumerate(order)}
    # Fewer on the right: each stands as near its partners as the order allows.
    places: dict[Key, int] = {}
    free = len(other) - len(order)
    at = -1
    for n, key in enumerate(order):
        at = min(max(round(wish[key]), at + 1), n + free)
        places[key] = at
    return places


def _entries(ax: Any, rows: Sequence[Mapping[str, Any]], end: str, places: Mapping[Key, int], longest: int) -> None:
    labels = {_key(r, end): str(r[f"label_{end}"]) for r in rows}
    several = len({layer for layer, _ in places}) > 1
    x, align, sign = (0.385, "right", -1) if end == "a" else (0.615, "left", 1)
    for number, (key, y) in enumerate(places.items()):
        colour, marker = layer_style(key[0], number if several else 0)
        name = "(no code)" if key[1].startswith("unnumbered/") else key[1]
        name = f"{short(key[0])} {name}" if several else name
        ax.plot([x + sign * 0.0 - sign * 0.012], [y], marker=marker, color=colour, markersize=4, zorder=4)
        ax.text(x + sign * 0.005, y, name, ha=align, va="center", fontsize=6.6, fontweight="bold")
        room = int((172 - 8 - 4.5 * len(name)) / 3.15)  # points of a column, of a bold and of a plain letter
        ax.text(
            0.0 if end == "a" else 1.0,
            y,
            textwrap.shorten(labels[key], max(room, 16), placeholder=" ...", break_on_hyphens=False),
            ha="left" if end == "a" else "right",
            va="center",
            fontsize=6,
            color=INK,
        )
        ax.axhline(
            y + 0.5,
            xmin=0 if end == "a" else 0.62,
            xmax=0.38 if end == "a" else 1,
            color=FAINT,
            linewidth=0.3,
            zorder=0,
        )


def _line(ax: Any, r: Mapping[str, Any], left: int, right: int, signs: list[float]) -> None:
    style, width, _ = _RELATIONS[r["relation"]]
    ax.plot([0.4, 0.6], [left, right], linestyle=style, linewidth=width, color=GREY, solid_capstyle="butt", zorder=2)
    # The sign stands where lines are still apart: near the entry that has fewer of them, moved along until it is free.
    sign, _ = _VERDICTS[r["verdict"]]
    share = 0.5
    for share in (0.5, 0.35, 0.65, 0.22, 0.78):
        y = left + share * (right - left)
        if all(abs(y - other) + 40 * abs(share - at) > 0.75 for other, at in _near(signs)):
            break
    y = left + share * (right - left)
    signs += [y, share]
    mark = grade_mark(r["grade"]) if r["verdict"] not in _SILENT else ""
    box = {"boxstyle": "circle,pad=0.12", "facecolor": PAPER, "edgecolor": GREY, "linewidth": 0.5}
    ax.text(0.4 + 0.2 * share, y, sign + mark, ha="center", va="center", fontsize=6, zorder=5, bbox=box)


def _near(signs: Sequence[float]) -> list[tuple[float, float]]:
    return list(zip(signs[::2], signs[1::2], strict=True))


def _handles(rows: Sequence[Mapping[str, Any]]) -> list[Any]:
    from matplotlib.lines import Line2D

    made: list[Any] = []
    used = {r["relation"] for r in rows}
    for name, (style, width, word) in _RELATIONS.items():
        if name in used:
            made.append(Line2D([], [], linestyle=style, linewidth=width, color=GREY, label=word))
    verdicts = {r["verdict"] for r in rows}
    for name, (sign, word) in _VERDICTS.items():
        if name in verdicts:
            marker = f"${sign}$" if sign in "=?" else "$–$" if sign == "–" else f"${_TEX[sign]}$"
            made.append(Line2D([], [], linestyle="", marker=marker, markersize=6, color=INK, label=word))
    return made


_TEX = {"⊃": r"\supset", "⊂": r"\subset", "∩": r"\cap", "≠": r"\neq"}


def _tell(rows: Sequence[Mapping[str, Any]], name_a: str, name_b: str) -> str:
    relations = [r["relation"] for r in rows]
    verdicts = [r["verdict"] for r in rows]
    said = [f"{relations.count(k)} {word}" for k, (_, _, word) in _RELATIONS.items() if k in relations]
    numbers = [f"{verdicts.count(k)} {word}" for k, (_, word) in _VERDICTS.items() if k in verdicts]
    lefts, rights = {_key(r, "a") for r in rows}, {_key(r, "b") for r in rows}
    return capital(
        f"{count(len(lefts), 'entry', 'entries')} of {name_a} on the left and {len(rights)} of {name_b} on the right, joined by "
        f"{count(len(rows), 'line')}. Relations: {listed(said)}. Numbers: {listed(numbers)}."
    )


def _notes(rows: Sequence[Mapping[str, Any]], as_of: str) -> list[Any]:
    words = [f"{sign} {word}" for k, (sign, word) in _VERDICTS.items() if any(r["verdict"] == k for r in rows)]
    return [
        f"As of {day(as_of)}. Lines are curated relations; the signs on them are computed from numbers and yes/no conditions "
        f"alone: {', '.join(words)}."
    ]
