"""Word-level redlines: what one text says that another did not, substance told apart from wording.

Accepting every change of ``redline(old, new)`` gives exactly ``new``, rejecting every change exactly ``old``. Typography
(quotation marks, dashes, kinds of space) is normalised for comparing and left as it is when shown. A paragraph that
changed almost wholly is shown as replaced, not as confetti.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["same", "deleted", "inserted"]

#: Below this share of words in common a text counts as replaced.
REPLACED = 0.35
_TOKEN = re.compile(r"\s+|(?:(?<![\w)\]])[-−])?\d+(?:[.,]\d+)*(?:[eE][+-]?\d+)?|[^\W\d_]+(?:['’-][^\W\d_]+)*|.", re.S)
_NUMBER = re.compile(r"^[-−]?\d")
_OPERATORS = {">=", "<=", ">", "<", "==", "="}
_DECISIVE = frozenset(
    """may shall must should can cannot will would could might need not no nor neither none without or and unless except
    excluding including only any all each every both either other than if until before after within less more fewer greater
    least most below above exceeding exceeds equal minimum maximum up january february march april june july august
    september october november december""".split()
)
_UNITS = frozenset(
    """nm µm um mm cm m km pm K mK °C C % mW µW uW W kW MW Hz kHz MHz GHz THz eV keV MeV V kV A mA s ms µs us ns ps h min bit
    bits kbit Mbit Gbit byte bytes kB MB GB TB dB dBm Pa kPa MPa bar torr g kg mg L ml mol mmol ppm rad krad Gy deg N kN J kJ
    qubit qubits day days month months year years hours minutes seconds percent""".split()
)
_NORMAL = str.maketrans(
    {"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "−": "-", "\u00a0": " ", "\u2009": " "}
)


@dataclass(frozen=True)
class Piece:
    """A run of text that stayed, went or came."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class Redline:
    pieces: tuple[Piece, ...]
    substantive: bool
    replaced: bool

    @property
    def changed(self) -> bool:
        return any(p.kind != "same" for p in self.pieces)

    @property
    def accepted(self) -> str:
        return "".join(p.text for p in self.pieces if p.kind != "deleted")

    @property
    def rejected(self) -> str:
        return "".join(p.text for p in self.pieces if p.kind != "inserted")


def tokens(text: str) -> list[str]:
    """Words, numbers, spaces and single signs; joined they give the text again."""
    return _TOKEN.findall(text)


def _key(token: str) -> str:
    normal = token.translate(_NORMAL)
    return " " if normal.isspace() else normal


def redline(old: str, new: str) -> Redline:
    """Compare two texts word by word (Indel distance of RapidFuzz: an exact longest common subsequence).

    ``redline(new, old)`` is the same with deleted and inserted exchanged.
    """
    if new < old:
        turned = _redline(new, old)
        return Redline(_mirrored(turned.pieces), turned.substantive, turned.replaced)
    return _redline(old, new)


def _mirrored(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Deleted and inserted exchanged, what went still before what came."""
    other: dict[Kind, Kind] = {"same": "same", "deleted": "inserted", "inserted": "deleted"}
    turned = [Piece(other[p.kind], p.text) for p in pieces]
    for n in range(len(turned) - 1):
        if turned[n].kind == "inserted" and turned[n + 1].kind == "deleted":
            turned[n], turned[n + 1] = turned[n + 1], turned[n]
    return tuple(turned)


def _redline(old: str, new: str) -> Redline:
    from rapidfuzz.distance import Indel

    a, b = tokens(old), tokens(new)
    keys_a, keys_b = [_key(t) for t in a], [_key(t) for t in b]
    words = [k for k in keys_a if k != " "], [k for k in keys_b if k != " "]
    if words[0] == words[1] and old != new:
        # Only typography differs: shown as one replacement so that accepting still gives the new text exactly.
        pieces = [p for p in (Piece("deleted", old), Piece("inserted", new)) if p.text]
        return Redline(tuple(pieces), substantive=False, replaced=False)
    alike = Indel.normalized_similarity(*words) if words[0] and words[1] else 0.0
    if old != new and alike < REPLACED:
        pieces = [p for p in (Piece("deleted", old), Piece("inserted", new)) if p.text]
        return Redline(tuple(pieces), substantive=True, replaced=bool(old and new))
    raw: list[Piece] = []
    for op in Indel.opcodes(keys_a, keys_b):
        gone, come = "".join(a[op.src_start : op.src_end]), "".join(b[op.dest_start : op.dest_end])
        if op.tag == "equal":
            raw += _kept(a[op.src_start : op.src_end], b[op.dest_start : op.dest_end])
        else:
            raw += [p for p in (Piece("deleted", gone), Piece("inserted", come)) if p.text]
    pieces = _joined(raw)
    return Redline(tuple(pieces), _substantive(pieces), replaced=False)


def _kept(a: Sequence[str], b: Sequence[str]) -> list[Piece]:
    """Tokens that compare equal; where their typography differs both forms are kept."""
    pieces: list[Piece] = []
    for old, new in zip(a, b, strict=True):
        if old == new:
            pieces.append(Piece("same", old))
        else:
            pieces += [Piece("deleted", old), Piece("inserted", new)]
    return pieces


def _joined(raw: list[Piece]) -> list[Piece]:
    """Neighbouring pieces of one kind joined; between two changes a lone space is drawn into them."""
    runs: list[tuple[str, str]] = []  # changes as (deleted, inserted); unchanged as (text, text) marked below
    kinds: list[bool] = []
    for piece in raw:
        changed = piece.kind != "same"
        if changed and kinds and kinds[-1]:
            gone, come = runs[-1]
            runs[-1] = (gone + piece.text, come) if piece.kind == "deleted" else (gone, come + piece.text)
        elif changed:
            runs.append((piece.text, "") if piece.kind == "deleted" else ("", piece.text))
            kinds.append(True)
        elif kinds and not kinds[-1]:
            runs[-1] = (runs[-1][0] + piece.text, runs[-1][0] + piece.text)
        else:
            runs.append((piece.text, piece.text))
            kinds.append(False)
    position = 1
    while position + 1 < len(runs):
        between = not kinds[position] and runs[position][0].isspace()
        if between and kinds[position - 1] and kinds[position + 1]:
            space = runs[position][0]
            left, right = runs[position - 1], runs[position + 1]
            runs[position - 1 : position + 2] = [(left[0] + space + right[0], left[1] + space + right[1])]
            kinds[position - 1 : position + 2] = [True]
        else:
            position += 1
    pieces: list[Piece] = []
    for changed, (gone, come) in zip(kinds, runs, strict=True):
        if not changed:
            pieces.append(Piece("same", gone))
            continue
        pieces += [p for p in (Piece("deleted", gone), Piece("inserted", come)) if p.text]
    return pieces


def _substantive(pieces: Sequence[Piece]) -> bool:
    """Whether numbers, units, operators, months or words that decide (may, shall, not, less, ...) came or went."""
    before = {"deleted": "", "inserted": ""}  # the word before, in the old and in the new text
    for piece in pieces:
        for token in tokens(piece.text):
            if token.isspace():
                continue
            if piece.kind == "same":
                before = {"deleted": token, "inserted": token}
                continue
            last, before[piece.kind] = before[piece.kind], token
            if _NUMBER.match(token) or token in _OPERATORS or token in "<>=≥≤" or token.lower() in _DECISIVE:
                return True
            if token in _UNITS and _NUMBER.match(last):
                return True
    return False
