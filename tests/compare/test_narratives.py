"""Narratives: groups of statements, complete sets and their shares, within the limits of the material."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import pytest
from small_library import SmallLibrary

from analysis.compare.narratives import (
    FEW,
    about_technology,
    frame_counts,
    genre_of,
    group,
    groups,
    sets,
    table,
    travel,
)

DAY = "2026-01-01"
EU = "regimes/eu-dual-use/statements.yaml"


def statement(
    name: str,
    pinpoint: str,
    frames: Sequence[str],
    *,
    set_: str = "reg-2021-recitals",
    voice: str = "own",
    kind: str = "justification",
    document: str = "reg-2021",
    date: str = "2021-05-20",
) -> str:
    listed = ", ".join(f'"{f}"' for f in frames)
    return (
        f"- id: {name}\n  document: {document}\n  actor: {{id: commission, side: eu}}\n"
        f'  date: "{date}"\n  pinpoint: {pinpoint}\n  language: en\n  paraphrase: Something.\n  kind: {kind}\n'
        f"  voice: {voice}\n  stance: describe\n"
        + (f"  set: {set_}\n" if set_ else "")
        + f'  codes:\n    first: {{frames: [{listed}], codebook: "1.0", from: paraphrase}}\n'
        "  evidence: [{grade: unverified}]\n"
    )


def encoded(small: SmallLibrary, *statements: str, keep: bool = False) -> pd.DataFrame:
    """The table of statements with these in the place of (or beside) the Union's own."""
    if not keep:
        small.write(EU, "")
    for one in statements:
        small.append(EU, one)
    assert small.problems() == []
    return table(small.load(), DAY)


class TestGroups:
    SECURITY, RIGHTS = frozenset({"NS", "MIL"}), frozenset({"HR-r"})

    @pytest.mark.parametrize(
        ("frames", "name"),
        [
            (["NS"], "security"),
            (["NS", "TRD"], "security"),
            (["HR-r"], "human-rights"),
            (["HR-r", "NS"], "mixed"),
            (["NS", "TRD", "HR-r"], "mixed"),
            (["TRD"], "other"),
            ([], "none"),
        ],
    )
    def test_of_a_statement(self, frames: list[str], name: str) -> None:
        assert group(frames, set(self.SECURITY), set(self.RIGHTS)) == name

    def test_security_narrow_and_wide(self, small: SmallLibrary) -> None:
        """Foreign policy is security only when security is counted widely."""
        found = encoded(small, statement("e02", "recital 2", ["FP"]), statement("e03", "recital 3", ["FP", "HR-r"]))
        rows = found.set_index("id")
        assert (rows.loc["e02", "narrow"], rows.loc["e02", "wide"]) == ("other", "security")
        assert (rows.loc["e03", "narrow"], rows.loc["e03", "wide"]) == ("human-rights", "mixed")

    def test_counts_by_side(self, small: SmallLibrary) -> None:
        found = groups(table(small.load(), DAY), "side").set_index("side")
        assert found.loc["eu", "mixed"] == 1
        assert found.loc["us", "security"] == 1
        assert found.loc["us", "other"] == 1
        assert found.loc["us", "total"] == 2

    def test_a_mixed_statement_is_not_split(self, small: SmallLibrary) -> None:
        found = groups(table(small.load(), DAY), "side").set_index("side")
        assert found.loc["eu", "security"] == 0
        assert found.loc["eu", "human-rights"] == 0

    def test_few_means_counts_only(self, small: SmallLibrary) -> None:
        enough = [statement(f"e{n:02}", f"recital {n}", ["NS"]) for n in range(FEW)]
        none = [statement("e98", "recital 98", []), statement("e99", "recital 99", [])]
        made = groups(encoded(small, *enough[1:], *none), "side").set_index("side")
        assert (made.loc["eu", "justified"], made.loc["eu", "total"], made.loc["eu", "few"]) == (FEW - 1, FEW + 1, True)
        made = groups(encoded(small, *enough, *none), "side").set_index("side")
        assert (made.loc["eu", "justified"], made.loc["eu", "few"]) == (FEW, False)

    def test_by_several_columns(self, small: SmallLibrary) -> None:
        made = groups(table(small.load(), DAY), ["side", "year"])
        assert list(zip(made["side"], made["year"], strict=True)) == [("eu", 2021), ("us", 2020), ("us", 2023)]

    def test_of_nothing(self, small: SmallLibrary) -> None:
        made = groups(table(small.load(), "1999-01-01"), "side")
        assert len(made) == 0
        assert "few" in made.columns


