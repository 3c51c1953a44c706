"""Relations between records: what reading a single file cannot show."""

from __future__ import annotations

from analysis.encoding.check.controls import check_controls
from analysis.encoding.check.records import (
    check_findings,
    check_instruments,
    check_provisions,
    check_statements,
)
from analysis.encoding.check.report import Report
from analysis.encoding.check.words import check_context, check_mappings, check_vocabulary
from analysis.encoding.library import Library
from analysis.encoding.problems import Problem
from analysis.encoding.units import KEPT

__all__ = ["check"]


def check(library: Library) -> list[Problem]:
    """Every problem of the encodings, in order of file and line; an empty list means that they are sound.

    Load with ``strict=False`` so that problems of reading come back in the same list.
    """
    report = Report(library)
    check_vocabulary(report)
    for folder, data in library.regimes.items():
        report.evidence(data.meta, (), data.meta.evidence)
        if data.meta.id != folder:
            report.add(
                data.meta,
                ("id",),
                f"id '{data.meta.id}' differs from the folder '{folder}'",
                fix="make them equal",
            )
        check_instruments(report, data)
        check_controls(report, data)
        check_provisions(report, data)
        check_statements(report, data.statements)
        check_findings(report, data)
    check_statements(report, library.context_statements)
    check_context(report)
    check_mappings(report)
    KEPT.save()
    return sorted({*library.problems, *report.problems})
