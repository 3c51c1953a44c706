"""Products: three-valued conditions, the rules of a catch, time, licences, and real products on the shipped encodings."""

from __future__ import annotations

import operator
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_library import NL, US, SmallLibrary

from analysis.compare.catches import Probe
from analysis.compare.facts import Facts, all_of, any_of
from analysis.compare.products import (
    NOTICE,
    licence,
    life,
    product_of,
    regimes,
    verdicts,
    would_catch,
)
from analysis.compare.thresholds import Measures
from analysis.encoding.conditions import parse_condition
from analysis.encoding.forms import Evidence, Product, ProductProperty, Quantity
from analysis.encoding.library import Library, Table, UnknownName, load
from analysis.encoding.problems import WorkbenchError
from analysis.encoding.sides import resolve

DAY = "2026-06-30"
EVIDENCE = [Evidence(grade="unverified")]
FIRM = [Evidence(grade="secondary", checked="2026-06-30", against="A note")]


def quantity(name: str, unit: str = "1", kind: str = "number", derives: str | None = None) -> Quantity:
    return Quantity.model_validate(
        {
            "id": name,
            "label": {"en": name.replace("-", " ")},
            "kind": kind,
            "unit": unit if kind == "number" else None,
            "definition": "-",
            "derives": derives,
            "source": "-",
            "evidence": [{"grade": "unverified"}],
        }
    )


def measures() -> Measures:
    table: Table[Quantity] = Table("quantity")
    for one in (
        quantity("tpp"),
        quantity("area", "mm^2"),
        quantity("density", "1/mm^2", derives="tpp / area"),
        quantity("wavelength", "nm"),
        quantity("aperture"),
        quantity("mrf25", "nm", derives="0.25 * wavelength / aperture"),
        quantity("mrf35", "nm", derives="1.4 * mrf25"),
        quantity("power", "W"),
        quantity("overlay", "nm"),
        quantity("datacentre", kind="flag"),
    ):
        table.add(one.id, one)
    return Measures(table)


def product(*figures: tuple[str, ...], technologies: tuple[str, ...] = ("semiconductors",), **more: object) -> Product:
    """A product from (quantity, value[, bound[, unit]]) figures."""
    made = []
    for name, value, *rest in figures:
        bound, unit = (*rest, None, None)[:2]
        made.append(
            ProductProperty(
                quantity=name,
                value=value,
                bound=bound or None,  # type: ignore[arg-type]
                unit=unit,
                evidence=FIRM if more.get("firm") else EVIDENCE,
            )
        )
    more.pop("firm", None)
    return Product(
        id="probe",
        name="A probe",
        maker="-",
        technologies=list(technologies),
        properties=made,
        evidence=EVIDENCE,
        **more,  # type: ignore[arg-type]
    )


def truth(condition: str, *figures: tuple[str, ...]) -> bool | None:
    return Facts(product(*figures), measures()).test(parse_condition(condition)).truth


class TestConditions:
    @pytest.mark.parametrize(
        ("condition", "figures", "wanted"),
        [
            ("tpp >= 4800", [("tpp", "4800")], True),
            ("tpp >= 4800", [("tpp", "4799.999")], False),
            ("tpp > 4800", [("tpp", "4800")], False),
            ("tpp <= 4800", [("tpp", "4800")], True),
            ("tpp < 4800", [("tpp", "4800")], False),
            ("tpp == 4800", [("tpp", "4800")], True),
            ("tpp == 4800", [("tpp", "4801")], False),
            ("tpp >= 4800", [], None),
            ("tpp >= 4800", [("area", "10")], None),
            # Other units.
            ("power >= 600 uW", [("power", "0.0006", "", "W")], True),
            ("power >= 600 uW", [("power", "600", "", "uW")], True),
            ("power >= 600 uW", [("power", "0.599", "", "mW")], False),
            # Only a bound is known.
            ("overlay <= 1.5 nm", [("overlay", "1.5", "less-than")], True),
            ("overlay < 1.5 nm", [("overlay", "1.5", "less-than")], True),
            ("overlay < 1.5 nm", [("overlay", "1.5", "at-most")], None),
            ("overlay > 1.5 nm", [("overlay", "1.5", "less-than")], False),
            ("overlay <= 1.4 nm", [("overlay", "1.5", "less-than")], None),
            ("overlay >= 1.5 nm", [("overlay", "1.5", "at-least")], True),
            ("overlay > 1.5 nm", [("overlay", "1.5", "at-least")], None),
            ("overlay == 1.5 nm", [("overlay", "1.5", "at-most"), ("overlay", "1.5", "at-least")], True),
            ("overlay == 1.6 nm", [("overlay", "1.5", "at-most")], False),
            ("overlay <= 2.4 nm", [("overlay", "1.5", "more-than"), ("overlay", "2.4", "at-most")], True),
            # Flags.
            ("datacentre == yes", [("datacentre", "yes")], True),
            ("datacentre == no", [("datacentre", "yes")], False),
            ("datacentre == no", [], None),
        ],
    )
    def test_truth(self, condition: str, figures: list[tuple[str, ...]], wanted: bool | None) -> None:
        assert truth(condition, *figures) is wanted

    @pytest.mark.parametrize(
        ("condition", "figures", "wanted"),
        [
            # 5920 / 1000 is exactly 5.92, whatever floating point makes of it.
            ("density >= 5.92 1/mm^2", [("tpp", "5920"), ("area", "1000")], True),
            ("density > 5.92 1/mm^2", [("tpp", "5920"), ("area", "1000")], False),
            ("density >= 5.92 1/mm^2", [("tpp", "5919"), ("area", "1000")], False),
            ("density >= 5.92 1/mm^2", [("tpp", "5920")], None),
            # A bound on the area bounds the density.
            ("density >= 5.92 1/mm^2", [("tpp", "4400"), ("area", "600", "less-than")], True),
            ("density < 7 1/mm^2", [("tpp", "4400"), ("area", "600", "less-than")], False),
            ("density >= 9 1/mm^2", [("tpp", "4400"), ("area", "600", "less-than")], None),
            # A given density and area fix the performance.
            ("tpp >= 4800", [("density", "6"), ("area", "800")], True),
            ("tpp >= 4801", [("density", "6"), ("area", "800")], False),
            # K: 0.25 and 0.35 of the same wavelength and aperture.
            ("mrf25 <= 45 nm", [("wavelength", "193"), ("aperture", "1.35")], True),
            ("mrf35 <= 45 nm", [("wavelength", "193"), ("aperture", "1.35")], False),
            ("mrf25 <= 45 nm", [("wavelength", "193")], None),
            # One definition converts into the other: 63 nm at K 0.35 is 45 nm at K 0.25.
            ("mrf25 <= 45 nm", [("mrf35", "63")], True),
            ("mrf25 < 45 nm", [("mrf35", "63")], False),
            ("mrf35 <= 63 nm", [("mrf25", "45")], True),
            ("wavelength <= 180 nm", [("mrf25", "45"), ("aperture", "1")], True),
        ],
    )
    def test_what_follows(self, condition: str, figures: list[tuple[str, ...]], wanted: bool | None) -> None:
        assert truth(condition, *figures) is wanted

    def test_contradicting_figures_say_nothing(self) -> None:
        test = Facts(product(("tpp", "10"), ("tpp", "20")), measures()).test(parse_condition("tpp >= 5"))
        assert test.truth is None
        assert "contradict" in test.text

    def test_words(self) -> None:
        facts = Facts(product(("tpp", "4992"), ("area", "826")), measures())
        assert facts.test(parse_condition("tpp >= 4800")).text == "tpp: 4992 (at least 4800 needed)"
        density = facts.test(parse_condition("density >= 5.92 1/mm^2")).text
        assert density == "density: 6.044 per mm², worked out (at least 5.92 per mm² needed)"
        assert facts.test(parse_condition("overlay <= 1.5 nm")).text == "overlay: not known (at most 1.5 nm needed)"

    def test_words_show_the_side_of_the_limit(self) -> None:
        facts = Facts(product(("tpp", "5919999"), ("area", "1000000")), measures())
        assert "5.919999" in facts.test(parse_condition("density >= 5.92 1/mm^2")).text

    def test_the_best_figure_that_suffices_is_the_support(self) -> None:
        made = product(("overlay", "1.4"))
        firm = ProductProperty(quantity="overlay", value="1.5", bound="less-than", evidence=FIRM)
        both = made.model_copy(update={"properties": [*made.properties, firm]})
        facts = Facts(both, measures())
        assert facts.test(parse_condition("overlay <= 1.5 nm")).grade == "secondary"
        assert facts.test(parse_condition("overlay <= 1.45 nm")).grade == "unverified"