class TestOwnVoice:
    def test_only_public_authorities_that_justify(self, small: SmallLibrary) -> None:
        found = encoded(
            small,
            statement("e02", "recital 2", ["NS"]),
            statement("e03", "recital 3", ["NS"], voice="reported"),
            statement("e04", "recital 4", ["NS"], voice="imputed"),
            statement("e05", "recital 5", ["NS"], kind="operative"),
        ).set_index("id")
        assert dict(found["own"]) == {"u01": True, "e02": True, "e03": False, "e04": False, "e05": False, "c01": False}

    def test_a_firm_is_no_authority(self, small: SmallLibrary) -> None:
        found = table(small.load(), DAY).set_index("id")
        assert found.loc["c01", "actor_kind"] == "firm"
        assert not found.loc["c01", "public"]

    def test_an_actor_by_an_old_name_is_the_actor(self, small: SmallLibrary) -> None:
        found = table(small.load(), DAY).set_index("id")
        assert found.loc["e01", "actor"] == "commission"

    def test_up_to_the_day_and_of_some_sides(self, small: SmallLibrary) -> None:
        library = small.load()
        assert list(table(library, "2021-05-19")["id"]) == ["u01"]
        assert list(table(library, "2021-05-20")["id"]) == ["u01", "e01"]
        assert list(table(library, DAY, sides=["eu"])["id"]) == ["e01"]

    def test_the_agreed_coding_comes_before_the_first(self, small: SmallLibrary) -> None:
        small.change(
            EU,
            "    first: {frames: [HR-r",
            '    agreed: {frames: [TRD], codebook: "1.0", from: source}\n    first: {frames: [HR-r',
        )
        library = small.load()
        assert list(table(library, DAY, sides=["eu"])["frames"]) == [["TRD"]]
        assert list(table(library, DAY, sides=["eu"], passes=("first",))["frames"]) == [["HR-r", "NS"]]


