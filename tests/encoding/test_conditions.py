"""Conditions and units: parsing, and conversion without a rounding error."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.encoding.conditions import LARGEST, Condition, ConditionError, number, parse_condition
from analysis.encoding.units import UnitError, factor, root, to_canonical


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("overlay <= 1.5 nm", Condition("overlay", "<=", Decimal("1.5"), "nm")),
        ("overlay<=1.50 nm", Condition("overlay", "<=", Decimal("1.5"), "nm")),
        ("  overlay   <=  1.5   nm ", Condition("overlay", "<=", Decimal("1.5"), "nm")),
        ("training-operations > 1e26", Condition("training-operations", ">", Decimal("1e26"))),
        ("qubits >= 34", Condition("qubits", ">=", Decimal(34))),
        ("qubits == 34", Condition("qubits", "==", Decimal(34))),
        ("gain < -3 dB", Condition("gain", "<", Decimal(-3), "dB")),
        (
            "memory-bandwidth-density >= 2 GB/s/mm^2",
            Condition("memory-bandwidth-density", ">=", Decimal(2), "GB/s/mm^2"),
        ),
        ("isotopic-impurity < 0.08 %", Condition("isotopic-impurity", "<", Decimal("0.08"), "%")),
        ("euv == yes", Condition("euv", "==", "yes")),
        ("euv == no", Condition("euv", "==", "no")),
    ],
)
def test_parses(text: str, condition: Condition) -> None:
    assert parse_condition(text) == condition
    assert parse_condition(str(condition)) == condition


def test_flags_are_told_from_numbers() -> None:
    assert parse_condition("euv == yes").is_flag
    assert not parse_condition("qubits == 1").is_flag


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-inf", "1,5", "1_000", "0x10", "１２", "ten", "1.", ".5", "--5"])
def test_no_number(value: str) -> None:
    with pytest.raises(ConditionError) as raised:
        parse_condition(f"overlay <= {value} nm")
    assert str(raised.value).startswith(f"condition 'overlay <= {value} nm': '{value}' is not a number")


@pytest.mark.parametrize("value", [f"1e{LARGEST + 1}", f"1e-{LARGEST + 1}"])
def test_beyond_all_measure(value: str) -> None:
    with pytest.raises(ConditionError, match=f"'{value}' lies beyond 1e{LARGEST}$"):
        parse_condition(f"overlay <= {value} nm")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("1.50", "1.5"),
        ("4800", "4800"),
        ("0", "0"),
        ("-0.0", "0"),
        ("1e3", "1000"),
        ("1e26", "1e26"),
        ("1.05e26", "1.05e26"),
        ("0.00001", "0.00001"),
        ("0.0000001", "1e-7"),
        ("-12", "-12"),
        ("-2.5e30", "-2.5e30"),
    ],
)
def test_numbers_as_readers_expect_them(value: str, shown: str) -> None:
    assert number(Decimal(value)) == shown


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30, places=6))
def test_shown_numbers_keep_their_value(value: Decimal) -> None:
    assert Decimal(number(value)) == value.normalize()


@pytest.mark.parametrize(
    ("unit", "canonical", "share"),
    [
        ("um", "nm", Fraction(1000)),
        ("angstrom", "nm", Fraction(1, 10)),
        ("min", "h", Fraction(1, 60)),
        ("km/h", "m/s", Fraction(5, 18)),
        ("%", "1", Fraction(1, 100)),
        ("ppm", "%", Fraction(1, 10_000)),
        ("GB/s/mm^2", "GB/s/cm**2", Fraction(100)),
        ("1/mm^2", "1/cm^2", Fraction(100)),
        ("Gbit/s", "GB/s", Fraction(1, 8)),
        ("arcsec", "deg", Fraction(1, 3600)),
        ("kg/(N*h)", "kg/N/s", Fraction(1, 3600)),
        ("atm", "Pa", Fraction(101_325)),
        ("", "1", Fraction(1)),
        ("Hz", "1/s", Fraction(1)),
    ],
)
def test_conversion_is_exact(unit: str, canonical: str, share: Fraction) -> None:
    assert factor(unit, canonical) == share
    assert factor(canonical, unit) * share == 1


def test_conversion_has_no_rounding_error() -> None:
    """90 minutes are 1.5 hours, and 7 minutes as many seconds as 420: not so in decimals of 28 digits."""
    assert to_canonical(Decimal(90), "min", "h") == to_canonical(Decimal("1.5"), "h", "h")
    assert to_canonical(Decimal(7), "min", "day") == to_canonical(Decimal(420), "s", "day")
    assert to_canonical(Decimal("0.1"), "um", "nm") == 100


@given(
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=9),
    st.sampled_from([("min", "h"), ("angstrom", "um"), ("km/h", "m/s"), ("ppm", "%"), ("inch", "nm"), ("deg", "urad")]),
)
def test_there_and_back(value: Decimal, units: tuple[str, str]) -> None:
    unit, canonical = units
    assert to_canonical(value, unit, canonical) * factor(canonical, unit) == Fraction(value)


@pytest.mark.parametrize(
    "unit",
    [
        "furlong",
        "degC",
        "5 nm",
        "2*nm",
        "800",
        "nm nm",
        "nm + nm",
        "nm**",
        "nm^12",
        "nm;nm",
        "(nm",
        "()",
        "'nm'",
        "import os",
    ],
)
def test_unknown_unit(unit: str) -> None:
    with pytest.raises(UnitError) as raised:
        factor(unit, "nm")
    assert str(raised.value) == f"'{unit}' is not a known unit"


@pytest.mark.parametrize(
    ("unit", "canonical"), [("K", "nm"), ("1", "nm"), ("nm^2", "nm"), ("dB", "1"), ("kilobase", "kB")]
)
def test_wrong_dimension(unit: str, canonical: str) -> None:
    with pytest.raises(UnitError) as raised:
        factor(unit, canonical)
    assert str(raised.value) == f"'{unit}' does not measure the same as '{canonical}'"


def test_dimensions_of_products() -> None:
    assert root("N*m") == root("J")
    assert root("W") == root("J/s")
    assert root("kN/kg")[1] == root("m/s^2")[1]
