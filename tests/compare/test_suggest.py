"""Suggestions: what the score is made of, and that they find what people found."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_library import EU, US, SmallLibrary

from analysis.compare.suggest import PARTS, WEIGHTS, Code, as_json, curated, kinship, suggest, weigh, why, words
from analysis.encoding.library import Library, UnknownName, load
from benchmarks.suggestions import quality, ranks, task

DAY = "2025-01-01"
MAPPINGS = "regimes/mappings.yaml"


@pytest.fixture(scope="module")
def library() -> Library:
    return load()


def rows(library: Library, a: str, b: str, **options: Any) -> list[dict[str, Any]]:
    day = options.pop("as_of", DAY)
    return [{str(k): v for k, v in r.items()} for r in suggest(library, a, b, day, **options).to_dict("records")]


class TestScore:
    def test_weights_are_shares(self) -> None:
        assert math.isclose(sum(WEIGHTS.values()), 1.0)
        assert all(w > 0 for w in WEIGHTS.values())

    def test_parts_add_up(self, library: Library) -> None:
        found = rows(library, "us-ear", "eu-dual-use", as_of="2026-11-22", technology="quantum")
        assert len(found) > 40
        for r in found:
            parts = [r[p] for p in PARTS if r[p] is not None]
            assert 0 <= r["score"] <= 1
            assert sum(parts) == pytest.approx(r["score"], abs=0.0004)

    def test_best_first_and_limited(self, library: Library) -> None:
        found = rows(library, "us-ear", "eu-dual-use", as_of="2026-11-22", technology="quantum", most=2, min_score=0.2)
        scores = [r["score"] for r in found]
        assert scores == sorted(scores, reverse=True)
        assert min(scores) >= 0.2
        assert all(r["rank_a"] <= 2 or r["rank_b"] <= 2 for r in found)
        assert any(r["rank_a"] == 2 for r in found), "one entry may meet several"

    def test_the_same_from_the_other_side(self, small: SmallLibrary) -> None:
        library = small.load()
        there = rows(library, "us-ear", "eu-dual-use", min_score=0.0)
        back = rows(library, "eu-dual-use", "us-ear", min_score=0.0)
        assert {(r["code_a"], r["code_b"], r["score"]) for r in there} == {
            (r["code_b"], r["code_a"], r["score"]) for r in back
        }

    def test_a_part_that_does_not_apply_drops_out(self) -> None:
        one = np.array([[1.0]])
        nothing = np.array([[float("nan")]])
        found = dict.fromkeys(PARTS, one) | {"quantities": nothing, "bounds": nothing, "code": nothing}
        split, total = weigh(found, WEIGHTS)
        assert total[0, 0] == pytest.approx(1.0)
        assert math.isnan(split["code"][0, 0])

    def test_a_code_alone_is_no_reason(self, small: SmallLibrary) -> None:
        """4A906 is a quantum computer in one list and an oven in the other."""
        library = small.load()
        (pair,) = [
            r
            for r in rows(library, "us-ear", "eu-dual-use", min_score=0.0, most=10)
            if (r["code_a"], r["code_b"]) == ("4A906", "4A906")
        ]
        assert pair["code"] == 0
        assert pair["score"] < 0.1
        assert not [r for r in rows(library, "us-ear", "eu-dual-use") if r["code_a"] == "4A906"]

    def test_numbers_count_in_canonical_units(self, small: SmallLibrary) -> None:
        before = rows(small.load(), "us-ear", "eu-dual-use", min_score=0.0)
        small.change(EU, "wavelength < 193 nm", "wavelength < 0.193 um")
        assert rows(small.load(), "us-ear", "eu-dual-use", min_score=0.0) == before
        small.change(EU, "wavelength < 0.193 um", "wavelength < 0.194 um")
        after = rows(small.load(), "us-ear", "eu-dual-use", min_score=0.0)
        assert after[0]["bounds"] < before[0]["bounds"]
        assert after[0]["quantities"] == before[0]["quantities"]

    def test_one_quantity_under_two_names_is_one(self, small: SmallLibrary) -> None:
        small.change(EU, '["wavelength < 193 nm"]', '["feature-k035 <= 63 nm"]')
        text = small.read(US).replace('["wavelength < 193 nm"]', '["feature-k025 <= 45 nm"]')
        small.write(US, text)
        (found,) = [r for r in rows(small.load(), "us-ear", "eu-dual-use") if r["code_a"] == "3B001.f"]
        assert found["bounds"] > 0, "63 nm at K = 0.35 is 45 nm at K = 0.25"


class TestCurated:
    def test_hiding_a_pair_changes_only_its_mark(self, small: SmallLibrary) -> None:
        known = rows(small.load(), "us-ear", "eu-dual-use", min_score=0.0)
        small.write(MAPPINGS, "[]\n")
        hidden = rows(small.load(), "us-ear", "eu-dual-use", min_score=0.0)
        assert [r["curated"] for r in known] != [r["curated"] for r in hidden]
        assert [r | {"curated": False} for r in known] == hidden

    def test_both_directions_and_dates(self, small: SmallLibrary) -> None:
        small.change(
            MAPPINGS, "reason: The American entry also", 'until: "2024-06-30"\n  reason: The American entry also'
        )
        library = small.load()
        one, two = ("us-ear", "3B001.f"), ("eu-dual-use", "3B001.f")
        assert {(one, two), (two, one)} <= curated(library, "2024-06-30")
        assert (one, two) not in curated(library, "2024-07-01")

    def test_left_only(self, library: Library) -> None:
        known = curated(library, "2026-11-22")
        met = {one for one, two in known if {one[0], two[0]} == {"us-ear", "eu-dual-use"}}
        found = rows(library, "us-ear", "eu-dual-use", as_of="2026-11-22", left_only=True, min_score=0.0)
        for r in found:
            assert (r["layer_a"], r["code_a"]) not in met or (r["layer_b"], r["code_b"]) not in met

    def test_left_only_scores_are_the_scores(self, library: Library) -> None:
        options: dict[str, Any] = {"as_of": "2026-11-22", "technology": "semiconductors", "min_score": 0.0, "most": 600}
        every = {(r["code_a"], r["code_b"]): r["score"] for r in rows(library, "us-ear", "eu-dual-use", **options)}
        left = rows(library, "us-ear", "eu-dual-use", left_only=True, **options)
        assert left
        assert all(every[r["code_a"], r["code_b"]] == r["score"] for r in left)


def test_technology(library: Library) -> None:
    under = set(library.vocabulary.under("quantum"))
    for r in rows(library, "us-ear", "eu-dual-use", as_of="2026-11-22", technology="quantum"):
        assert under & {*r["technologies_a"], *r["technologies_b"]}


def test_an_entry_is_no_pair_with_itself(small: SmallLibrary) -> None:
    found = rows(small.load(), "us-ear@2021-01-01", "us-ear", min_score=0.0)
    assert all(r["code_a"] != r["code_b"] for r in found)


def test_unknown_side(small: SmallLibrary) -> None:
    with pytest.raises(UnknownName, match="there is no side 'us-eer'; nearest valid name: us-ear"):
        suggest(small.load(), "us-eer", "eu-dual-use", DAY)


def test_json(small: SmallLibrary) -> None:
    (first, *_) = as_json(suggest(small.load(), "us-ear", "eu-dual-use", DAY))
    assert set(first) == {"a", "b", "score", "why", "curated"}
    assert first["a"] == {"regime": "us-ear", "code": "3B001.f"}
    assert first["curated"] is True
    assert set(first["why"]) <= set(PARTS)


def test_why_names_the_strongest_first() -> None:
    assert why({"label": 0.1, "scope": 0.2, "technology": 0, "quantities": None, "bounds": None, "code": 0.15}) == (
        "scope 0.20, code 0.15, label 0.10"
    )


def test_words() -> None:
    assert words("Tools that are made for the Etching of 1.5 nm") == "tools etching 1.5 nm"


class TestKinship:
    @pytest.mark.parametrize(
        ("a", "b", "least", "most"),
        [
            ("3B001.f.1.b", "3B001.f.1.b", 1.0, 1.0),
            ("4A906.a.1", "4A506.a.1", 0.89, 0.91),
            ("3B501.f.1.b", "3B001.f.1.b", 0.89, 0.91),
            ("3B001.a", "3B001.b", 0.5, 0.5),
            ("3B001.a.1", "3B001.a.2", 0.6, 0.9),
            ("3B001", "3B002", 0.15, 0.15),
            ("3B001", "3D001", 0.0, 0.0),
            ("3B001", "4B001", 0.0, 0.0),
        ],
    )
    def test_known(self, a: str, b: str, least: float, most: float) -> None:
        found = kinship(a, b)
        assert found is not None
        assert least <= found <= most

    def test_no_list_code(self) -> None:
        assert kinship("unnumbered/scanners", "3B001") is None
        assert kinship("3B001", "PL9013") is None
        assert Code.read("3B001.f.1.b") == Code("3", "B", "0", "01", ("f", "1", "b"))

    codes = st.builds(
        lambda c, g, n, p: f"{c}{g}{n:03d}" + "".join(f".{x}" for x in p),
        st.integers(0, 9),
        st.sampled_from("ABCDE"),
        st.integers(0, 999),
        st.lists(st.sampled_from(["a", "b", "1", "2"]), max_size=4),
    )

    @given(codes, codes)
    def test_symmetric_and_bounded(self, a: str, b: str) -> None:
        found = kinship(a, b)
        assert found is not None
        assert found == kinship(b, a)
        assert 0 <= found <= 1
        assert kinship(a, a) == 1
        assert (found == 1) == (a == b)


class TestQuality:
    """The promise: recall of 0.9 at three suggestions per entry, US and EU."""

    def test_recall(self, library: Library) -> None:
        one = task(library, "us-ear", "eu-dual-use")
        total = weigh(one.parts, WEIGHTS)[1]
        assert len(one.pairs) > 300
        recalls = [quality(total, one.pairs, at)[0] for at in (1, 3, 5)]
        assert recalls == sorted(recalls)
        assert recalls[1] >= 0.9

    def test_ranks_against_a_slow_count(self) -> None:
        rng = np.random.default_rng(1)
        scores = rng.integers(0, 4, (6, 7)).astype(float) / 4
        partners = [(0, 1), (0, 2), (3, 5), (5, 0)]
        for (i, j), place in zip(partners, ranks(scores, partners, partners), strict=True):
            others = [x for x in range(7) if x != j and (i, x) not in partners]
            ahead = [x for x in others if (-scores[i, x], x) < (-scores[i, j], j)]
            assert place == len(ahead)

    def test_precision(self) -> None:
        scores = np.array([[0.9, 0.1], [0.2, 0.8]])
        assert quality(scores, [(0, 0), (1, 1)], 1, 0.0) == (1.0, 1.0)
        assert quality(scores, [(0, 0), (1, 1)], 2, 0.0) == (1.0, 0.5)
        assert quality(scores, [(0, 1), (1, 0)], 1, 0.0) == (0.0, 0.0)