class TestSets:
    def one(self, found: pd.DataFrame) -> dict[str, object]:
        (row,) = sets(found).to_dict("records")
        return {str(k): v for k, v in row.items()}

    def test_shares_of_a_complete_set(self, small: SmallLibrary) -> None:
        row = self.one(
            encoded(
                small,
                statement("e01", "recital 1", ["NS"]),
                statement("e02", "recital 2", ["MIL"]),
                statement("e03", "recital 3", ["HR-r"]),
                statement("e04", "recital 4", ["HR-r", "NS"]),
                statement("e05", "recital 5", ["TRD"]),
                statement("e06", "recital 6", ["TRD"]),
                statement("e07", "recital 7", []),
            )
        )
        assert (row["units"], row["justified"]) == (7, 6)
        assert (row["security"], row["mixed"], row["human-rights"], row["other"]) == (2, 1, 1, 2)
        assert row["share_security"] == pytest.approx(3 / 6)
        assert row["share_rights"] == pytest.approx(2 / 6)
        assert row["share_mixed"] == pytest.approx(1 / 6)
        assert row["balance"] == pytest.approx((3 - 2) / (3 + 2))
        assert (row["genre"], row["side"], row["operative"]) == ("recitals", "eu", False)

    def test_under_five_there_is_no_share(self, small: SmallLibrary) -> None:
        row = self.one(encoded(small, *(statement(f"e0{n}", f"recital {n}", ["NS"]) for n in range(1, 5))))
        assert row["justified"] == 4
        assert row["share_security"] is None
        assert row["balance"] == 1.0

    def test_units_without_a_reason_are_units(self, small: SmallLibrary) -> None:
        row = self.one(encoded(small, statement("e01", "recital 1", []), statement("e02", "recital 2", [])))
        assert (row["units"], row["justified"], row["balance"]) == (2, 0, None)

    def test_several_statements_of_one_unit(self, small: SmallLibrary) -> None:
        """A recital that names security in one sentence and rights in the next is mixed."""
        row = self.one(
            encoded(
                small,
                statement("e01", '"recital 1, first sentence"', ["NS"]),
                statement("e02", '"recital 1, second sentence"', ["HR-r"]),
                statement("e03", "recital 2", ["TRD"]),
                statement("e04", '"recital 2, end"', []),
            )
        )
        assert (row["units"], row["mixed"], row["other"], row["security"]) == (2, 1, 1, 0)

    def test_the_same_pinpoint_of_two_documents_is_two_units(self, small: SmallLibrary) -> None:
        row = self.one(
            encoded(
                small,
                statement("e01", "Summary", ["NS"], set_="eu-summaries"),
                statement("e02", "Summary", ["HR-r"], set_="eu-summaries", document="act-2024", date="2024-10-01"),
            )
        )
        assert (row["units"], row["security"], row["human-rights"], row["mixed"]) == (2, 1, 1, 0)
        assert row["genre"] == "summaries"

    def test_what_is_reported_of_others_is_no_reason(self, small: SmallLibrary) -> None:
        row = self.one(
            encoded(
                small,
                statement("e01", "recital 1", ["NS"], voice="reported"),
                statement("e02", "recital 2", ["HR-r"]),
                statement("e03", "recital 3", ["NS"], kind="operative"),
            )
        )
        assert (row["units"], row["justified"], row["security"], row["human-rights"]) == (3, 1, 0, 1)

    def test_articles_state_purposes_and_say_so(self, small: SmallLibrary) -> None:
        articles = [
            statement(f"e0{n}", f"Art. {n}", ["NS"] if n < 3 else [], kind="operative", set_="reg-2021-articles")
            for n in range(1, 7)
        ]
        row = self.one(encoded(small, *articles))
        assert (row["operative"], row["genre"], row["units"], row["justified"]) == (True, "articles", 6, 2)

    def test_what_belongs_to_no_set_has_no_share(self, small: SmallLibrary) -> None:
        assert len(sets(encoded(small, statement("e01", "p. 1", ["NS"], set_="")))) == 0

    @pytest.mark.parametrize(
        ("name", "genre"),
        [
            ("reg-2021-recitals", "recitals"),
            ("us-rule-summaries", "summaries"),
            ("odd-set", "odd-set"),
        ],
    )
    def test_genre(self, name: str, genre: str) -> None:
        assert genre_of(name) == genre


class TestFrames:
    def test_how_often_each_occurs_and_dominates(self, small: SmallLibrary) -> None:
        found = encoded(small, statement("e01", "r 1", ["HR-r", "NS"]), statement("e02", "r 2", ["NS"]))
        counted = frame_counts(found)
        eu = [(r.frame, r.statements, r.dominant) for r in counted.itertuples() if r.side == "eu"]
        assert eu == [("NS", 2, 1), ("HR-r", 1, 1)]

    def test_which_stand_together(self, small: SmallLibrary) -> None:
        found = encoded(
            small,
            statement("e01", "r 1", ["HR-r", "NS"]),
            statement("e02", "r 2", ["NS", "HR-r", "TRD"]),
            statement("e03", "r 3", ["MIL"]),
        )
        assert [tuple(row) for row in travel(found).itertuples(index=False)] == [
            ("HR-r", "NS", 2),
            ("HR-r", "TRD", 1),
            ("NS", "TRD", 1),
        ]

    def test_about_a_technology_below_it_and_above_it(self, small: SmallLibrary) -> None:
        library = small.load()
        found = table(library, DAY)

        def ids(technology: str) -> list[str]:
            return list(about_technology(library, found, technology)["id"])

        assert ids("semiconductors/litho") == ["u01"]
        assert ids("semiconductors") == ["u01"]
        assert ids("semiconductors/etch") == []
        assert ids("cyber-surveillance") == ["e01"]

    def test_nothing_said_yet(self, small: SmallLibrary) -> None:
        empty = table(small.load(), "1999-01-01")
        assert len(empty) == 0
        assert len(sets(empty)) == 0
        assert len(frame_counts(empty)) == 0
        assert len(travel(empty)) == 0
        assert "frames" in empty.columns
