"""Checks of control lists: dates, instruments, thresholds, licence rows."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from analysis.encoding.check.report import Placed, Report
from analysis.encoding.conditions import Condition, ConditionError, parse_condition
from analysis.encoding.forms import Control, Version
from analysis.encoding.library import RegimeData
from analysis.encoding.units import UnitError, to_canonical
from analysis.encoding.yamlsource import Location


def check_controls(report: Report, data: RegimeData) -> None:
    codes = {*data.controls, *data.controls.aliases, *report.library.unread}
    kin = {part for code in codes for part in _parents(code)}
    for control in data.controls.values():
        for number_, technology in enumerate(control.technologies):
            report.known(
                control,
                ("technologies", number_),
                "technology",
                technology,
                report.library.vocabulary.technologies,
            )
        if not control.technologies and not control.versions[0].technologies:
            report.add(control, (), f"control {control.code} names no technology", fix="add 'technologies: [...]'")
        for number_, code in enumerate(control.refers):
            if code == control.code:
                report.add(control, ("refers", number_), f"{code} refers to itself", fix="remove it")
            elif code not in kin and codes.isdisjoint(_parents(code)):
                report.known(control, ("refers", number_), f"control of {data.id}", code, codes)
        _versions(report, data, control)


def _parents(code: str) -> list[str]:
    """The code itself and every code that it is a paragraph of."""
    parts = code.split(".")
    return [".".join(parts[:n]) for n in range(1, len(parts) + 1)]


def _versions(report: Report, data: RegimeData, control: Control) -> None:
    law_before = ""
    last: dict[bool, str] = {}
    for position, version in enumerate(control.versions):
        here: Location = ("versions", position)
        try:
            instrument = report.library.instrument(version.by)
        except KeyError:
            instrument = None
            names = [i for r in report.library.regimes.values() for i in r.instruments]
            report.known(control, (*here, "by"), "instrument", version.by, names)
        binding = instrument is None or instrument.binding
        if binding in last and version.from_ <= last[binding]:
            report.add(
                control,
                (*here, "from"),
                f"version from {version.from_} does not come after the version from {last[binding]}",
                fix="put versions in order of date; two versions cannot start on the same day",
            )
        last[binding] = version.from_
        first = instrument.dates.first if instrument else ""
        if instrument and version.start == "exact" and first and version.from_ < first[: len(version.from_)]:
            report.add(
                control,
                (*here, "from"),
                f"version starts on {version.from_}, before its instrument {instrument.id} ({first})",
                fix="mend the date, name the right instrument, or say 'start: on-or-before'",
            )
        if version.ends and not law_before:
            report.add(control, (*here, "ends"), "the first version ends the control", fix="state first what it said")
        law_before = version.from_
        _version(report, data, control, version, here)


def _version(report: Report, data: RegimeData, control: Control, version: Version, here: Location) -> None:
    words = report.library.vocabulary
    report.evidence(control, here, version.evidence)
    if not version.ends and not version.pinpoint:
        report.add(control, here, f"version of {control.code} has no pinpoint", fix="add 'pinpoint:'")
    if here[-1] == 0 and not version.scope and not version.ends:
        report.add(
            control,
            here,
            f"the first version of {control.code} has no scope",
            fix="say in own words what is caught",
        )
    for n, technology in enumerate(version.technologies or ()):
        report.known(control, (*here, "technologies", n), "technology", technology, words.technologies)
    for n, box in enumerate(version.thresholds or ()):
        check_box(report, control, (*here, "thresholds", n), box)
    for n, exception in enumerate(version.except_ or ()):
        check_box(report, control, (*here, "except", n, "conditions"), exception.conditions)
    for n, reason in enumerate(version.reasons or ()):
        report.known(control, (*here, "reasons", n), "reason for control", reason, words.reasons)
    for n, row in enumerate(version.licence or ()):
        at = (*here, "licence", n)
        report.known(control, at, "reason for control", row.reason, words.reasons)
        if version.reasons and row.reason not in version.reasons:
            report.add(
                control,
                at,
                f"licence row for reason {row.reason}, which 'reasons' does not name",
                fix="add the reason or mend the row",
            )
        for destination in (*row.destinations, *row.less):
            report.known(control, at, "destination", destination, words.destinations)


def check_box(report: Report, record: Placed, where: Location, box: list[str]) -> None:
    """All conditions parse, use known quantities and units, and can hold together."""
    if not box:
        report.add(
            record,
            where,
            "an empty list of conditions takes everything",
            fix="write conditions into it, or 'thresholds: []' where no number matters",
        )
    limits: dict[str, list[tuple[Condition, Fraction]]] = {}
    flags: dict[str, str] = {}
    for position, text in enumerate(box):
        at = (*where, position)
        try:
            condition = parse_condition(text)
        except ConditionError as error:
            report.add(record, at, str(error))
            continue
        quantities = report.library.vocabulary.quantities
        if not report.known(record, at, "quantity", condition.quantity, quantities):
            continue
        quantity = quantities[condition.quantity]
        if condition.is_flag != (quantity.kind == "flag"):
            wanted = "yes or no" if quantity.kind == "flag" else f"a number in {quantity.unit}"
            report.add(record, at, f"'{text}': {quantity.id} takes {wanted}", fix="mend the condition")
            continue
        if condition.is_flag:
            value = str(condition.value)
            if flags.setdefault(quantity.id, value) != value:
                report.add(record, at, f"{quantity.id} cannot be yes and no at once", fix="split into two lists")
            continue
        assert isinstance(condition.value, Decimal)
        try:
            amount = to_canonical(condition.value, condition.unit, quantity.unit or "1")
        except UnitError as error:
            shown = "no unit" if quantity.unit in (None, "1") else quantity.unit
            report.add(record, at, f"'{text}': {error}", fix=f"{quantity.id} is measured in {shown}")
            continue
        limits.setdefault(quantity.id, []).append((condition, amount))
    for name, conditions in limits.items():
        clash = _clash(conditions)
        if clash:
            report.add(
                record,
                where,
                f"nothing satisfies {clash} together ({name})",
                fix="mend a number or an operator, or split into two lists",
            )


def _clash(conditions: list[tuple[Condition, Fraction]]) -> str:
    """The pair of conditions on one quantity that leaves nothing, "" when all can hold."""
    lowest: tuple[Fraction, bool, Condition] | None = None
    highest: tuple[Fraction, bool, Condition] | None = None
    for condition, amount in conditions:
        closed = condition.operator in (">=", "<=", "==")
        if condition.operator in (">", ">=", "==") and (lowest is None or (amount, not closed) > lowest[:2]):
            lowest = (amount, not closed, condition)
        if condition.operator in ("<", "<=", "==") and (highest is None or (amount, closed) < highest[:2]):
            highest = (amount, closed, condition)
    if lowest and highest:
        low, open_low, first = lowest
        high, closed_high, second = highest
        if low > high or (low == high and (open_low or not closed_high)):
            return f"'{first}' and '{second}'"
    return ""
