"""Checks of the vocabulary, of context and of mappings."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from analysis.encoding.check.report import Report
from analysis.encoding.conditions import ConditionError, parse_number
from analysis.encoding.forms import Product, Quantity
from analysis.encoding.units import UnitError, factor, root

_DERIVES = re.compile(r"^[0-9a-z.e+-]+(\s*[*/]\s*[0-9a-z.e+-]+)*$")


def check_vocabulary(report: Report) -> None:
    words = report.library.vocabulary
    _tree(report)
    for table in (
        words.technologies,
        words.mechanisms,
        words.quantities,
        words.reasons,
        words.actors,
        words.destinations,
    ):
        for record in table.values():
            report.evidence(record, (), record.evidence)
    for quantity in words.quantities.values():
        if quantity.kind == "flag" and quantity.unit:
            report.add(quantity, ("unit",), f"flag {quantity.id} has a unit", fix="remove the unit")
        if quantity.kind == "number":
            if not quantity.unit:
                report.add(quantity, (), f"{quantity.id} has no unit", fix="add 'unit:' (\"1\" when dimensionless)")
            elif quantity.unit != "1" and not _unit_parses(quantity.unit):
                report.add(quantity, ("unit",), f"unit '{quantity.unit}' is not known", fix="write it in known units")
        if quantity.derives:
            _derivation(report, quantity)
    for destination in words.destinations.values():
        for number, membership in enumerate(destination.members):
            report.order(destination, ("members", number), membership.from_, membership.until)
            for country in membership.countries:
                report.known(destination, ("members", number), "country", country, words.destinations)
    for place in words.jurisdictions.values():
        for number, regime in enumerate(place.regimes):
            report.known(place, ("regimes", number), "regime", regime, report.library.regimes)
    if words.codebook:
        ids = [f.id for f in words.codebook.frames]
        for number, frame in enumerate(words.codebook.frames):
            if ids.index(frame.id) != number:
                report.add(words.codebook, ("frames", number), f"frame '{frame.id}' stands twice", fix="remove one")
            if frame.parent:
                report.known(words.codebook, ("frames", number, "parent"), "frame", frame.parent, ids)


def _tree(report: Report) -> None:
    nodes = report.library.vocabulary.technologies
    for node in nodes.values():
        if node.parent is None:
            continue
        if not report.known(node, ("parent",), "technology", node.parent, nodes):
            continue
        trail = [node.id]
        parent: str | None = node.parent
        while parent is not None and nodes.knows(parent):
            if parent in trail:
                ring = " > ".join([*trail[trail.index(parent) :], parent])
                report.add(node, ("parent",), f"the technology tree runs in a circle: {ring}", fix="mend a parent")
                break
            trail.append(parent)
            parent = nodes[parent].parent


def _unit_parses(unit: str) -> bool:
    try:
        root(unit)
    except UnitError:
        return False
    return True


def _derivation(report: Report, quantity: Quantity) -> None:
    text, quantities = quantity.derives or "", report.library.vocabulary.quantities
    if not _DERIVES.match(text):
        report.add(quantity, ("derives",), f"'{text}' is not a product of quantities", fix="write e.g. '1.4 * a / b'")
        return
    for part in re.split(r"\s*[*/]\s*", text):
        try:
            Decimal(part)
        except InvalidOperation:
            report.known(quantity, ("derives",), "quantity", part, quantities)


def check_context(report: Report) -> None:
    library, words = report.library, report.library.vocabulary
    for event in library.events.values():
        report.evidence(event, (), event.evidence)
        for number, name in enumerate(event.technologies):
            report.known(event, ("technologies", number), "technology", name, words.technologies)
        for number, name in enumerate(event.instruments):
            try:
                library.citable(name)
            except KeyError:
                names = [i for r in library.regimes.values() for i in r.instruments]
                report.known(event, ("instruments", number), "instrument", name, names)
    for table in (library.documents, library.literature):
        for record in table.values():
            report.evidence(record, (), record.evidence)
    for product in library.products.values():
        report.evidence(product, (), product.evidence)
        for number, name in enumerate(product.technologies):
            report.known(product, ("technologies", number), "technology", name, words.technologies)
        _readings(report, product)
        if not product.properties and product.kind != "descriptive":
            message = f"product '{product.id}' has no properties"
            report.add(product, (), message, fix="add figures, or say 'kind: descriptive'")
        for number, fact in enumerate(product.properties):
            here = ("properties", number)
            report.evidence(product, here, fact.evidence)
            if not report.known(product, here, "quantity", fact.quantity, words.quantities):
                continue
            quantity = words.quantities[fact.quantity]
            if quantity.kind == "flag":
                if fact.bound:
                    report.add(product, (*here, "bound"), f"flag {fact.quantity} has a bound", fix="remove it")
                if fact.value not in ("yes", "no"):
                    report.add(product, here, f"{fact.quantity} is '{fact.value}'", fix="write yes or no")
                continue
            try:
                parse_number(fact.value)
                factor(fact.unit or quantity.unit or "1", quantity.unit or "1")
            except ConditionError as error:
                report.add(product, here, f"{fact.quantity}: {error}")
            except UnitError as error:
                report.add(product, here, f"{fact.quantity}: {error}", fix=f"write it in {quantity.unit}")


def _readings(report: Report, product: Product) -> None:
    library = report.library
    if product.reads_as:
        here = ("reads_as",)
        if report.known(product, here, "product", product.reads_as, library.products):
            if library.products[product.reads_as].reads_as:
                message = f"reads as '{product.reads_as}', which itself reads as another"
                report.add(product, here, message, fix="name the product that holds the readings")
    for number, reading in enumerate(product.readings):
        if not report.known(product, ("readings", number), "regime", reading.regime, library.regimes):
            continue
        codes = library.regimes[reading.regime].controls
        for position, code in enumerate(reading.codes):
            if not any(c == code or c.startswith(code + ".") for c in codes):
                where = ("readings", number, "codes", position)
                report.known(product, where, f"control of {reading.regime}", code, codes)


def check_mappings(report: Report) -> None:
    seen: dict[tuple[tuple[str, str], tuple[str, str]], int] = {}
    for mapping in report.library.mappings:
        report.evidence(mapping, (), mapping.evidence)
        ends = []
        for key in ("a", "b"):
            end = getattr(mapping, key)
            if report.known(mapping, (key,), "regime", end.regime, report.library.regimes):
                controls = report.library.regimes[end.regime].controls
                report.known(mapping, (key,), f"control of {end.regime}", end.code, controls)
            ends.append((end.regime, end.code))
        if ends[0] == ends[1]:
            report.add(mapping, (), f"{ends[0][0]} {ends[0][1]} is mapped to itself", fix="remove the mapping")
        report.order(mapping, ("until",), mapping.from_ or "", mapping.until)
        pair = (min(ends), max(ends))
        if pair in seen and mapping.from_ is None:
            message = (
                f"{ends[0][0]} {ends[0][1]} and {ends[1][0]} {ends[1][1]} are mapped twice (also line {seen[pair]})"
            )
            report.add(mapping, (), message, fix="keep one, or give both their dates")
        seen.setdefault(pair, mapping.line)
