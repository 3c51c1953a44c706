"""How many records there are, per regime, kind and grade of evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from analysis.encoding.forms import GRADES, Evidence, grade_of, weakest
from analysis.encoding.library import Library


def counts(library: Library) -> list[dict[str, str | int]]:
    """One row per regime and kind: ``records`` and how many have which grade.

    A control counts with the grade of the text of its newest version, any other record with its weakest grade.
    """
    rows: list[dict[str, str | int]] = []

    def row(regime: str, kind: str, grades: Iterable[str]) -> None:
        tally = Counter(grades)
        if tally:
            rows.append({"regime": regime, "kind": kind, "records": tally.total(), **{g: tally[g] for g in GRADES}})

    for name, data in library.regimes.items():
        row(name, "instruments", (_one(i.evidence) for i in data.instruments.values()))
        row(name, "controls", (grade_of(c.versions[-1].evidence, "text") for c in data.controls.values()))
        row(name, "provisions", (_one(p.evidence) for p in data.provisions.values()))
        row(name, "statements", (_one(s.evidence) for s in data.statements.values()))
        row(name, "findings", (_one(f.evidence) for f in data.findings.values()))
    row("context", "documents", (_one(d.evidence) for d in library.documents.values()))
    row("context", "statements", (_one(s.evidence) for s in library.context_statements.values()))
    row("context", "events", (_one(e.evidence) for e in library.events.values()))
    row("context", "products", (_one(p.evidence) for p in library.products.values()))
    row("context", "literature", (_one(w.evidence) for w in library.literature.values()))
    row("all", "mappings", (_one(m.evidence) for m in library.mappings))
    row("vocabulary", "technologies", (_one(t.evidence) for t in library.vocabulary.technologies.values()))
    row("vocabulary", "quantities", (_one(q.evidence) for q in library.vocabulary.quantities.values()))
    return rows


def _one(evidence: list[Evidence]) -> str:
    return weakest(evidence)
