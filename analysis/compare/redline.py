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
_TOKEN = re.compile(r"\s+|\d+(?:[.,]\d+)*(?:[eE][+-]?\d+)?|[^\W\d_]+(?:['’-][^\W\d_]+)*|.", re.S)
_NUMBER = re.compile(r"^\d")
_OPERATORS = {">=", "<=", ">", "<", "==", "="}
_MODALS = {
    "may",
    "shall",
    "must",
    "should",
    "can",
    "cannot",
    "not",
    "no",
    "or",
    "and",
    "unless",
    "except",
    "only",
    "any",
    "all",
}
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
    """Compare two texts word by word (Indel distance of RapidFuzz: an exact longest common subsequence)."""
    from rapidfuzz.distance import Indel

    a, b = tokens(old), tokens(new)
    keys_a, keys_b = [_key(t) for t in a], [_key(t) for t in b]
    if keys_a == keys_b and old != new:
        # Only typography differs: shown as one replacement so that accepting still gives the new text exactly.
        return Redline((Piece("deleted", old), Piece("inserted", new)), substantive=False, replaced=False)
    words = [k for k in keys_a if k != " "], [k for k in keys_b if k != " "]
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
    """Whether numbers, operators or modal words came or went."""
    for piece in pieces:
        if piece.kind == "same":
            continue
        for token in tokens(piece.text):
            if _NUMBER.match(token) or token in _OPERATORS or token in "<>=" or token.lower() in _MODALS:
                return True
    return False
