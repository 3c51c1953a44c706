"""Reasons by mechanism, by coding pass, along the EU procedure, and before and after a day."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analysis.compare import narratives, reasons
from analysis.encoding.library import Library, load
from analysis.present import sentences

ROOT = Path(__file__).resolve().parents[2]
DAY = "2026-11-22"


@pytest.fixture(scope="module")
def library() -> Library:
    return load(ROOT)


def statements(*rows: tuple[str, str, list[str], list[str]]) -> pd.DataFrame:
    made = []
    for side, date, frames, mechanisms in rows:
        has_s, has_h = any(f in ("NS", "MIL") for f in frames), any(f.startswith("HR") for f in frames)
        group = "mixed" if has_s and has_h else "security" if has_s else "human-rights" if has_h else "none"
        made.append({"side": side, "date": date, "frames": frames, "mechanisms": mechanisms, "narrow": group})
    return pd.DataFrame(made)


def test_periods_count_by_side() -> None:
    table = statements(
        ("eu", "2016-09-28", ["HR-r"], []),
        ("eu", "2021-05-20", ["NS", "HR-g"], []),
        ("eu", "2025-09-08", ["NS"], []),
        ("us", "2018-08-13", ["NS"], []),
        ("us", "2026-01-15", [], []),
    )
    found = reasons.periods(table, "2019-01-01").set_index(["side", "period"])
    assert found.loc[("eu", "before"), "human-rights"] == 1 and found.loc[("eu", "from"), "mixed"] == 1
    assert found.loc[("eu", "from"), "frames"] == [("NS", 2), ("HR-g", 1)]
    assert found.loc[("us", "from"), "statements"] == 0


def test_frame_map_counts_each_pair_once() -> None:
    table = statements(("eu", "2021", ["NS", "HR-g"], ["brokering", "transit"]), ("eu", "2021", ["NS"], ["transit"]))
    found = {(r.mechanisms, r.frame): r.statements for r in reasons.frame_map(table, "mechanisms").itertuples()}
    assert found == {("brokering", "NS"): 1, ("brokering", "HR-g"): 1, ("transit", "NS"): 2, ("transit", "HR-g"): 1}


def test_stated_shows_mechanisms_without_a_reason(library: Library) -> None:
    own = narratives.table(library, DAY).query("own")
    found = reasons.stated(library, own)
    assert len(found) == len(library.vocabulary.mechanisms) * own["side"].nunique()
    assert (found["statements"] == 0).any()
    row = found[(found["mechanism"] == "catch-all-cyber-surveillance") & (found["side"] == "eu")].iloc[0]
    assert row["statements"] > 0 and any(f.startswith("HR") for f in row["frames"])


def test_trail_counts_what_each_stage_carried(library: Library) -> None:
    stages = ["eu-dual-use:com-2016-616", "eu-dual-use:council-mandate-2019", "eu-dual-use:reg-2021-821"]
    found = reasons.trail(library, stages, DAY).set_index("instrument")
    # The mandate struck the human-rights catch-all that the proposal had and the regulation has.
    assert found.loc["council-mandate-2019", "mechanisms"] < found.loc["com-2016-616", "mechanisms"]
    assert found.loc["reg-2021-821", "grade"] == 1 and found.loc["com-2016-616", "grade"] < 1


def test_passes_agree_where_nothing_was_ruled(library: Library) -> None:
    found = reasons.passes(library, DAY)
    assert set(found["coding"]) == {"first", "second", "agreed"}
    units = found.pivot(index="set", columns="coding", values="units")
    assert (units["first"] == units["second"]).all() and (units["first"] == units["agreed"]).all()


def test_one_changed_code_changes_only_its_numbers(tmp_path: Path) -> None:
    import shutil

    from analysis.encoding.codings import with_codings
    from analysis.encoding.forms import Coding

    shutil.copytree(ROOT / "regimes", tmp_path / "regimes")
    before = load(tmp_path, cache=False)
    name = next(s for s in before.statements if s.id == "n78")
    old = narratives.table(before, DAY)
    path = tmp_path / name.file
    coder = "agreed" if "agreed" in name.codes else "first"
    new = Coding(frames=["TRD"], codebook="1.0", **{"from": "paraphrase"})
    path.write_text(with_codings(path.read_text("utf-8"), {name.id: {coder: new}}, name.file), "utf-8")
    after = narratives.table(load(tmp_path, cache=False), DAY)
    left = old.set_index("id")[["frames", "narrow", "wide", "dominant"]]
    right = after.set_index("id")[["frames", "narrow", "wide", "dominant"]]
    changed = [i for i in left.index if list(left.loc[i, "frames"]) != list(right.loc[i, "frames"])]
    assert changed == ["n78"]
    a, b = (narratives.groups(t[t["own"]], "side").set_index("side") for t in (old, after))
    assert (a.drop("nl") == b.drop("nl")).all().all()
    assert a.loc["nl", "human-rights"] - 1 == b.loc["nl", "human-rights"]


def test_sentences_come_from_the_rows(library: Library) -> None:
    table = statements(("eu", "2016-09-28", ["HR-r"], []), ("us", "2020-01-01", ["NS"], []))
    text = sentences.shift(reasons.periods(table, "2019-01-01"), library, "2019-01-01").markdown
    assert "internal repression (1)" in text and "Before 1 January 2019 no reason is on record" in text
    met = sentences.meeting(table, library).markdown
    assert met.startswith("No reason is given by all sides.") and "Only European Union" in met
