"""``regimes new``: a valid skeleton of a record, in the right file and at the right place."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path
from typing import Any, get_args

import click

from analysis.cli.days import given_day
from analysis.encoding import skeleton
from analysis.encoding.forms import PROPOSING_KINDS, InstrumentKind
from analysis.encoding.library import Library, RegimeData, UnknownName, find_root, load
from analysis.encoding.problems import EncodingError, WorkbenchError

_IDENT = re.compile(r"[a-z0-9][a-z0-9-]*")
_CODE = re.compile(r"[0-9A-Z][A-Za-z0-9]*(\.[A-Za-z0-9]+)*|unnumbered/[a-z0-9-]+")
_TO_FILL = {
    "control": "label, scope, thresholds, reasons, licence, origin, binds and evidence",
    "instrument": "identifiers, url, summary, effects and evidence",
    "statement": "paraphrase, kind, voice, stance, about, codes and evidence",
    "regime": "about and official_texts; then add instruments, and the place to vocabulary/jurisdictions.yaml",
}


@click.group("new")
def new_command() -> None:
    """Write a skeleton of a control, an instrument, a statement or a regime.

    The skeleton is valid: evidence is unverified and nothing is claimed. TO DO marks what is to be written.
    """


@new_command.command("control")
@click.option("--regime", required=True, help="The regime that lists it, e.g. us-ear.")
@click.option("--code", required=True, help="The code of the paragraph, e.g. 3B001.f.1.b.")
@click.option("--topic", required=True, help="The file under controls/, e.g. semiconductor-equipment.")
@click.option("--technology", "technologies", required=True, multiple=True, help="A technology (may be given again).")
@click.option("--by", required=True, help="The instrument that lists it.")
@click.option("--from", "from_", help="First day (YYYY-MM-DD; default: the instrument's first day of effect).")
@click.option("--label", default=f"{skeleton.TO_DO}, a label in plain words", help="A label in plain words.")
@click.pass_obj
def control_command(
    root: str | None,
    regime: str,
    code: str,
    topic: str,
    technologies: tuple[str, ...],
    by: str,
    from_: str | None,
    label: str,
) -> int:
    """Add a control to regimes/<regime>/controls/<topic>.yaml, in order of codes."""
    base, library = _library(root)
    data = library.regimes[regime]
    _fits(_CODE, code, "code", "digits, capital letters and dots, e.g. 3B001.f.1.b (or unnumbered/some-name)")
    _fits(_IDENT, topic, "topic", "lower-case letters, digits and hyphens, without .yaml")
    if data.controls.knows(code):
        raise WorkbenchError(
            f"{data.id} has the control {code} already ({data.controls[code].place}); add a version there"
        )
    names = [library.vocabulary.technologies.id_of(t) for t in technologies]
    instrument = library.instrument(by)
    if from_ is None:
        from_ = instrument.dates.effective or instrument.dates.applies or ""
        if len(from_) < 10:
            raise WorkbenchError(f"{instrument.id} gives no full day of effect; say one with --from YYYY-MM-DD")
    given_day(from_, "--from")
    first = instrument.dates.first
    start = "exact" if not first or from_[: len(first)] >= first else "on-or-before"
    record = skeleton.control(code, label, names, instrument.id, from_, start, _pinpoint(data, code))
    return _add(
        base,
        library,
        f"regimes/{data.id}/controls/{topic}.yaml",
        "control",
        code,
        record,
        lambda r: skeleton.code_key(r["code"]),
    )


@new_command.command("instrument")
@click.option("--regime", required=True, help="The regime whose instrument it is.")
@click.option("--id", "name", required=True, help="Its id, e.g. 91-fr-12345 or del-reg-2026-2100.")
@click.option("--title", required=True, help="A title in English.")
@click.option(
    "--kind", required=True, type=click.Choice(get_args(InstrumentKind)), metavar="KIND", help="e.g. regulation."
)
@click.option("--issuer", help="Who issued it (default: the regime's authority).")
@click.option("--published", help="Day of publication (YYYY-MM-DD).")
@click.option("--effective", help="First day of effect (YYYY-MM-DD).")
@click.pass_obj
def instrument_command(
    root: str | None,
    regime: str,
    name: str,
    title: str,
    kind: str,
    issuer: str | None,
    published: str | None,
    effective: str | None,
) -> int:
    """Add an instrument to regimes/<regime>/instruments.yaml, in order of dates."""
    base, library = _library(root)
    data = library.regimes[regime]
    _unused(library, name)
    if effective and kind in PROPOSING_KINDS:
        raise WorkbenchError(f"a {kind} has no effective date; give --published")
    dates = {k: d for k, d in (("published", published), ("effective", effective)) if d}
    for key, day in dates.items():
        given_day(day, f"--{key}")
    record = skeleton.instrument(name, title, kind, issuer or data.meta.authority, dates)
    return _add(base, library, f"regimes/{data.id}/instruments.yaml", "instrument", name, record, _first_date)


@new_command.command("statement")
@click.option("--id", "name", required=True, help="Its id, e.g. n400.")
@click.option("--document", required=True, help="The instrument or document that it stands in.")
@click.option("--actor", required=True, help="Who says it (vocabulary/actors.yaml).")
@click.option("--pinpoint", required=True, help='Where in the document, e.g. "recital 5".')
@click.option("--date", help="Its date (default: the document's).")
@click.option("--language", help="Language of the document (default: the document's, else the regime's).")
@click.pass_obj
def statement_command(
    root: str | None, name: str, document: str, actor: str, pinpoint: str, date: str | None, language: str | None
) -> int:
    """Add a statement to the statements.yaml of its document, in order of dates."""
    base, library = _library(root)
    _fits(_IDENT, name, "id", "lower-case letters, digits and hyphens")
    for other in library.statements:
        if other.id == name:
            raise WorkbenchError(f"there is a statement '{name}' already ({other.place}); choose another id")
    source = library.citable(document)
    speaker = library.vocabulary.actors[actor]
    if date is None:
        date = getattr(source, "date", None) or getattr(getattr(source, "dates", None), "first", "")
        if not date:
            raise WorkbenchError(f"{source.id} has no date; say one with --date YYYY-MM-DD")
    elif not re.fullmatch(r"[0-9]{4}(-[0-9]{2})?", date):
        given_day(date, "--date")
    home = f"regimes/{source.regime or 'context'}"
    if language is None:
        own = library.regimes[source.regime].meta.language if source.regime else "en"
        language = getattr(source, "language", None) or own
    codebook = library.vocabulary.codebook.version if library.vocabulary.codebook else "1.0"
    record = skeleton.statement(name, source.id, speaker.id, speaker.side, date, pinpoint, language, codebook)
    return _add(base, library, f"{home}/statements.yaml", "statement", name, record, lambda r: str(r["date"]))


@new_command.command("regime")
@click.option("--id", "name", required=True, help="Its id and folder, e.g. fr-national.")
@click.option("--title", required=True, help='A short name in English, e.g. "French national list".')
@click.option("--jurisdiction", required=True, help="Where it binds.")
@click.option("--authority", required=True, help="Who makes it.")
@click.option(
    "--kind", default="law", type=click.Choice(["law", "position", "arrangement", "soft-law"]), show_default=True
)
@click.option("--language", default="en", show_default=True, help="Language of its texts.")
@click.option(
    "--verified-until", "until", required=True, help="The day until which you have read its law (YYYY-MM-DD)."
)
@click.pass_obj
def regime_command(
    root: str | None, name: str, title: str, jurisdiction: str, authority: str, kind: str, language: str, until: str
) -> int:
    """Add a folder regimes/<id>/ with regime.yaml and an empty instruments.yaml."""
    base, library = _library(root)
    _fits(_IDENT, name, "id", "lower-case letters, digits and hyphens")
    folder = base / "regimes" / name
    if name in library.regimes or folder.exists():
        raise WorkbenchError(f"there is a regime '{name}' already (regimes/{name}); choose another id")
    given_day(until, "--verified-until")
    text = skeleton.regime(name, title, jurisdiction, kind, authority, language, until)
    with tempfile.TemporaryDirectory(dir=base / "regimes", prefix=f".{name}-") as partial:
        made = Path(partial) / name
        skeleton.write(made / "regime.yaml", text, f"regimes/{name}/regime.yaml", "regime")
        skeleton.write(made / "instruments.yaml", skeleton.header("instruments", 1), "instruments.yaml", "instruments")
        shutil.move(made, folder)
    click.echo(f"regimes/{name}/regime.yaml:1: regime {name} added; fill in {_TO_FILL['regime']}, then 'regimes check'")
    return 0


def _pinpoint(data: RegimeData, code: str) -> str:
    """The pinpoint of a control as the regime writes them: after the pattern of one that holds its own code."""
    for other in data.controls.values():
        pinpoint = other.versions[-1].pinpoint or ""
        if other.code in pinpoint:
            return pinpoint.replace(other.code, code)
    return f"{data.meta.short}, {code}"


def _library(root: str | None) -> tuple[Path, Library]:
    base = Path(root) if root else find_root()
    return base, load(base, strict=False)


def _add(base: Path, library: Library, name: str, kind: str, key: str, record: str, order: Any) -> int:
    broken = [p for p in library.problems if p.file == name]
    if broken:
        raise EncodingError(broken)
    form = f"{kind}s"
    line = skeleton.add(base / name, name, form, record, order, name.count("/") - 1)
    click.echo(f"{name}:{line}: {kind} {key} added; fill in {_TO_FILL[kind]}, then 'regimes check'")
    return 0


def _first_date(record: dict[str, Any]) -> str:
    dates = record.get("dates") or {}
    return min((str(d) for k, d in dates.items() if k != "compliance"), default="")


def _unused(library: Library, name: str) -> None:
    _fits(_IDENT, name, "id", "lower-case letters, digits and hyphens")
    try:
        taken = library.citable(name)
    except UnknownName:
        return
    raise WorkbenchError(f"there is '{name}' already ({taken.place}); choose another id")


def _fits(pattern: re.Pattern[str], text: str, what: str, allowed: str) -> None:
    if not pattern.fullmatch(text):
        raise WorkbenchError(f"'{text}' is no {what}; use {allowed}")