TRUTHS = st.sampled_from([True, False, None])


class TestThreeValues:
    @given(st.lists(TRUTHS, min_size=1))
    def test_kleene(self, values: list[bool | None]) -> None:
        """The conjunction holds in all, some or no completions of what is unknown."""
        unknown = values.count(None)
        ways = [[bool(n >> i & 1) for i in range(unknown)] for n in range(2 ** min(unknown, 4))]
        seen_all, seen_any = set(), set()
        for way in ways:
            fill = iter([*way, *[False] * unknown])
            full = [next(fill) if v is None else v for v in values]
            seen_all.add(all(full))
            seen_any.add(any(full))
        assert all_of(values) is None or seen_all == {all_of(values)}
        assert any_of(values) is None or seen_any == {any_of(values)}

    @given(st.lists(TRUTHS))
    def test_de_morgan(self, values: list[bool | None]) -> None:
        turned = [None if v is None else not v for v in values]
        whole = all_of(values)
        assert any_of(turned) is (None if whole is None else not whole)


NUMBERS = st.integers(1, 8).map(str)
CONDITIONS = st.builds(
    lambda q, op, v: f"{q} {op} {v}" + {"overlay": " nm", "power": " W"}.get(q, ""),
    st.sampled_from(["tpp", "overlay", "power"]),
    st.sampled_from([">=", ">", "<=", "<", "=="]),
    NUMBERS,
)
BOXES = st.lists(st.lists(CONDITIONS, min_size=1, max_size=3), min_size=1, max_size=3)
VALUES = st.fixed_dictionaries({"tpp": NUMBERS, "overlay": NUMBERS, "power": NUMBERS})
OPERATORS = {">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt, "==": operator.eq}


def union(boxes: list[list[str]], figures: dict[str, str]) -> bool | None:
    facts = Facts(product(*figures.items()), measures())
    return any_of(facts.box(tuple(parse_condition(c) for c in box)).truth for box in boxes)


class TestUnions:
    @given(BOXES, VALUES)
    def test_known_figures_answer_as_plain_arithmetic_does(
        self, boxes: list[list[str]], values: dict[str, str]
    ) -> None:
        def holds(text: str) -> bool:
            c = parse_condition(text)
            assert isinstance(c.value, Decimal)
            return bool(OPERATORS[c.operator](Fraction(values[c.quantity]), Fraction(c.value)))

        assert union(boxes, values) is any(all(holds(c) for c in box) for box in boxes)

    @given(BOXES, VALUES, st.sets(st.sampled_from(["tpp", "overlay", "power"])))
    def test_knowing_more_never_reverses(self, boxes: list[list[str]], values: dict[str, str], known: set[str]) -> None:
        less = union(boxes, {k: v for k, v in values.items() if k in known})
        assert less is None or less is union(boxes, values)


EXTRA = """
- code: "3A090.a"
  label: Chips
  technologies: [semiconductors/lithography]
  versions:
    - from: "2022-10-21"
      start: exact
      by: rule-2022
      scope: Chips.
      thresholds:
        - ["total-processing-performance >= 4800"]
        - ["total-processing-performance >= 1600", "performance-density >= 5.92 1/mm^2"]
      except:
        - {conditions: ["total-processing-performance < 4800", "euv == no"], pinpoint: Note 2}
      reasons: [NS, AT]
      licence:
        - {reason: NS, destinations: ["D:1"], less: ["A:5"], review: presumption-of-denial, pinpoint: "1(a)"}
      authorisations:
        - {id: OPEN, available: "yes", pinpoint: "2"}
      pinpoint: Entry 3A090.a
      evidence: [{grade: secondary, checked: "2026-06-30", against: A note}]
"""
PROBE = """
- id: {id}
  name: A probe
  maker: A maker
  technologies: [{technology}]
  properties:
{figures}
{more}
  evidence: [{{grade: unverified}}]
"""
OTHER = "regimes/us-ear/controls/other.yaml"
PRODUCTS = "regimes/context/products.yaml"
PLACES = "regimes/vocabulary/destinations.yaml"


def write_probe(
    small: SmallLibrary,
    figures: dict[str, str],
    more: str = "",
    technology: str = "semiconductors/lithography",
    id: str = "probe",
) -> None:
    lines = "\n".join(
        f'    - {{quantity: {q}, value: "{v}", evidence: [{{grade: unverified}}]}}' for q, v in figures.items()
    )
    small.append(PRODUCTS, PROBE.format(id=id, technology=technology, figures=lines, more=more))


def entry(code: str, thresholds: str, technologies: str = "semiconductors/lithography", more: str = "") -> str:
    return f"""
- code: "{code}"
  label: An entry
  technologies: [{technologies}]
  versions:
    - from: "2022-03-01"
      by: rule-2022
      scope: Something.
      {f"thresholds: {thresholds}" if thresholds else "reasons: [NS]"}
      {more}
      pinpoint: Entry {code}
      evidence: [{{grade: unverified}}]
"""


class TestRules:
    """One rule at a time, on a small library."""

    @pytest.fixture
    def bare(self, small: SmallLibrary) -> SmallLibrary:
        """The small library with nothing of the United States on lithography but what a test adds."""
        small.write(US, small.read(US).replace("[semiconductors/lithography]", "[semiconductors/etch]"))
        return small

    def ask(self, small: SmallLibrary, day: str = DAY, side: str = "us-ear") -> tuple[str, str | None, str]:
        answer = would_catch(small.load(), "probe", side, day)
        return answer.verdict, answer.code, answer.because

    @pytest.mark.parametrize(
        ("performance", "area", "flag", "wanted"),
        [
            ("4800", "10000", "no", "yes"),  # the note needs less than 4800
            ("4799", "800", "yes", "yes"),
            ("4799", "800", "no", "no"),  # taken out by the note
            ("4799", "800", "", "cannot-say"),  # whether the note takes it out is not known
            ("4799", "", "no", "no"),  # whatever the density, the note takes it out
            ("4799", "", "yes", "cannot-say"),
            ("1599", "1", "yes", "no"),
            ("", "800", "yes", "cannot-say"),
        ],
    )
    def test_boxes_and_exceptions(
        self, bare: SmallLibrary, performance: str, area: str, flag: str, wanted: str
    ) -> None:
        bare.write(OTHER, EXTRA)
        figures = {"total-processing-performance": performance, "die-area": area, "euv": flag}
        write_probe(bare, {q: v for q, v in figures.items() if v})
        verdict, code, because = self.ask(bare)
        assert verdict == wanted, because
        assert code == "3A090.a"

    def test_the_sentence_names_the_note(self, bare: SmallLibrary) -> None:
        bare.write(OTHER, EXTRA)
        write_probe(bare, {"total-processing-performance": "4799", "die-area": "800", "euv": "no"})
        assert "taken out by Note 2" in self.ask(bare)[2]

    def test_limits_that_are_not_encoded(self, bare: SmallLibrary) -> None:
        bare.write(OTHER, entry("3B999", ""))
        write_probe(bare, {"overlay": "1"})
        assert self.ask(bare) == ("cannot-say", "3B999", "its limits are not encoded")

    @pytest.mark.parametrize(
        ("technologies", "wanted"),
        [
            ("semiconductors/lithography", "yes"),
            ("semiconductors/litho", "yes"),  # an alias
            ("semiconductors", "cannot-say"),  # above
            ("semiconductors/lithography, semiconductors/etch", "cannot-say"),  # spans another technology
            ("semiconductors, semiconductors/lithography", "yes"),  # the most specific one decides
        ],
    )
    def test_descriptive_entries(self, bare: SmallLibrary, technologies: str, wanted: str) -> None:
        bare.write(OTHER, entry("3B999", "[]", technologies))
        write_probe(bare, {"overlay": "1"})
        answer = would_catch(bare.load(), "probe", "us-ear", DAY)
        assert answer.verdict == wanted
        assert "descriptive entry" in answer.because
        detail = next(c for c in answer.details if c.code == "3B999")
        assert detail.verdict == ("by-description" if wanted == "yes" else "cannot-say")

    def test_technology_alone_is_too_little_where_another_entry_measures(self, bare: SmallLibrary) -> None:
        bare.write(OTHER, entry("3B998", '[["overlay <= 0.5 nm"]]') + entry("3B999", "[]"))
        write_probe(bare, {"overlay": "1"})
        verdict, code, because = self.ask(bare)
        assert (verdict, code) == ("cannot-say", "3B999")
        assert because.endswith("while 3B998, which measures, does not catch it")

    def test_a_technology_above_the_entry_fits(self, bare: SmallLibrary) -> None:
        bare.write(OTHER, entry("3B999", '[["overlay <= 2 nm"]]'))
        write_probe(bare, {"overlay": "1"}, technology="semiconductors")
        assert self.ask(bare)[0] == "yes"

    @pytest.mark.parametrize(
        ("fits", "thresholds", "wanted"),
        [
            ("no", '[["overlay <= 2 nm"]]', "no"),
            ("unclear", '[["overlay <= 2 nm"]]', "cannot-say"),
            ("unclear", '[["overlay <= 0.5 nm"]]', "no"),
            ("yes", '[["overlay <= 0.5 nm"]]', "no"),
            ("yes", "[]", "yes"),
            ("no", "[]", "no"),
            ("unclear", "[]", "cannot-say"),
        ],
    )
    def test_readings(self, bare: SmallLibrary, fits: str, thresholds: str, wanted: str) -> None:
        bare.write(OTHER, entry("3B999.a", thresholds))
        reading = f'  readings: [{{regime: us-ear, codes: ["3B999"], fits: "{fits}", reason: because of this}}]'
        write_probe(bare, {"overlay": "1"}, reading)
        verdict, _, because = self.ask(bare)
        assert verdict == wanted
        if wanted != "no" or fits == "no":
            assert "because of this" in because

    def test_readings_of_another_product(self, bare: SmallLibrary) -> None:
        bare.write(OTHER, entry("3B999.a", "[]"))
        reading = '  readings: [{regime: us-ear, codes: ["3B999"], fits: "no", reason: x}]'
        bare.change(PRODUCTS, '  year: "2020"\n', f'  year: "2020"\n{reading}\n')
        write_probe(bare, {"overlay": "1"}, "  reads_as: stepper")
        assert self.ask(bare)[0] == "no"

    def test_groups(self, bare: SmallLibrary) -> None:
        bare.write(OTHER, entry("3D999", '[["overlay <= 2 nm"]]') + entry("3B999", '[["overlay <= 0.5 nm"]]'))
        write_probe(bare, {"overlay": "1"}, "  groups: [B]")
        answer = would_catch(bare.load(), "probe", "us-ear", DAY)
        assert (answer.verdict, answer.code) == ("no", "3B999")
        assert "entry for software" in next(c for c in answer.details if c.code == "3D999").because

    def test_anti_terrorism_alone_is_kept_apart(self, bare: SmallLibrary) -> None:
        residual = entry("3A991", '[["overlay <= 2 nm"]]', more="reasons: [AT]")
        bare.write(OTHER, residual + entry("3B999", '[["overlay <= 0.5 nm"]]'))
        write_probe(bare, {"overlay": "1"})
        answer = would_catch(bare.load(), "probe", "us-ear", DAY)
        assert (answer.verdict, answer.code) == ("no", "3B999")
        assert "listed in 3A991 for anti-terrorism reasons alone" in answer.because
        assert next(c for c in answer.details if c.code == "3A991").catches

    def test_yes_beats_cannot_say_beats_no(self, bare: SmallLibrary) -> None:
        no, unknown = entry("3B991", '[["overlay <= 0.5 nm"]]'), entry("3B992", '[["wavelength < 193 nm"]]')
        bare.write(OTHER, no)
        write_probe(bare, {"overlay": "1"})
        assert self.ask(bare)[:2] == ("no", "3B991")
        bare.write(OTHER, no + unknown)
        assert self.ask(bare)[:2] == ("cannot-say", "3B992")
        bare.write(OTHER, no + unknown + entry("3B993", '[["overlay <= 2 nm"]]'))
        assert self.ask(bare)[:2] == ("yes", "3B993")

    def test_the_nearest_miss_is_named(self, bare: SmallLibrary) -> None:
        bare.write(OTHER, entry("3B991", '[["overlay <= 0.1 nm"]]') + entry("3B992", '[["overlay <= 0.9 nm"]]'))
        write_probe(bare, {"overlay": "1"})
        assert self.ask(bare)[1:] == ("3B992", "overlay: 1 nm (at most 0.9 nm needed)")

    def test_nothing_encoded_is_no_no(self, bare: SmallLibrary) -> None:
        write_probe(bare, {"overlay": "1"})
        verdict, code, because = self.ask(bare)
        assert (verdict, code) == ("cannot-say", None)
        assert "nothing is encoded about lithography" in because

    def test_a_finding_answers_where_no_entry_does(self, bare: SmallLibrary) -> None:
        bare.append(
            "regimes/us-ear/findings.yaml",
            """
- id: us-no-lithography
  technology: semiconductors
  side: us-ear
  from: "2020-01-15"
  finding: not-found
  searched: [The list]
  note: Nothing names it.
  evidence: [{grade: unverified}]
""",
        )
        write_probe(bare, {"overlay": "1"})
        assert self.ask(bare)[0] == "no"
        assert self.ask(bare, "2019-01-01")[0] == "cannot-say"

    def test_an_instrument_as_a_side(self, bare: SmallLibrary) -> None:
        bare.write(OTHER, entry("3B999", '[["overlay <= 2 nm"]]').replace("by: rule-2022", "by: bill-2023"))
        bare.write(OTHER, bare.read(OTHER).replace("2022-03-01", "2023-02-01"))
        write_probe(bare, {"overlay": "1"})
        assert self.ask(bare)[0] == "cannot-say"  # a bill is no law
        assert self.ask(bare, side="us-ear:bill-2023")[:2] == ("yes", "3B999")

    def test_layers(self, small: SmallLibrary) -> None:
        write_probe(small, {"overlay": "1.4", "wavelength": "193"})
        answer = would_catch(small.load(), "probe", "law-in:nl", DAY)
        assert (answer.verdict, answer.layer, answer.code) == ("yes", "nl-national", "3B001.f.4")

    def test_a_layer_that_knows_nothing_is_no_no(self, small: SmallLibrary) -> None:
        small.write(NL, small.read(NL).replace("semiconductors/lithography", "semiconductors/etch"))
        write_probe(small, {"overlay": "1.4", "wavelength": "193"})
        library = small.load()
        assert would_catch(library, "probe", "eu-dual-use", DAY).verdict == "no"
        assert would_catch(library, "probe", "law-in:nl", DAY).verdict == "cannot-say"


class TestTime:
    @pytest.fixture
    def library(self, small: SmallLibrary) -> Library:
        write_probe(small, {"overlay": "1.4", "wavelength": "193"}, '  year: "2019"')
        write_probe(small, {"overlay": "2", "wavelength": "193"}, '  year: "2019"', id="later")
        return small.load()

    def test_since_the_first_day_of_the_run(self, library: Library) -> None:
        assert would_catch(library, "probe", "us-ear", DAY).since == "2020-01-15"
        assert would_catch(library, "later", "us-ear", DAY).since == "2022-03-01"

    def test_the_day_of_effect_counts(self, library: Library) -> None:
        assert would_catch(library, "later", "us-ear", "2022-02-28").verdict == "no"
        assert would_catch(library, "later", "us-ear", "2022-03-01").verdict == "yes"

    def test_before_an_exact_start_it_was_not_listed(self, library: Library) -> None:
        answer = would_catch(library, "probe", "us-ear", "2020-01-14")
        assert (answer.verdict, answer.because) == ("no", "not listed before 2020-01-15")

    def test_before_an_unknown_start_nothing_can_be_said(self, library: Library) -> None:
        assert would_catch(library, "probe", "eu-dual-use", "2021-09-08").verdict == "cannot-say"

    def test_an_unknown_start_is_marked(self, small: SmallLibrary) -> None:
        write_probe(small, {"wavelength": "13.5"})
        answer = would_catch(small.load(), "probe", "eu-dual-use", DAY)
        assert (answer.verdict, answer.since, answer.censored) == ("yes", "2021-09-09", True)

    def test_after_the_last_verification_it_says_so(self, library: Library) -> None:
        assert "last verified on 2026-06-30" in would_catch(library, "probe", "us-ear", "2026-07-01").because
        assert "last verified" not in would_catch(library, "probe", "us-ear", DAY).because

    def test_a_gap_starts_the_run_again(self, small: SmallLibrary) -> None:
        steps = {"2022-03-01": "2", "2023-01-01": "1", "2024-01-01": "3"}
        versions = "".join(
            f'    - {{from: "{day}", by: rule-2022, scope: x, thresholds: [["overlay <= {limit} nm"]], pinpoint: x, '
            "evidence: [{grade: unverified}]}\n"
            for day, limit in steps.items()
        )
        head = '- code: "3B999"\n  label: An entry\n  technologies: [quantum/quantum-sensing]\n  versions:\n'
        end = '    - {from: "2025-01-01", by: rule-2022, ends: true, evidence: [{grade: unverified}]}\n'
        small.write(OTHER, head + versions + end)
        write_probe(small, {"overlay": "1.4"}, technology="quantum/quantum-sensing")
        library = small.load()
        assert would_catch(library, "probe", "us-ear", "2024-06-01").since == "2024-01-01"
        table = life(library, "probe", ["us-ear"], DAY, since="2021-01-01")
        assert [(r["from"], r["until"], r["verdict"]) for r in table.to_dict("records")] == [
            ("2021-01-01", "2022-02-28", "no"),
            ("2022-03-01", "2022-12-31", "yes"),
            ("2023-01-01", "2023-12-31", "no"),
            ("2024-01-01", "2024-12-31", "yes"),
            ("2025-01-01", "", "no"),
        ]

    def test_what_another_layer_took_over(self, small: SmallLibrary) -> None:
        small.change(
            "regimes/eu-dual-use/instruments.yaml",
            '  dates: {published: "2024-10-01", effective: "2024-11-08"}\n',
            '  dates: {published: "2024-10-01", effective: "2024-11-08"}\n'
            '  effects: [{on: order-2023, kind: displaces, from: "2024-11-08", parts: ["3B001.f.4"]}]\n',
        )
        write_probe(small, {"overlay": "1.4", "wavelength": "193"})
        answer = would_catch(small.load(), "probe", "nl-national", DAY)
        assert answer.verdict == "no"
        assert "caught it before; taken over by another layer" in answer.because

    def test_the_side_may_have_a_day_of_its_own(self, library: Library) -> None:
        assert would_catch(library, "later", "us-ear@2022-02-28", DAY).verdict == "no"


class TestLicence:
    @pytest.fixture
    def small_trade(self, small: SmallLibrary) -> SmallLibrary:
        small.write(OTHER, EXTRA)
        small.append(
            PLACES,
            """
- {id: JP, label: {en: Japan}, kind: country, evidence: [{grade: unverified}]}
- {id: AE, label: {en: United Arab Emirates}, kind: country, evidence: [{grade: unverified}]}
- {id: US, label: {en: United States}, kind: country, evidence: [{grade: unverified}]}
- id: "A:5"
  label: {en: Partners}
  kind: group
  members:
    - {from: "2020-01-01", until: "2026-05-31", countries: ["JP"]}
    - {from: "2026-06-01", countries: ["JP", "AE"]}
  evidence: [{grade: unverified}]
- id: OPEN
  label: {en: An open licence}
  kind: special
  members: [{from: "2024-01-01", countries: ["CN"]}]
  evidence: [{grade: unverified}]
""",
        )
        small.change(
            PLACES, 'countries: ["CN"]}\n  evidence', 'until: "2027-12-31", countries: ["CN", "AE"]}\n  evidence'
        )
        write_probe(small, {"total-processing-performance": "9000", "overlay": "9", "wavelength": "248"})
        return small

    @pytest.mark.parametrize(
        ("destination", "day", "wanted"),
        [
            ("CN", "2023-06-30", "required"),  # before the known dates of the open licence
            ("CN", "2026-06-30", "authorisation-possible"),
            ("cn", "2026-06-30", "authorisation-possible"),
            ("China", "2026-06-30", "authorisation-possible"),
            ("JP", "2026-06-30", "not-required"),
            ("AE", "2026-05-31", "required"),
            ("AE", "2026-06-01", "not-required"),  # less the partners
            ("CN", "2028-01-01", "cannot-say"),  # after the known dates of D:1
            ("US", "2026-06-30", "not-required"),
            ("CN", "2021-06-30", "not-required"),  # not listed yet
        ],
    )
    def test_rows_memberships_and_authorisations(
        self, small_trade: SmallLibrary, destination: str, day: str, wanted: str
    ) -> None:
        answer = licence(small_trade.load(), "probe", "us-ear", destination, day)
        assert answer.answer == wanted, answer.because

    def test_pinpoints_and_end_uses(self, small_trade: SmallLibrary) -> None:
        answer = licence(small_trade.load(), "probe", "us-ear", "AE", "2026-05-31")
        assert "1(a)" in answer.because
        assert [p.id for p in answer.end_uses] == ["rule-2020-military"]
        assert answer.notes

    def test_an_authorisation_in_part_does_not_suffice(self, small_trade: SmallLibrary) -> None:
        small_trade.change(OTHER, 'id: OPEN, available: "yes"', "id: OPEN, available: partly")
        answer = licence(small_trade.load(), "probe", "us-ear", "CN", DAY)
        assert answer.answer == "required"
        assert "in particular cases OPEN" in answer.because

    def test_rows_that_are_not_encoded(self, small_trade: SmallLibrary) -> None:
        small_trade.write(OTHER, entry("3A090.a", '[["total-processing-performance >= 4800"]]'))
        assert licence(small_trade.load(), "probe", "us-ear", "CN", DAY).answer == "cannot-say"

    def test_a_product_of_which_too_little_is_known(self, small_trade: SmallLibrary) -> None:
        small_trade.change(PRODUCTS, "quantity: total-processing-performance", "quantity: qubits")
        assert licence(small_trade.load(), "probe", "us-ear", "CN", DAY).answer == "cannot-say"

    def test_unknown_destination(self, small_trade: SmallLibrary) -> None:
        with pytest.raises(UnknownName, match="there is no destination 'Chima'; nearest valid name: China"):
            licence(small_trade.load(), "probe", "us-ear", "Chima", DAY)
        with pytest.raises(WorkbenchError, match="group of destinations"):
            licence(small_trade.load(), "probe", "us-ear", "D:1", DAY)


class TestBadInput:
    def test_unknown_product(self, small: SmallLibrary) -> None:
        with pytest.raises(UnknownName, match="there is no product 'steppr'; nearest valid name: stepper"):
            would_catch(small.load(), "steppr", "us-ear", DAY)

    def test_unknown_side(self, small: SmallLibrary) -> None:
        with pytest.raises(UnknownName, match="nearest valid name: us-ear"):
            would_catch(small.load(), "stepper", "us-er", DAY)

    @pytest.mark.parametrize(
        ("line", "sentence"),
        [
            ("reads_as: nobody", "unknown product 'nobody'"),
            ('readings: [{regime: us-er, codes: ["1"], fits: "no", reason: x}]', "unknown regime 'us-er'"),
            (
                'readings: [{regime: us-ear, codes: ["3B001.g"], fits: "no", reason: x}]',
                "unknown control of us-ear '3B001.g'",
            ),
            ('readings: [{regime: us-ear, codes: ["3B001"], fits: maybe, reason: x}]', "'maybe' is not a valid fits"),
            ("groups: [F]", "'F' is not a valid groups"),
        ],
    )
    def test_check_says_what_is_wrong(self, small: SmallLibrary, line: str, sentence: str) -> None:
        small.change(PRODUCTS, '  year: "2020"\n', f'  year: "2020"\n  {line}\n')
        problems = small.problems()
        assert any(sentence in p for p in problems), problems

    def test_a_flag_has_no_bound(self, small: SmallLibrary) -> None:
        small.change(PRODUCTS, 'value: "no"', 'value: "no", bound: at-most')
        assert any("flag euv has a bound" in p for p in small.problems())


# ------------------------------------------------------------------------------------------ the shipped encodings

NOW = "2026-11-22"


@cache
def shipped() -> Library:
    return load(Path(__file__).resolve().parents[2])


def on(product_id: str, side: str = "us-ear", day: str = NOW) -> tuple[str, str | None]:
    answer = would_catch(shipped(), product_id, side, day)
    return answer.verdict, answer.code if answer.verdict == "yes" else None


class TestShipped:
    def test_a_hundred_products(self) -> None:
        assert len(shipped().products) >= 100

    @pytest.mark.parametrize("regime", regimes(shipped()))
    def test_every_product_answers_for_every_regime(self, regime: str) -> None:
        library = shipped()
        side = resolve(library, regime, NOW)
        for name in library.products:
            for day in ("2015-01-01", "2023-01-01", "2024-01-01", NOW):
                answer = Probe(library, name, side, NOW).answer(day)
                assert answer.verdict in ("yes", "no", "cannot-say")
                assert answer.because
                assert (answer.since is not None) == (answer.verdict == "yes")
                assert answer.since is None or answer.since <= day

    def test_every_product_has_a_licence_answer(self) -> None:
        library = shipped()
        for side in (resolve(library, r, NOW) for r in ("us-ear", "eu-dual-use", "nl-national")):
            for name in library.products:
                answer = licence(library, name, side, "CN", NOW)
                assert answer.because
                if answer.answer in ("required", "authorisation-possible"):
                    assert any(r.applies for r in answer.rows)

    @pytest.mark.parametrize(
        ("name", "day", "wanted"),
        [
            # October 2022: 600 GB/s and 4800; November 2023: performance and density (88 FR 73458).
            ("nvidia-a100-sxm", "2022-10-20", "no"),
            ("nvidia-a100-sxm", "2022-10-21", "yes"),
            ("nvidia-a100-sxm", "2023-11-17", "yes"),
            ("nvidia-a800-sxm", "2023-11-16", "no"),
            ("nvidia-a800-sxm", "2023-11-17", "yes"),
            ("nvidia-h800-sxm", "2023-11-16", "no"),
            ("nvidia-h100-pcie", "2022-10-21", "yes"),
            ("nvidia-rtx-4090", "2023-11-16", "no"),
            ("nvidia-rtx-4090", "2023-11-17", "yes"),
            ("nvidia-l40s", "2022-10-21", "no"),
            ("amd-instinct-mi250x", "2022-10-21", "yes"),
        ],
    )
    def test_the_chip_rules_of_2022_and_2023(self, name: str, day: str, wanted: str) -> None:
        assert on(name, day=day)[0] == wanted

    @pytest.mark.parametrize(
        ("name", "wanted"),
        [
            ("nvidia-rtx-4090", ("yes", "3A090.a")),  # Note 2 needs less than 4800
            ("nvidia-rtx-5090", ("yes", "3A090.a")),
            ("nvidia-rtx-4090-d", ("no", None)),  # Note 2
            ("nvidia-rtx-5090-d", ("no", None)),
            ("bd-facslyric", ("no", None)),  # 14 detectors, not spectral
            ("nvidia-h20", ("no", None)),  # 2368 and a density below 3.2
            ("nvidia-l20", ("no", None)),  # density 3.14
            ("nvidia-a10", ("no", None)),  # density 3.18
            ("nvidia-a40", ("yes", "3A090.b")),  # 2394 and a density of 3.81
            ("nvidia-a30", ("yes", "3A090.b")),  # 2640 and a density of 3.20
            ("nvidia-l4", ("yes", "3A090.a")),  # 1936 and a density of 6.57
            ("nvidia-l2", ("no", None)),  # 1544
            ("nvidia-l40", ("yes", "3A090.b")),
            ("amd-instinct-mi308x", ("no", None)),
            ("google-tpu-v4", ("yes", "3A090.a")),  # the die is smaller than 600 mm²
            ("hbm-stack", ("yes", "3A090.c")),
            ("gddr6x-chip", ("no", None)),
            ("openai-gpt-4", ("no", None)),
            ("meta-llama-3-1-405b", ("no", None)),
            ("xai-grok-3", ("yes", "4E091")),
        ],
    )
    def test_chips_and_weights_in_the_united_states(self, name: str, wanted: tuple[str, str | None]) -> None:
        assert on(name) == wanted

    def test_h20_is_listed_for_anti_terrorism_alone(self) -> None:
        answer = would_catch(shipped(), "nvidia-h20", "us-ear", NOW)
        assert "3A991.p for anti-terrorism reasons alone" in answer.because
        assert not any(c.code.startswith("3A090") and c.catches for c in answer.details)

    @pytest.mark.parametrize(
        ("name", "wanted"),
        [
            ("nvidia-h100-sxm", "yes"),
            ("nvidia-a100-sxm", "no"),  # 4992
            ("nvidia-rtx-4090", "no"),  # 5285
            ("nvidia-l40s", "no"),  # 5864
            ("groq-lpu", "yes"),  # at least 6000
            ("amd-instinct-mi250x", "yes"),  # 6128
        ],
    )
    def test_chips_in_the_union(self, name: str, wanted: str) -> None:
        assert on(name, "eu-dual-use")[0] == wanted
        assert on(name, "eu-dual-use", "2025-11-14")[0] == "no"

    def test_the_overlay_story(self) -> None:
        band = "unnumbered/immersion-scanners-overlay-band"
        assert on("asml-nxt-1980di", day="2023-11-16") == ("no", None)
        assert on("asml-nxt-1980di", day="2023-11-17") == ("yes", "3B001.f.1.b")
        assert on("asml-nxt-1980di", day="2024-12-01") == ("yes", "3B001.f.1.b")
        assert on("asml-nxt-1980di", day="2024-12-02") == ("yes", "3B993.f.1")
        assert would_catch(shipped(), "asml-nxt-1980di", "us-ear", NOW).listed_since == "2023-11-17"
        assert on("asml-nxt-1980di", "nl-national", "2024-09-06") == ("no", None)
        assert on("asml-nxt-1980di", "nl-national", "2024-09-07") == ("yes", band)
        assert on("asml-nxt-1980di", "eu-dual-use") == ("no", None)
        assert on("asml-nxt-2000i", "nl-national", "2023-08-31") == ("no", None)
        assert on("asml-nxt-2000i", "nl-national", "2023-09-01") == ("yes", "3B001.f.4")
        assert on("asml-nxt-2000i", "nl-national") == ("no", None)  # taken over by Annex I
        assert on("asml-nxt-2000i", "eu-dual-use") == ("yes", "3B501.f.1.b")
        assert would_catch(shipped(), "asml-nxt-2000i", "law-in:nl", NOW).listed_since == "2023-09-01"

    def test_k_tells_the_older_union_entry_from_the_newer(self) -> None:
        """35.8 nm with K = 0.25 is 50.1 nm with K = 0.35: 3B001.f.1.b of the Union does not take immersion scanners."""
        details = {c.code: c for c in would_catch(shipped(), "asml-nxt-2000i", "eu-dual-use", NOW).details}
        assert details["3B001.f.1.b"].verdict == "no"
        assert "50.11 nm" in details["3B001.f.1.b"].because
        assert details["3B501.f.1.b"].verdict == "yes"

    @pytest.mark.parametrize(
        ("name", "wanted"),
        [
            ("asml-nxe-3600d", "3B001.f.1.a"),
            ("asml-exe-5000", "3B001.f.1.a"),
            ("canon-fpa-1200nz2c", "3B001.f.2"),
            ("atom-computing-ac1000", "4A906.a.7"),  # 1225 qubits, 5e-3 against 6e-3
            ("bluefors-xld1000sl", "3A904.a"),
            ("oxford-proteox-lx", "3A904.a"),
            ("cryomech-pt415", "3A904.b"),  # 1.5 W at 4.2 K, base 2.8 K: on the limit
            ("cryomech-pt420", "3A904.b"),
            ("bluefors-cryogenic-wafer-prober", "3B904"),
            ("bd-facsymphony-a5", "3A069.a"),
            ("cytek-aurora", "3A069.a"),
            ("cem-liberty-pro", "2B352.k"),
            ("cellebrite-ufed", "5A004.b"),
            ("amesys-eagle", "5A001.j"),
            ("nso-pegasus", "4A005"),
            ("harris-stingray", "5A001.f.2"),
            ("gsm-content-interceptor", "5A001.f.1"),
            ("selective-cellular-jammer", "5A001.f.3"),
            ("trovicor-monitoring-centre", "5D001.e"),
            ("covert-gsm-bug", "5A980"),
            ("lafayette-lx6-polygraph", "3A981"),
            ("police-afis", "3A981"),
            ("police-voice-biometrics", "3A980"),
        ],
    )
    def test_caught_in_the_united_states(self, name: str, wanted: str) -> None:
        assert on(name) == ("yes", wanted)

    @pytest.mark.parametrize(
        "name",
        [
            "asml-xt-860",
            "asml-nxt-1470",
            "quantinuum-helios",  # 98 qubits, 8e-4; the entry asks for 1e-4
            "ibm-condor",  # 1121 qubits, 1e-2 against 6e-3
            "ibm-heron-r2",
            "google-willow",
            "quera-aquila",
            "d-wave-advantage",  # Note 1: annealers are out
            "bluefors-ld400",
            "cryomech-pt410",
            "sumitomo-rdk-415d",  # 1.5 W, but no pulse tube
            "eos-m-290",
            "msab-xry-logical",
            "sandvine-packetlogic",
            "utimaco-lims",
            "wi-fi-interceptor",
            "clearview-ai-search",
        ],
    )
    def test_not_caught(self, name: str) -> None:
        assert on(name) == ("no", None)
        assert on(name, "eu-dual-use") == ("no", None)

    @pytest.mark.parametrize(
        "name", ["ionq-tempo", "telesis-bioxp", "raith-chipscanner", "sciaky-ebam-110", "smartphone-fingerprint-sensor"]
    )
    def test_cannot_be_said(self, name: str) -> None:
        assert on(name)[0] == "cannot-say"

    @pytest.mark.parametrize(
        ("name", "side", "destination", "wanted"),
        [
            ("asml-nxt-2000i", "us-ear", "CN", "required"),
            ("asml-nxt-2000i", "us-ear", "JP", "not-required"),  # to or within Macau or D:5
            ("asml-nxt-2000i", "law-in:nl", "CN", "required"),
            ("asml-nxt-2000i", "law-in:nl", "JP", "authorisation-possible"),  # EU001
            ("asml-nxt-2000i", "law-in:nl", "DE", "not-required"),
            ("nvidia-h20", "us-ear", "CN", "not-required"),
            ("nvidia-h20", "us-ear", "IR", "required"),  # 3A991.p
            ("nvidia-l40", "us-ear", "AE", "required"),  # named beside the groups since July 2026
            ("nvidia-l40", "us-ear", "FR", "not-required"),
        ],
    )
    def test_licences(self, name: str, side: str, destination: str, wanted: str) -> None:
        answer = licence(shipped(), name, side, destination, NOW)
        assert answer.answer == wanted, answer.because

    def test_memberships_before_the_known_dates(self) -> None:
        assert licence(shipped(), "nvidia-l40", "us-ear", "CN", "2024-01-01").answer == "cannot-say"

    def test_end_uses_are_named_apart(self) -> None:
        answer = licence(shipped(), "nvidia-h20", "us-ear", "CN", NOW)
        assert any(p.pinpoint.startswith("744.23") for p in answer.end_uses)
        assert any(p.pinpoint.startswith("744.11") for p in answer.end_users)

    def test_tables(self) -> None:
        table = verdicts(shipped(), ["nvidia-h20", "asml-nxt-2000i"], ["us-ear", "law-in:nl"], NOW)
        assert len(table) == 4
        assert product_of(shipped(), "NVIDIA H20").id == "nvidia-h20"


class TestShown:
    def test_the_map(self) -> None:
        import pandas as pd

        from analysis.present.figures.products import product_map

        names = ["nvidia-a100-sxm", "asml-nxt-1980di"]
        tables = [life(shipped(), n, ["us-ear", "eu-dual-use", "nl-national"], NOW, "2016-01-01") for n in names]
        figure = product_map(pd.concat(tables), NOW)
        assert "NVIDIA A100 SXM 80 GB: US since 2022-10-21 (3A090.a)" in figure.alt
        assert NOTICE.rstrip(".").lower() in str(figure.notes[0]).lower()
        again = product_map(pd.concat(tables), NOW)
        assert figure.svg() == again.svg()

    def test_the_tables(self) -> None:
        from analysis.present import tables_products as shown
        from analysis.present.bundles import plain

        library = shipped()
        table = shown.verdicts(verdicts(library, ["nvidia-h20"], ["us-ear"], NOW), NOW)
        assert plain(table.rows[0][1]).startswith("no")
        assert NOTICE in plain(table.notes[0])
        licences = shown.licences(library, [licence(library, "asml-nxt-2000i", "us-ear", "CN", NOW)])
        assert plain(licences.rows[0][2]) == "required"
        assert NOTICE in [plain(n) for n in licences.notes]
