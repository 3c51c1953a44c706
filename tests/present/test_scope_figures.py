"""Figures and tables of scope: nothing is lost, clipped or left to colour, and the words are computed."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_library import SmallLibrary

from analysis.compare import leadlag
from analysis.compare.compare_sides import scope
from analysis.compare.scope import pairs
from analysis.encoding.library import Library, load
from analysis.present import tables_scope
from analysis.present.bundles import Figure, Table, plain
from analysis.present.figures import concordance as concordances
from analysis.present.figures import leadlag as leads
from analysis.present.figures.planes import plane
from analysis.present.figures.thresholds import Axis, formula, spread, steps

TODAY = "2026-11-22"
SIDES = ["us-ear", "eu-dual-use", "nl-national"]
LITHO = "semiconductors/lithography"


@pytest.fixture(scope="module")
def library() -> Library:
    return load()


def texts(figure: Figure) -> list[Any]:
    """Every text that is drawn."""
    from matplotlib.text import Text

    return [t for t in figure.drawing.findobj(Text) if t.get_visible() and t.get_text().strip()]


def sound(figure: Figure) -> None:
    """16 cm wide, with caption and alternative text, and no text beyond the edge of the drawing."""
    renderer = figure.drawing.canvas.get_renderer()
    edge = figure.drawing.bbox
    assert figure.drawing.get_size_inches()[0] == pytest.approx(16 / 2.54)
    for text in texts(figure):
        box = text.get_window_extent(renderer)
        assert box.x0 >= edge.x0 - 2 and box.x1 <= edge.x1 + 2, text.get_text()
        assert box.y0 >= edge.y0 - 2 and box.y1 <= edge.y1 + 2, text.get_text()
    assert re.fullmatch(r"[a-z0-9-]+", figure.id)
    assert len(figure.alt) > 60
    assert plain(figure.caption)
    assert "nan" not in figure.alt.lower().split()


def words(figure: Figure) -> str:
    return " ".join(" ".join(t.get_text() for t in texts(figure)).split())


@pytest.fixture(scope="module")
def overlay(library: Library) -> Figure:
    made = steps(library, SIDES, TODAY, "dedicated-chuck-overlay", LITHO)
    assert made is not None
    return made


class TestSteps:
    def test_overlay(self, overlay: Figure) -> None:
        sound(overlay)
        assert overlay.alt == (
            "Areas through time, 2023 to 2026, one panel per regime, products beside them. On 22 November 2026: "
            "Dedicated chuck overlay: US up to 1.5 nm (since 17 November 2023) and 1.5 nm to 2.4 nm (since 2 December 2024); "
            "EU up to 1.5 nm (since 15 November 2025); Dutch 1.5 nm to 2.4 nm (since 7 September 2024)."
        )
        drawn = words(overlay)
        for said in ("NXT:1980Di (2015)", "3B001.f.1.b", "3B993.f.1", "3B501.f.1.b", "NL national"):
            assert said in drawn
        assert "All areas also ask: minimum resolvable feature (K = 0.25) up to 45 nm" in " ".join(
            map(plain, overlay.notes)
        )

    def test_chips(self, library: Library) -> None:
        asked = ["total-processing-performance", "performance-density"]
        made = steps(library, SIDES[:2], TODAY, asked, "advanced-computing", codes=["3A090", "3A501.a.16"])
        assert made is not None
        sound(made)
        assert "no line by this number" in words(made), "the Union draws no line in performance density"
        assert "if 3.2 ≤ PD < 5.92" in words(made)
        assert "PD: performance density" in " ".join(map(plain, made.notes))

    @pytest.mark.parametrize("quantity", ["qubits", "cooling-power"])
    def test_others(self, library: Library, quantity: str) -> None:
        made = steps(library, SIDES[:2], TODAY, quantity, "quantum")
        assert made is not None
        sound(made)

    def test_nothing_to_draw(self, library: Library) -> None:
        assert steps(library, ["us-ear"], "1990-01-01", "qubits") is None

    def test_named_products(self, library: Library) -> None:
        made = steps(library, SIDES, TODAY, "dedicated-chuck-overlay", LITHO, probes=["asml-nxt-1970ci"])
        assert made is not None
        assert "NXT:1970Ci" in words(made)
        assert "NXT:1980Di" not in words(made)

    def test_the_same_bytes(self, library: Library, overlay: Figure) -> None:
        again = steps(library, SIDES, TODAY, "dedicated-chuck-overlay", LITHO)
        assert again is not None
        assert again.svg() == overlay.svg()
        assert again.png() == overlay.png()

    def test_open_start(self, small: SmallLibrary) -> None:
        made = steps(small.load(), ["eu-dual-use"], "2025-01-01", "wavelength")
        assert made is not None
        assert "EU up to 193 nm (since on or before 9 September 2021)" in made.alt
        assert "An arrowhead at the left of an area" in " ".join(map(plain, made.notes))


class TestPlane:
    def test_the_same_lines_are_one_area(self, library: Library) -> None:
        made = plane(library, SIDES[:2], TODAY, "qubits", "c-not-error", "quantum")
        assert made is not None
        sound(made)
        assert "(since 15 November 2025): the same lines" in words(made)
        assert "Inside an area lie: IonQ Tempo and Atom Computing AC1000." in made.alt
        assert "D-Wave Advantage" in " ".join(map(plain, made.notes)), "it publishes one of the two figures"

    def test_different_lines(self, library: Library) -> None:
        asked = ("total-processing-performance", "performance-density")
        made = plane(library, SIDES[:2], TODAY, *asked, "advanced-computing", codes=["3A090", "3A501.a.16"])
        assert made is not None
        sound(made)
        assert "US 3A090.a and 3A090.b (since 17 November 2023)" in words(made)
        assert "EU 3A501.a.16 (since 15 November 2025)" in words(made)
        inside = made.alt.split("Inside an area lie: ")[1]
        assert "H100 SXM" in inside
        assert "T4" not in inside.replace("T4 ", "T4"), "1,040 is below every line"
        assert "H20," not in inside and "H20 " not in inside

    def test_cooling(self, library: Library) -> None:
        made = plane(library, SIDES[:2], TODAY, "operating-temperature", "cooling-power", "quantum/cryogenic-cooling")
        assert made is not None
        sound(made)

    def test_nothing_to_draw(self, library: Library) -> None:
        assert plane(library, ["nl-national"], TODAY, "qubits", "c-not-error") is None


class TestConcordance:
    def test_every_pair_once_and_few_per_figure(self, library: Library) -> None:
        table = pairs(library, "us-ear", "eu-dual-use", TODAY, "semiconductors")
        parts = concordances._split(library, table)
        assert len(table) > concordances.MOST
        assert all(len(part) <= concordances.MOST for _, part in parts)
        keys = [(r["code_a"], r["code_b"]) for _, part in parts for r in part.to_dict("records")]
        assert sorted(keys) == sorted(zip(table["code_a"], table["code_b"], strict=True))

    def test_readable(self, library: Library) -> None:
        table = pairs(library, "us-ear", "eu-dual-use", TODAY, "quantum")
        figures = concordances.concordance(library, table, "US", "EU dual-use", TODAY)
        assert [f.id for f in figures] == ["concordance-1", "concordance-2"]
        for figure in figures:
            sound(figure)
            _apart(figure)
        drawn = " ".join(words(f) for f in figures)
        for code in {*table["code_a"], *table["code_b"]}:
            assert code in drawn

    def test_signs_and_words(self, library: Library) -> None:
        table = pairs(library, "nl-national", "us-ear", "2024-10-01", LITHO)
        (figure,) = concordances.concordance(library, table, "NL national", "US", "2024-10-01")
        sound(figure)
        assert "⊂" in words(figure)
        assert "right reaches further" in figure.alt
        assert "(no code)" in words(figure)

    def test_nothing(self, library: Library) -> None:
        table = pairs(library, "us-ear", "eu-dual-use", "1990-01-01")
        assert concordances.concordance(library, table, "US", "EU", "1990-01-01") == []

    def test_natural_order(self) -> None:
        codes = ["3B001.d.10", "3B001.d.2", "3A001", "3B001.c.1.a"]
        assert sorted(codes, key=concordances.natural) == ["3A001", "3B001.c.1.a", "3B001.d.2", "3B001.d.10"]


def _apart(figure: Figure) -> None:
    """No label lies on another."""
    renderer = figure.drawing.canvas.get_renderer()
    boxes = [(t.get_text(), t.get_window_extent(renderer)) for t in texts(figure) if len(t.get_text()) > 2]
    for n, (one, box) in enumerate(boxes):
        for two, other in boxes[n + 1 :]:
            wide = min(box.x1, other.x1) - max(box.x0, other.x0)
            high = min(box.y1, other.y1) - max(box.y0, other.y0)
            assert wide <= 1 or high <= 3, f"{one} lies on {two}"


class TestLeadLag:
    @pytest.mark.parametrize("basis", ["effective", "published", "adopted"])
    def test_dumbbells(self, library: Library, basis: Any) -> None:
        table = leadlag.cases(library, "us-ear", "eu-dual-use", TODAY)
        made = leads.dumbbells(library, table, TODAY, by=basis)
        assert made is not None
        sound(made)
        assert "Carrying out decisions of a regime: no leadership" in words(made)
        assert re.search(
            r"Not drawn: \d+ items of which the dates do not tell who was first", " ".join(map(plain, made.notes))
        )

    def test_not_independent(self, library: Library) -> None:
        table = leadlag.cases(library, "nl-national", "eu-dual-use", TODAY)
        made = leads.dumbbells(library, table, TODAY)
        assert made is not None
        sound(made)
        assert "°" in words(made)
        assert "do not act independently" in " ".join(map(plain, made.notes))

    def test_following(self, library: Library) -> None:
        table = leadlag.cases(library, "us-ear", "eu-dual-use", TODAY)
        made = leads.following(table, TODAY, ("US", "EU"))
        assert made is not None
        sound(made)
        assert "followed so far" in words(made)

    def test_nothing(self, small: SmallLibrary) -> None:
        table = leadlag.cases(small.load(), "us-ear", "nl-national", "2019-01-01")
        assert leads.dumbbells(small.load(), table, "2019-01-01") is None
        assert leads.following(table, "2019-01-01", ("US", "NL")) is None


class TestTables:
    def test_all(self, library: Library) -> None:
        found = scope(library, "nl-national", "us-ear", TODAY, LITHO)
        made: list[Table | None] = [
            tables_scope.pairs(library, found),
            tables_scope.together(found),
            tables_scope.course(library, found),
            tables_scope.only(library, found, "a"),
            tables_scope.only(library, found, "b", most=5),
            tables_scope.suggestions(found),
            tables_scope.differences(found),
        ]
        assert [len(t.rows) if t else None for t in made] == [1, None, 7, 0, 5, 3, 1]
        for table in made:
            if table:
                keys = [c["key"] for c in table.columns]
                assert len(keys) == len(set(keys))
                assert all(isinstance(r, dict) or len(r) == len(keys) for r in table.rows)
                table._repr_mimebundle_()
        story = " ".join(plain(c) for row in made[2].rows if isinstance(row, list) for c in row)  # type: ignore[union-attr]
        assert "15 November 2025" in story
        assert "2025-11-15" not in re.sub(r"\[[^\]]*\]", "", story), (
            "days are written out; ids of instruments are not days"
        )
        assert "rows are only in the data files" in " ".join(plain(n) for n in made[4].notes)  # type: ignore[union-attr]

    def test_differences_are_told_once(self, library: Library) -> None:
        found = scope(library, "us-ear", "eu-dual-use", TODAY, "quantum")
        table = tables_scope.differences(found, most=50)
        assert table is not None
        assert len(table.rows) < len(found.pairs)
        told = [plain(row[2]) for row in table.rows]
        assert len(told) == len(set(told))

    def test_lead(self, library: Library) -> None:
        table = leadlag.cases(library, "us-ear", "eu-dual-use", TODAY, "quantum")
        summary = tables_scope.lead_summary(leadlag.summary(table), "US", "EU")
        assert next(plain(r[0]) for r in summary.rows) == "First mover acted with a few like-minded states"
        assert "+435 (+435 to +435)" in [plain(c) for c in summary.rows[0]]
        every = tables_scope.lead_cases(library, table)
        assert sum(isinstance(r, list) for r in every.rows) == len(table)
        assert every.data is not None
        assert len(every.data[1]) == len(table)


class TestAxis:
    heights = st.lists(st.floats(0, 1), max_size=12).map(sorted)

    @given(heights, st.floats(0.01, 0.08))
    def test_spread(self, given_: list[float], gap: float) -> None:
        made = spread(given_, gap)
        assert len(made) == len(given_)
        assert all(0.0 <= x <= 1.0 for x in made)
        room = min(gap, 0.96 / max(len(made) - 1, 1))
        assert all(b - a >= room - 1e-9 for a, b in itertools.pairwise(made))

    @given(st.lists(st.floats(0.05, 0.95), min_size=1, max_size=5).map(sorted))
    def test_what_has_room_stays(self, given_: list[float]) -> None:
        if all(b - a >= 0.06 for a, b in itertools.pairwise(given_)):
            assert spread(given_, 0.05) == pytest.approx(given_)

    @given(st.lists(st.floats(1e-6, 1e9), min_size=1, max_size=6))
    def test_axis_holds_its_values(self, values: list[float]) -> None:
        axis = Axis.over(values)
        for value in values:
            share = axis.share(value)
            assert -1e-9 <= share <= 1 + 1e-9
            assert axis.value(share) == pytest.approx(value, rel=1e-6)

    def test_decades(self) -> None:
        assert Axis.over([1.0, 100.0]).log
        assert not Axis.over([1.5, 2.4]).log


def test_formula(library: Library) -> None:
    from analysis.compare.thresholds import Measures
    from analysis.encoding.forms import boxes

    measures = Measures(library.vocabulary.quantities)
    box = ["performance-density >= 3.2 1/mm^2", "performance-density < 5.92 1/mm^2", "operating-temperature <= 0.1 K"]
    assert formula(measures.cell(boxes([box])[0]), measures) == "3.2 ≤ PD < 5.92, operating temperature ≤ 0.1 K"
