"""Redlines of short texts: exact both ways, mirrored, and substance told from wording."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.compare.redline import Piece, Redline, redline, tokens


def marked(line: Redline) -> str:
    """A redline as text: [-gone-]{+come+}."""
    signs = {"same": "{}", "deleted": "[-{}-]", "inserted": "{{+{}+}}"}
    return "".join(signs[p.kind].format(p.text) for p in line.pieces)


@pytest.mark.parametrize(
    ("old", "new", "shown", "substantive"),
    [
        (
            "Member States may apply it.",
            "Member States shall apply it.",
            "Member States [-may-]{+shall+} apply it.",
            True,
        ),
        ("with 34 qubits or more", "with 20 qubits or more", "with [-34-]{+20+} qubits or more", True),
        ("an overlay of 1.50 nm", "an overlay of 2.40 nm", "an overlay of [-1.50-]{+2.40+} nm", True),
        ("less than 5 nm", "less than or equal to 5 nm", "less than {+or equal to +}5 nm", True),
        ("below 5 nm in width", "above 5 nm in width", "[-below-]{+above+} 5 nm in width", True),
        ("a width of 5 nm", "a width of 5 µm", "a width of 5 [-nm-]{+µm+}", True),
        ("a gain of 5 dB", "a gain of -5 dB", "a gain of [-5-]{+-5+} dB", True),
        ("from 17 January on", "from 17 February on", "from 17 [-January-]{+February+} on", True),
        ("from 17 January on", "from 18 January on", "from [-17-]{+18+} January on", True),
        ("tools and parts", "tools or parts", "tools [-and-]{+or+} parts", True),
        ("big tools for chips", "large tools for chips", "[-big-]{+large+} tools for chips", False),
        ("tools for making chips", "tools for chips", "tools for [-making -]chips", False),
        ("tools for chips", "tools, for chips", "tools{+,+} for chips", False),
        ("ranges 5-10 here", "ranges 5-11 here", "ranges 5-[-10-]{+11+} here", True),
    ],
)
def test_one_change(old: str, new: str, shown: str, substantive: bool) -> None:
    line = redline(old, new)
    assert marked(line) == shown
    assert line.substantive is substantive
    assert line.changed
    assert not line.replaced


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("the “test” value", 'the "test" value'),
        ("it’s the operator’s", "it's the operator's"),
        ("5–10 nm", "5-10 nm"),
        ("−5 dB and more", "-5 dB and more"),
        ("5\u00a0nm wide", "5 nm wide"),
        ("5\u2009nm wide", "5 nm wide"),
        ("two  spaces\nand a line", "two spaces and a line"),
        ("ends here", "ends here "),
        ("", "  "),
    ],
)
def test_typography_only(old: str, new: str) -> None:
    """No substance; both forms are kept as they are."""
    line = redline(old, new)
    assert not line.substantive
    assert not line.replaced
    assert (line.rejected, line.accepted) == (old, new)


def test_nothing_changed() -> None:
    line = redline("Nothing new.", "Nothing new.")
    assert line.pieces == (Piece("same", "Nothing new."),)
    assert not line.changed
    assert not line.substantive


def test_typography_beside_a_change_is_kept_as_it_is() -> None:
    line = redline("the “test” of 5 nm", 'the "test" of 6 nm')
    assert (line.rejected, line.accepted) == ("the “test” of 5 nm", 'the "test" of 6 nm')
    assert line.substantive


def test_a_text_that_changed_wholly_is_replaced_and_no_confetti() -> None:
    old = "Tools that print patterns on wafers with light of short wavelengths."
    new = "Software specially written for modelling how layers grow, or how they etch."
    line = redline(old, new)
    assert line.replaced
    assert line.pieces == (Piece("deleted", old), Piece("inserted", new))


def test_something_out_of_nothing() -> None:
    assert redline("", "New.").pieces == (Piece("inserted", "New."),)
    assert redline("Old.", "").pieces == (Piece("deleted", "Old."),)
    assert redline("", "").pieces == ()
    assert not redline("", "New.").replaced


def test_neighbouring_words_make_one_change() -> None:
    line = redline("made of very pure isotopic silicon", "made of quite clean isotopic silicon")
    assert marked(line) == "made of [-very pure-]{+quite clean+} isotopic silicon"


def test_long_texts_are_exact() -> None:
    """difflib's shortcut distorts anything over 200 tokens; nothing is distorted here."""
    old = " ".join(f"word{n % 7} the of" for n in range(400))
    new = old.replace("word3 the of word4", "word3 the shall of word4", 1)
    line = redline(old, new)
    assert [p for p in line.pieces if p.kind != "same"] == [Piece("inserted", "shall ")]


# Words from few, so that pairs have much in common; and any text at all.
_WORDS = st.lists(
    st.sampled_from(
        ["may", "shall", "34", "20", "nm", "µm", "“a”", '"a"', "-5", "−5", "the", ",", ";", " ", "\u00a0", "\n"]
    ),
    max_size=30,
).flatmap(lambda words: st.sampled_from([" ".join(words), "".join(words)]))
_TEXTS = st.one_of(_WORDS, st.text(max_size=40))


@given(_TEXTS, _TEXTS)
def test_accepting_gives_the_new_text_and_rejecting_the_old(old: str, new: str) -> None:
    line = redline(old, new)
    assert line.accepted == new
    assert line.rejected == old


@given(_TEXTS, _TEXTS)
def test_b_against_a_mirrors_a_against_b(a: str, b: str) -> None:
    there, back = redline(a, b), redline(b, a)
    assert (there.substantive, there.replaced) == (back.substantive, back.replaced)
    other = {"same": "same", "deleted": "inserted", "inserted": "deleted"}
    assert sorted((p.kind, p.text) for p in there.pieces) == sorted((other[p.kind], p.text) for p in back.pieces)
    assert [p.text for p in there.pieces if p.kind == "same"] == [p.text for p in back.pieces if p.kind == "same"]


@given(_TEXTS, _TEXTS)
def test_what_went_stands_before_what_came_and_kinds_alternate(old: str, new: str) -> None:
    kinds = [p.kind for p in redline(old, new).pieces]
    for first, second in pairwise(kinds):
        assert first != second
        assert (first, second) != ("inserted", "deleted")
    assert all(p.text for p in redline(old, new).pieces)


@given(_TEXTS)
def test_a_text_against_itself(text: str) -> None:
    assert not redline(text, text).changed


@given(_TEXTS)
def test_tokens_are_the_text(text: str) -> None:
    assert "".join(tokens(text)) == text


@given(_WORDS, st.sampled_from(["may", "not", "17", "1.5", "unless"]), st.integers(0, 30))
def test_a_word_that_decides_is_always_substance(text: str, word: str, at: int) -> None:
    words = text.split()
    changed = " ".join([*words[:at], word, *words[at:]])
    assert redline(" ".join(words), changed).substantive
