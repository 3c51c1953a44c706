"""Numbers are read as lists print them, damaged prints included. Needs no official text."""

from __future__ import annotations

import pytest

from analysis.encoding.conditions import parse_condition

from .numbers import matches
from .operators import contradicts


@pytest.mark.parametrize(
    ("condition", "unit", "printed"),
    [
        ("temperature <= 958 K", "K", "at a temperature equal to or below 685 °C"),
        ("temperature > 373.15 K", "K", "greater than 100 °C and less than 500 °C"),
        ("temperature < 77 K", "K", "below 77 K (-196 °C)"),
        ("wavelength < 193 nm", "nm", "a light source wavelength shorter than 193 nm"),
        ("overlay < 1.5 nm", "nm", "1.50 nm"),
        ("pressure > 133.3 Pa", "Pa", "greater than 133.3 Pa and less than 13.33 kPa"),
        ("pressure > 0.1333 Pa", "Pa", "greater than 133.3 mPa"),
        ("thickness > 2000 nm", "nm", "more than 2 µm thick"),
        ("film-density > 1.7 g/cm^3", "g/cm^3", "density of greater than 1.7g/cc"),
        ("etch-rate > 7 um/min", "um/min", "greater than 7 microns per minute"),
        ("selectivity >= 100", "1", "greater than or equal to 100:1"),
        ("aspect-ratio > 30", "1", "an aspect ratio of 30 to 1"),
        ("aspect-ratio >= 0.5555555556", "1", "an aspect ratio of 1:1.8"),
        ("fluorine >= 1e19 1/cm^3", "1/cm^3", "10 19 atoms/cm 3"),
        ("fluence >= 5e13 1/cm^2", "1/cm^2", "5 × 10 13 n/cm 2 or higher"),
        ("total-dose >= 5000 Gy", "Gy", "5 x 103 Gy (silicon) or higher"),
        ("error < 1e-4", "1", "less than 10 -4"),
        ("error < 1e-4", "1", "less than 10–4"),
        ("operations >= 1e26", "1", "10 26 or more"),
        ("pixels > 4000000", "1", "More than 4 x 106 “active pixels”"),
        ("elements >= 20", "1", "with twenty or more elements"),
        ("transistors < 30000000000", "1", "below 30 billion transistors"),
        ("magnetic-field > 300 mT", "mT", "more than 0.3 T"),
        ("angle <= 360 arcsec", "arcsec", "equivalent to 6 arc minutes rms"),
        ("fuel <= 0.15 kg/(N*h)", "kg/(N*h)", "0.15 kg N−1 h−1 or less"),
        ("fuel <= 0.219 kg/(kW*h)", "kg/(kW*h)", "0.219 kg/kWh at 35%"),
        ("noise < 20 pT/Hz**0.5", "pT/Hz**0.5", "20 pT (rms) per square root Hz"),
        ("noise < 1000 pT/Hz**0.5", "pT/Hz**0.5", "1 nT (rms) per square root Hz"),
        ("gravity < 0.01 mGal", "mGal", "10 µGal"),
        ("sample-rate > 1300 Msample/s", "Msample/s", "greater than 1.3 Giga Samples Per Second (GSPS)"),
        ("frequency >= 2 GHz", "GHz", "from 2 to 4 GHz"),
        ("share <= 0.024 %", "%", "within 0.024% of full scale"),
        ("volume >= 1 m^3", "m^3", "a capacity of 1 cubic meter or greater"),
        ("range > 1200000", "1", "1,200,000 elements"),
    ],
)
def test_printed_forms(condition: str, unit: str, printed: str) -> None:
    assert matches(parse_condition(condition), unit, [printed], ".")


@pytest.mark.parametrize(
    ("condition", "unit", "printed"),
    [
        ("resolution <= 45 nm", "nm", "MRF of 45 nm or less, where K = 0,35"),
        ("k-factor <= 0.35", "1", "where the K factor = 0,35."),
        ("range > 5120 m", "m", "exceeding 5 120 m"),
        ("range > 5120 m", "m", "exceeding 5.120 m"),
        ("length > 10150000 m", "m", "exceeding 10,15 × 106 m"),
    ],
)
def test_printed_forms_with_a_decimal_comma(condition: str, unit: str, printed: str) -> None:
    assert matches(parse_condition(condition), unit, [printed], ",")


@pytest.mark.parametrize(
    ("condition", "unit", "printed"),
    [
        ("wavelength < 193 nm", "nm", "a wavelength of 193 µm"),  # another unit
        ("wavelength < 193 nm", "nm", "see 3B193 and section 193"),  # no unit
        ("qubits >= 34", "1", "Note 34 to this entry; 34. For the purposes of"),  # a reference and a place in a list
        ("qubits >= 34", "1", "a frequency of 34 GHz"),  # a unit where none belongs
        ("qubits >= 34", "1", "134 or 3400 or 3.4"),
        ("overlay < 1.5 nm", "nm", "15 nm or 0.15 nm"),
    ],
)
def test_other_numbers_do_not_pass(condition: str, unit: str, printed: str) -> None:
    assert not matches(parse_condition(condition), unit, [printed], ".")


@pytest.mark.parametrize(
    ("condition", "printed", "fits"),
    [
        ("wavelength < 193 nm", "less than 193 nm", True),
        ("wavelength <= 193 nm", "less than 193 nm", False),
        ("wavelength <= 193 nm", "equal to or less than 193 nm", True),
        ("wavelength < 193 nm", "equal to or less (better) than 193 nm", False),
        ("wavelength <= 193 nm", "193 nm or less", True),
        ("wavelength >= 193 nm", "193 nm or less", False),
        ("wavelength > 193 nm", "not exceeding 193 nm", False),
        ("wavelength >= 193 nm", "not less than 193 nm", True),
        ("wavelength > 193 nm", "exceeding 193 nm along one or more axes", True),
        ("wavelength > 193 nm", "a wavelength of 193 nm", True),  # the text says nothing
    ],
)
def test_words_of_comparison(condition: str, printed: str, fits: bool) -> None:
    assert (contradicts(parse_condition(condition), "nm", [printed], ".") == "") is fits
