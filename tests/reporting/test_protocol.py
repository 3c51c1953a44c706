"""Data values in Markdown: they read as they are and start nothing."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import HOSTILE

from analysis.protocol import clean, escape
from analysis.reporting.inert import inert
from analysis.reporting.pandoc import read_markdown
from analysis.reporting.tree import text_of, walk

_INERT = {"Para", "Str", "Space", "SoftBreak", "Quoted", "SingleQuote", "DoubleQuote"}
_TYPOGRAPHY = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "\u00a0": " "})


def _read_back(values: list[str]) -> list[tuple[str, set[str]]]:
    """For each value, its text after Pandoc, and the kinds of nodes that it became."""
    trees = read_markdown([f"{escape(value)} end\n\nIt is {escape(value)} there." for value in values])
    return [(text_of(tree).translate(_TYPOGRAPHY), {item["t"] for item in walk(tree)}) for tree in trees]


def _expected(value: str) -> str:
    text = " ".join(clean(value).split()).translate(_TYPOGRAPHY)
    return " ".join(f"{text} endIt is {text} there.".split())


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_values_become_text(value: str) -> None:
    [(text, kinds)] = _read_back([value])
    assert " ".join(text.split()) == _expected(value)
    assert kinds <= _INERT


_NASTY = st.text(st.sampled_from(list("ab1 .-+*_~^$#@!|>`<[](){}:;&=\"'\\/%,\n\té§")), max_size=24)


@settings(max_examples=8)
@given(st.lists(st.one_of(_NASTY, st.text(max_size=24)), min_size=40, max_size=60))
def test_any_value_becomes_text(values: list[str]) -> None:
    # Pandoc starts once for many values.
    for value, (text, kinds) in zip(values, _read_back(values), strict=True):
        assert kinds <= _INERT, (value, kinds)
        assert _tight(text) == _tight(_expected(value)), ascii(value)


def _tight(text: str) -> str:
    """Without spaces beside quotation marks: Pandoc drops those inside a pair that it sets as quotation."""
    return re.sub(r"\s*(['\"])\s*", r"\1", " ".join(text.split()))


def test_clean_keeps_lines_and_takes_out_what_is_invisible() -> None:
    assert clean("a\r\nb\tc\x00\x1b\u202ed") == "a\nb cd"
    assert clean(None) == ""
    assert clean(4800) == "4800"
    assert clean("Programmeerbare logica – één") == "Programmeerbare logica – één"


@settings(max_examples=8)
@given(st.lists(_NASTY, min_size=40, max_size=60))
def test_nothing_that_can_act_survives_in_text_as_typed(values: list[str]) -> None:
    forbidden = {"RawBlock", "RawInline", "Image", "Math", "Figure"}
    for tree in read_markdown(values):
        for item in walk(inert(tree)):
            assert item["t"] not in forbidden
            if item["t"] == "Link":
                assert item["c"][2][0].startswith(("https://", "mailto:", "#"))
            if item["t"] in ("Span", "Div", "Code", "CodeBlock", "Link"):
                assert item["c"][0] == ["", [], []]
