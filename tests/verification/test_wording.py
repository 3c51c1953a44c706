"""No sentence of ours shares ten consecutive words with an official text."""

from __future__ import annotations

import pytest

from analysis.encoding.library import Library

from .conftest import Texts
from .excused import Excused, none_of
from .wording import RUN, Sentence, official_texts, our_sentences, shared, words


@pytest.mark.sources
def test_no_sentence_is_copied(library: Library, texts: Texts, excused: Excused) -> None:
    found = []
    names = [words(row["words"]) for row in excused.rows["wording"]]
    needed = set()
    for sentence, name, run in shared(our_sentences(library), official_texts(texts.folder)):
        own = run.split()
        fits = [n for n, phrase in enumerate(names) if _within(own, phrase)]
        needed.update(fits)
        if not fits:
            found.append(f"{sentence.place}:{sentence.line}: shares with {name}: '{run}'; say it in other words")
    none_of(found)
    assert len(needed) == len(names), "an exception is not needed any more"


def _within(run: list[str], phrase: list[str]) -> bool:
    return any(phrase[n : n + len(run)] == run for n in range(len(phrase) - len(run) + 1))


def test_a_copied_sentence_is_noticed() -> None:
    law = "Equipment designed or modified to produce a layer of any material other than silicon with a thickness."
    ours = [
        Sentence("a.yaml", 3, "Tools: equipment designed or “modified” to produce a layer, of any material here."),
        Sentence("b.yaml", 9, "Tools that are designed or modified to produce a layer of any kind of matter."),
    ]
    found = shared(ours, [("law", law)])
    assert [(s.place, s.line, run) for s, _, run in found] == [
        ("a.yaml", 3, "equipment designed or modified to produce a layer of any material")
    ]
    assert len(found[0][2].split()) == RUN + 1


def test_paragraph_numbers_are_single_words() -> None:
    assert words("for 4A003.z.1.a, z.2.a and 4A004.z.1") == ["for", "4a003.z.1.a", "z.2.a", "and", "4a004.z.1"]
