"""Where entries draw the line in one quantity, state by state: what a chart of thresholds shows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction

import pandas as pd

from analysis.compare.boxes import Bound, Cell
from analysis.compare.coverage import sides_of
from analysis.compare.leadlag import SAME, Firsts
from analysis.compare.scope import about, within
from analysis.compare.spans import net, plain
from analysis.compare.thresholds import Measures
from analysis.encoding.conditions import parse_number
from analysis.encoding.forms import Product, grade_of
from analysis.encoding.library import Library
from analysis.encoding.sides import Side
from analysis.encoding.units import to_canonical

_COLUMNS = (
    "side side_label layer code label quantity box low low_open high high_open others cell carved from until exact by ending "
    "grade"
).split()


def bounds(
    library: Library,
    sides: Sequence[str | Side],
    as_of: str,
    quantity: str,
    technology: str | None = None,
    codes: Collection[str] | None = None,
) -> pd.DataFrame:
    """One row per box that bounds ``quantity``, for every stretch in which it was law up to ``as_of``.

    ``technology`` limits to entries that name it or something below it, ``codes`` to those codes and what stands below
    them (3A090 takes 3A090.a). A quantity that is a multiple of another counts as that other one (K = 0.35 as K = 0.25).

    Columns: side, side_label, layer, code, label, quantity (the one compared), box (number within the state), low, low_open,
    high, high_open (exact bounds in canonical units, None where there is none; open: the value itself is not caught),
    others (the other conditions of the box), cell (all of them), carved (notes take something out again, which is not shown
    here), from, until (last day; "" while it stands on ``as_of``), exact
    (False: on or before), by, ending (``changed``, ``ended``, ``displaced``, ``unknown`` or ""), grade (evidence for numbers).
    """
    measures = Measures(library.vocabulary.quantities)
    wanted = _plain_name(library, quantity, measures)
    nodes = within(library, technology) if technology else None
    rows: list[dict[str, object]] = []
    for side in sides_of(library, sides, as_of):
        firsts = Firsts(side, measures)
        for (layer, code), life in firsts.lives.items():
            if codes is not None and not any(code == c or code.startswith(f"{c}.") for c in codes):
                continue
            for span in firsts.spans((layer, code)):
                if nodes is not None and not about(library, span.state, nodes):
                    continue
                for number, cell in enumerate(plain(measures.state(span.state).cells or (), measures)):
                    mine = [c for c in cell if isinstance(c, Bound) and c.quantity == wanted]
                    if not mine:
                        continue
                    low = max((c for c in mine if not c.upper), key=lambda c: (c.value, c.strict), default=None)
                    high = min((c for c in mine if c.upper), key=lambda c: (c.value, not c.strict), default=None)
                    rows.append(
                        {
                            "side": side.text,
                            "side_label": side.label,
                            "layer": layer,
                            "code": code,
                            "label": life.control.label,
                            "quantity": wanted,
                            "box": number,
                            "low": low.value if low else None,
                            "low_open": bool(low and low.strict),
                            "high": high.value if high else None,
                            "high_open": bool(high and high.strict),
                            "others": tuple(c for c in cell if c not in mine),
                            "cell": cell,
                            "carved": bool(span.state.except_),
                            "from": span.from_,
                            "until": span.until or "",
                            "exact": span.state.start == "exact",
                            "by": span.state.by,
                            "ending": span.ending,
                            "grade": grade_of(span.state.evidence, "thresholds"),
                        }
                    )
    return pd.DataFrame(rows, columns=_COLUMNS, dtype=object)


def _plain_name(library: Library, quantity: str, measures: Measures) -> str:
    name = library.vocabulary.quantities.id_of(quantity)
    probe = Bound(name, False, Fraction(1), False)
    cell: Cell = plain([(probe,)], measures)[0]
    return cell[0].quantity


def compared(library: Library, table: pd.DataFrame) -> pd.DataFrame:
    """The rows of ``bounds`` for entries that curated pairs join to an entry of another layer in the table.

    Parts, software and know-how for a tool often repeat its numbers; the pairs say which entries are about the same thing.
    All rows where pairs join fewer than two layers.
    """
    keys = set(zip(table["layer"], table["code"], strict=True))
    joined: set[tuple[str, str]] = set()
    for m in library.mappings:
        one, two = m.a.key, m.b.key
        if m.relation in SAME and one in keys and two in keys and one[0] != two[0]:
            joined |= {one, two}
    if len({layer for layer, _ in joined}) < 2:
        return table
    keep = [key in joined for key in zip(table["layer"], table["code"], strict=True)]
    return table[keep].reset_index(drop=True)


def telling(library: Library, sides: Sequence[str | Side], as_of: str, technology: str, most: int = 1) -> list[str]:
    """The quantities that say most about a technology: bounded by most layers, then by most entries; at most ``most``.

    Empty where no entry of the technology states a number.
    """
    nodes = within(library, technology)
    measures = Measures(library.vocabulary.quantities)
    layers: dict[str, set[str]] = {}
    entries: dict[str, set[tuple[str, str]]] = {}
    for side in sides_of(library, sides, as_of):
        firsts = Firsts(side, measures)
        for key in firsts.lives:
            for span in firsts.spans(key):
                if not about(library, span.state, nodes):
                    continue
                for c in (c for cell in net(span.state, measures) or () for c in cell):
                    if isinstance(c, Bound):
                        layers.setdefault(c.quantity, set()).add(key[0])
                        entries.setdefault(c.quantity, set()).add(key)
    return sorted(layers, key=lambda q: (-len(layers[q]), -len(entries[q]), q))[:most]


def values(library: Library, product: Product, measures: Measures) -> dict[str, Fraction]:
    """The published numbers of a product in canonical units and plain quantities, with those that follow from them."""
    table = library.vocabulary.quantities
    found: dict[str, Fraction] = {}
    for fact in product.properties:
        if not table.knows(fact.quantity):
            continue
        name = table.id_of(fact.quantity)
        if table[name].kind != "number":
            continue
        unit = table[name].unit or "1"
        value = to_canonical(parse_number(fact.value), fact.unit or unit, unit)
        point = plain([(Bound(name, True, value, False),)], measures)[0][0]
        assert isinstance(point, Bound)
        found[point.quantity] = point.value
    for name, record in table.items():
        if record.derives and name not in found:
            monomial = measures.monomial(name)
            if all(base in found for base, _ in monomial.powers):
                amount = monomial.factor
                for base, power in monomial.powers:
                    amount *= found[base] ** power
                found[name] = amount
    return found


def products(
    library: Library, quantity: str, technology: str | None = None, ids: Collection[str] | None = None
) -> pd.DataFrame:
    """Products with a published (or following) value of ``quantity``, by value.

    Columns: id, name, maker, year ("" where unknown), value (exact, canonical units), kind.
    """
    measures = Measures(library.vocabulary.quantities)
    wanted = _plain_name(library, quantity, measures)
    nodes = within(library, technology) if technology else None
    rows = []
    for product in library.products.values():
        if ids is not None and product.id not in ids:
            continue
        if nodes is not None and not nodes & set(product.technologies):
            continue
        value = values(library, product, measures).get(wanted)
        if value is not None:
            rows.append((product.id, product.name, product.maker, product.year or "", value, product.kind or ""))
    table = pd.DataFrame(rows, columns="id name maker year value kind".split(), dtype=object)
    return table.sort_values(["value", "id"], kind="stable").reset_index(drop=True)


__all__ = ["bounds", "compared", "products", "telling", "values"]
