"""``regimes new``: skeletons that are valid, in the right place, and nothing else changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from small_library import EU, US, SmallLibrary

from analysis.cli import VERBS, cli
from analysis.encoding import skeleton
from analysis.encoding.yamlsource import read_yaml

INSTRUMENTS = "regimes/us-ear/instruments.yaml"


def run(small: SmallLibrary, *words: str) -> Result:
    return CliRunner().invoke(cli, ["--root", str(small.root), "new", *words])


def control(small: SmallLibrary, code: str, *more: str, topic: str = "chips", regime: str = "us-ear") -> Result:
    words = ["--regime", regime, "--code", code, "--topic", topic, "--technology", "semiconductors/lithography"]
    return run(small, "control", *words, *(more or ("--by", "rule-2022")))


def refused(result: Result, *words: str) -> None:
    """One sentence that holds all the words."""
    assert result.exit_code != 0
    wrong_usage = isinstance(result.exception, SystemExit)
    sentence = result.output.splitlines()[-1] if wrong_usage else str(result.exception)
    assert "\n" not in sentence and all(word in sentence for word in words), sentence


def files(root: Path) -> dict[str, bytes]:
    return {
        p.relative_to(root).as_posix(): p.read_bytes() for p in sorted((root / "regimes").rglob("*")) if p.is_file()
    }


def test_it_is_a_verb() -> None:
    assert "new" in VERBS
    shown = CliRunner().invoke(cli, ["new", "--help"]).output
    assert all(kind in shown for kind in ("control", "instrument", "statement", "regime"))


# ---------------------------------------------------------------------------------------------------- controls


def test_control_stands_in_order_of_codes_and_passes_the_check(small: SmallLibrary) -> None:
    before = small.read(US)
    result = control(small, "3B001.f.2")
    assert result.exit_code == 0, result.output
    assert "fill in label, scope, thresholds" in result.output
    assert small.problems() == []
    made = small.load().control("us-ear", "3B001.f.2")
    assert f"{made.place}: control 3B001.f.2 added" in result.output
    assert list(small.load().regimes["us-ear"].controls) == ["3B001.f", "3B001.f.2", "4A906"]
    after = small.read(US)
    cut = after.index('- code: "3B001.f.2"'), after.index('- code: "4A906"')
    assert after[: cut[0]] + after[cut[1] :] == before


def test_control_claims_nothing(small: SmallLibrary) -> None:
    control(small, "3B001.f.2")
    version = small.load().control("us-ear", "3B001.f.2").versions[0]
    assert version.thresholds is None and {e.grade for e in version.evidence} == {"unverified"}
    assert (version.from_, version.start, version.by) == ("2022-03-01", "exact", "rule-2022")
    assert version.pinpoint == "Entry 3B001.f.2"


def test_control_of_a_new_topic(small: SmallLibrary) -> None:
    assert control(small, "6A001", topic="new-topic").exit_code == 0
    text = small.read("regimes/us-ear/controls/new-topic.yaml")
    assert text.startswith('# yaml-language-server: $schema=../../schema/controls.schema.json\n- code: "6A001"\n')
    assert small.problems() == []


def test_control_known_before_its_instrument(small: SmallLibrary) -> None:
    assert control(small, "6A001", "--by", "rule-2022", "--from", "2021-01-01").exit_code == 0
    assert small.load().control("us-ear", "6A001").versions[0].start == "on-or-before"
    assert small.problems() == []


def test_codes_sort_as_lists_do() -> None:
    codes = ["3A001.b.2", "3B001", "3B001.a.4", "3B001.d.2", "3B001.d.10", "3B001.d.10.a", "3B001.f", "unnumbered/x"]
    mixed = {"unnumbered/x", "3B001.d.10", *codes}
    assert sorted(mixed, key=skeleton.code_key) == codes


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"code": "3B001.f"}, ("us-ear has the control 3B001.f already", "chips.yaml:1")),
        ({"code": "4A906", "topic": "other"}, ("us-ear has the control 4A906 already", "chips.yaml")),
        ({"code": "6A001", "regime": "us-er"}, ("no regime 'us-er'", "us-ear")),
        ({"code": "6A001 b"}, ("'6A001 b' is no code",)),
        ({"code": "6A001", "topic": "../chips"}, ("'../chips' is no topic",)),
    ],
)
def test_control_is_refused(small: SmallLibrary, words: dict[str, str], said: tuple[str, ...]) -> None:
    before = files(small.root)
    refused(control(small, **words), *said)
    assert files(small.root) == before


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--by", "rule-2021"), ("no instrument 'rule-2021'", "rule-202")),
        (("--by", "bill-2023"), ("no full day of effect", "--from")),
        (("--by", "rule-2022", "--from", "2022-13-01"), ("--from", "2022-13-01")),
        (("--by", "rule-2022", "--technology", "quantm"), ("no technology 'quantm'", "quantum")),
    ],
)
def test_control_with_wrong_options_is_refused(
    small: SmallLibrary, more: tuple[str, ...], said: tuple[str, ...]
) -> None:
    before = files(small.root)
    refused(control(small, "6A001", *more), *said)
    assert files(small.root) == before


def test_same_code_in_another_regime_is_another_control(small: SmallLibrary) -> None:
    code = next(
        iter(small.load().regimes["us-ear"].controls.keys() - small.load().regimes["nl-national"].controls.keys())
    )
    assert control(small, code, "--by", "order-2023", regime="nl-national", topic="order").exit_code == 0


# ------------------------------------------------------------------------------------------------- instruments


def instrument(small: SmallLibrary, name: str, *more: str) -> Result:
    kind = [] if "--kind" in more else ["--kind", "regulation"]
    return run(small, "instrument", "--regime", "us-ear", "--id", name, "--title", "A rule: with a colon", *kind, *more)


def test_instrument_stands_in_order_of_dates(small: SmallLibrary) -> None:
    small.change(INSTRUMENTS, "- id: rule-2022\n", "# The rule that matters.\n- id: rule-2022\n")
    result = instrument(small, "rule-2021", "--published", "2021-05-01", "--effective", "2021-06-01")
    assert result.exit_code == 0, result.output
    assert small.problems() == []
    made = small.load().instrument("rule-2021")
    assert made.title == "A rule: with a colon" and made.dates.effective == "2021-06-01"
    ids = list(small.load().regimes["us-ear"].instruments)
    assert ids.index("rule-2020") + 1 == ids.index("rule-2021") == ids.index("rule-2022") - 1
    assert "# The rule that matters.\n- id: rule-2022\n" in small.read(INSTRUMENTS)


@pytest.mark.parametrize(
    ("name", "more", "said"),
    [
        ("rule-2020", (), ("there is 'rule-2020' already",)),
        ("order-2023", (), ("there is 'order-2023' already", "nl-national")),
        ("Rule 2023", (), ("'Rule 2023' is no id",)),
        ("bill-2024", ("--kind", "proposal", "--effective", "2024-01-01"), ("a proposal has no effective date",)),
        ("rule-2023", ("--published", "1 May 2023"), ("--published", "1 May 2023")),
    ],
)
def test_instrument_is_refused(small: SmallLibrary, name: str, more: tuple[str, ...], said: tuple[str, ...]) -> None:
    before = files(small.root)
    refused(instrument(small, name, *more), *said)
    assert files(small.root) == before


# -------------------------------------------------------------------------------------------------- statements


def test_statement_goes_where_its_document_is(small: SmallLibrary) -> None:
    library = small.load()
    existing = next(iter(library.regimes["eu-dual-use"].statements.values()))
    words = ["--id", "n900", "--document", existing.document, "--actor", existing.actor.id, "--pinpoint", "recital 99"]
    result = run(small, "statement", *words)
    assert result.exit_code == 0, result.output
    assert small.problems() == []
    made = small.load().regimes["eu-dual-use"].statements["n900"]
    assert made.actor.side == existing.actor.side and made.coding().frames == []
    refused(run(small, "statement", *words), "there is a statement 'n900' already")


def test_statement_of_an_unknown_document_is_refused(small: SmallLibrary) -> None:
    actor = next(iter(small.load().vocabulary.actors))
    words = ["--id", "n901", "--document", "rule-2202", "--actor", actor, "--pinpoint", "p. 1"]
    refused(run(small, "statement", *words), "'rule-2202'", "nearest valid name: rule-20")


# ----------------------------------------------------------------------------------------------------- regimes


def regime(small: SmallLibrary, name: str, until: str = "2026-11-22") -> Result:
    words = ["--id", name, "--title", "A list", "--jurisdiction", "A land", "--authority", "A ministry"]
    return run(small, "regime", *words, "--verified-until", until)


def test_regime_is_a_folder_that_loads(small: SmallLibrary) -> None:
    result = regime(small, "xx-national")
    assert result.exit_code == 0, result.output
    assert small.problems() == []
    assert small.load().regimes["xx-national"].meta.verified_until == "2026-11-22"
    words = [
        "--regime",
        "xx-national",
        "--id",
        "order-1",
        "--title",
        "An order",
        "--kind",
        "order",
        "--effective",
        "2026-01-01",
    ]
    assert run(small, "instrument", *words).exit_code == 0
    assert control(small, "6A001", "--by", "order-1", regime="xx-national", topic="list").exit_code == 0
    assert small.problems() == []


@pytest.mark.parametrize(
    ("name", "until", "said"),
    [
        ("us-ear", "2026-11-22", ("there is a regime 'us-ear' already",)),
        ("context", "2026-11-22", ("there is a regime 'context' already",)),
        ("XX", "2026-11-22", ("'XX' is no id",)),
        ("xx-national", "soon", ("--verified-until", "'soon'")),
    ],
)
def test_regime_is_refused(small: SmallLibrary, name: str, until: str, said: tuple[str, ...]) -> None:
    before = files(small.root)
    refused(regime(small, name, until), *said)
    assert files(small.root) == before


# ------------------------------------------------------------------------------------------------ all or nothing


def test_a_broken_file_stays_as_it_is(small: SmallLibrary) -> None:
    small.write(US, '- code: "3B001.f"\n  label: [unclosed\n')
    before = files(small.root)
    result = control(small, "6A001")
    assert result.exit_code != 0 and "chips.yaml" in str(result.exception)
    assert files(small.root) == before


def test_a_write_that_fails_leaves_everything(small: SmallLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    before = files(small.root)

    def fails(self: Path, target: Path) -> Path:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", fails)
    with pytest.raises(OSError):
        skeleton.write(small.path(US), small.read(US) + "\n", US, "controls")
    assert files(small.root) == before


def test_layout_is_kept(small: SmallLibrary) -> None:
    """Comments, blank lines between records and line ends go on as they are."""
    spaced = "# first line\n\n" + small.read(EU).replace("\n- code", "\n\n# about the next\n- code")
    for text in (spaced, spaced.replace("\n", "\r\n"), spaced.rstrip("\n")):
        small.write(EU, text)
        source = read_yaml(small.path(EU), EU)
        codes = [record["code"] for record in source.data]
        record = skeleton.control(codes[0] + ".z", "L", ["semiconductors"], "x", "2020-01-01", "exact", "p")
        made = skeleton.inserted(text, source.record_lines, record, 1)
        end = "\r\n" if "\r" in text else "\n"
        own = record.replace("\n", end)
        assert own in made and made.replace(end + own, "", 1).rstrip() == text.rstrip()
        small.write(EU, made)
        assert [r["code"] for r in read_yaml(small.path(EU), EU).data] == [codes[0], codes[0] + ".z", *codes[1:]]


@pytest.mark.parametrize("text", ["A: b", "no", "3E001", "# x", 'it\'s "so"', "- dash", "plain words", "[x]", "x # y"])
def test_values_survive(text: str, tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(f"- key: {skeleton.scalar(text)}\n", "utf-8")
    assert read_yaml(path).data == [{"key": text}]
