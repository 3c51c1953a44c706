"""``regimes map``: suggest pairs of entries, and write a judged one into ``regimes/mappings.yaml``."""

from __future__ import annotations

import json

import click

from analysis.cli.days import day_of
from analysis.compare.accept import RELATIONS
from analysis.encoding.forms import GRADES, Grade
from analysis.encoding.library import load
from analysis.encoding.sides import resolve


@click.group("map")
def map_command() -> None:
    """Pairs of entries of two lists: what could be one, and what is."""


@map_command.command("suggest")
@click.argument("a")
@click.argument("b")
@click.option("--technology", help="Only pairs of which one entry names this technology or something below it.")
@click.option("--as-of", help="The day (YYYY-MM-DD; default: that of reports/plan.yaml).")
@click.option("--min-score", type=click.FloatRange(0, 1), help="Least score, 0 to 1 (default: 0.3).")
@click.option("--per-entry", type=click.IntRange(1), default=3, show_default=True, help="Suggestions per entry.")
@click.option("--most", type=click.IntRange(1), default=60, show_default=True, help="Length of the printed list.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list, curated pairs included and marked.")
@click.pass_obj
def suggest_command(
    root: str | None,
    a: str,
    b: str,
    technology: str | None,
    as_of: str | None,
    min_score: float | None,
    per_entry: int,
    most: int,
    as_json: bool,
) -> int:
    """Suggest pairs of entries of two sides, e.g. us-ear eu-dual-use, best first, each with the parts of its score."""
    from analysis.compare.suggest import MIN_SCORE, suggest
    from analysis.compare.suggest import as_json as rows
    from analysis.present import scope_text

    library = load(root)
    date, source = day_of(library, as_of)
    node = library.vocabulary.technologies.id_of(technology) if technology else None
    one, two = resolve(library, a, date), resolve(library, b, date)
    least = MIN_SCORE if min_score is None else min_score
    table = suggest(library, one, two, date, node, min_score=least, most=per_entry)
    if as_json:
        click.echo(json.dumps(rows(table), ensure_ascii=False, indent=1))
    else:
        click.echo(scope_text.suggestions(table, one, two, source, most))
    return 0


@map_command.command("accept")
@click.argument("a", metavar="REGIME:CODE")
@click.argument("b", metavar="REGIME:CODE")
@click.option(
    "--relation", required=True, type=click.Choice(RELATIONS), help="How A relates to B (broadMatch: B is broader)."
)
@click.option("--reason", required=True, help="Why, in a sentence of your own.")
@click.option("--from", "from_", help="First day on which the pair holds (YYYY-MM-DD; default: always).")
@click.option("--until", help="Last day on which it holds.")
@click.option(
    "--checked",
    help="Day of the judgement; the numbers of that day count (YYYY-MM-DD; default: that of reports/plan.yaml).",
)
@click.option("--by", default="regime-workbench", show_default=True, help="Who judged.")
@click.option(
    "--grade", type=click.Choice(GRADES), default="unverified", show_default=True, help="How well it is supported."
)
@click.option("--against", help="The texts that were compared, where some were.")
@click.pass_obj
def accept_command(
    root: str | None,
    a: str,
    b: str,
    relation: str,
    reason: str,
    from_: str | None,
    until: str | None,
    checked: str | None,
    by: str,
    grade: Grade,
    against: str | None,
) -> int:
    """Write the pair of two entries, e.g. us-ear:4A906.b eu-dual-use:4A506.b, into regimes/mappings.yaml.

    Refused, with nothing written: unknown entries, an entry with itself, a pair that stands already, a relation that
    contradicts the numbers.
    """
    from analysis.compare.accept import Judgement, accept, ref

    library = load(root)
    judged = checked or day_of(library, None)[0]
    given = Judgement(ref(a), ref(b), relation, reason, judged, by, from_, until, grade, against)
    file, line = accept(library, given)
    click.echo(f"{file}:{line}: {a} {relation} {b}")
    return 0
