"""Why controls exist: frames by side, document and time, within the limits of the material.

Shares of a side are computed on justifications in its own public authorities' own voice, and compared across sides only
for complete sets of one genre; everything else is a count and is marked as illustration. A statement with a security
frame and a human-rights frame at once is a *mixed* narrative and stays a group of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from analysis.encoding.forms import PUBLIC_AUTHORITIES, Statement, weakest
from analysis.encoding.library import Library

GROUPS = ("security", "mixed", "human-rights", "other", "none")
#: Under this number of statements only counts are shown.
FEW = 5


def genre_of(set_id: str) -> str:
    """The genre of a complete set: recitals with recitals, rule summaries with explanatory notes."""
    for word in ("recitals", "articles", "policy-paragraphs", "summaries", "notes", "letters"):
        if set_id.endswith(word):
            return word
    return set_id


def table(
    library: Library,
    as_of: str,
    *,
    sides: Sequence[str] | None = None,
    passes: tuple[str, ...] = ("agreed", "first"),
) -> pd.DataFrame:
    """One row per statement up to ``as_of``.

    ``sides`` limits to sides of actors (us, eu, nl, ...); ``passes`` says which coding is read, the first that exists.
    Columns: id, side, actor, actor_name, actor_kind, public, document, document_title, date, year, pinpoint, paraphrase, kind,
    voice, stance, set, genre, technologies, mechanisms, frames (list), dominant, narrow (group with security counted
    narrowly), wide (group with foreign policy and technological leadership counted as security), own (justification in a
    public authority's own voice), coded_from, grade, file.
    """
    frames = library.vocabulary.frames
    actors = library.vocabulary.actors
    narrow = {f for f in frames if frames[f].group == "security" and frames[f].narrow}
    wide = {f for f in frames if frames[f].group == "security"}
    rights = {f for f in frames if frames[f].group == "human-rights"}
    rows = []
    for s in library.statements:
        if s.date > as_of or (sides and s.actor.side not in sides):
            continue
        coding = s.coding(passes)
        actor = actors[s.actor.id]
        document = library.citable(s.document)
        public = actor.kind in PUBLIC_AUTHORITIES
        rows.append(
            {
                "id": s.id,
                "side": s.actor.side,
                "actor": actor.id,
                "actor_name": actor.name,
                "actor_kind": actor.kind,
                "public": public,
                "document": s.document,
                "document_title": document.title,
                "date": s.date,
                "year": int(s.date[:4]),
                "pinpoint": s.pinpoint,
                "paraphrase": s.paraphrase,
                "kind": s.kind,
                "voice": s.voice,
                "stance": s.stance,
                "set": s.set_ or "",
                "genre": genre_of(s.set_) if s.set_ else "",
                "technologies": list(s.about.technologies),
                "mechanisms": list(s.about.mechanisms),
                "frames": list(coding.frames),
                "dominant": coding.frames[0] if coding.frames else "",
                "narrow": group(coding.frames, narrow, rights),
                "wide": group(coding.frames, wide, rights),
                "own": public and s.kind == "justification" and s.voice == "own",
                "coded_from": coding.from_,
                "grade": weakest(s.evidence),
                "file": s.place,
            }
        )
    rows.sort(key=lambda r: (str(r["date"]), str(r["id"])))
    return pd.DataFrame(rows, columns=list(rows[0]) if rows else _COLUMNS)


_COLUMNS = (
    "id side actor actor_name actor_kind public document document_title date year pinpoint paraphrase kind "
    "voice stance set genre technologies mechanisms frames dominant narrow wide own coded_from grade file"
).split()


def group(frames: Iterable[str], security: set[str], rights: set[str]) -> str:
    """The group of a statement: security, human-rights, mixed (both), other (frames of neither), none (no frame)."""
    frames = list(frames)
    has_security, has_rights = any(f in security for f in frames), any(f in rights for f in frames)
    if has_security and has_rights:
        return "mixed"
    if has_security:
        return "security"
    if has_rights:
        return "human-rights"
    return "other" if frames else "none"


def groups(statements: pd.DataFrame, by: str | list[str], count: str = "narrow") -> pd.DataFrame:
    """Counts of statements per group.

    ``by`` names columns of :func:`table`; ``count`` is "narrow" or "wide". Columns: the ``by`` columns, security, mixed,
    human-rights, other, none, total (statements), justified (with any frame), few (justified < 5: counts only).
    """
    keys = [by] if isinstance(by, str) else list(by)
    if not len(statements):
        return pd.DataFrame(columns=[*keys, *GROUPS, "total", "justified", "few"])
    made = (
        statements.groupby([*keys, count], sort=True)
        .size()
        .unstack(fill_value=0)
        .reindex(columns=list(GROUPS), fill_value=0)
    )
    made.columns.name = None
    made["total"] = made[list(GROUPS)].sum(axis=1)
    made["justified"] = made["total"] - made["none"]
    made["few"] = made["justified"] < FEW
    return made.reset_index()


def sets(statements: pd.DataFrame) -> pd.DataFrame:
    """Complete sets: units, units with a reason, and shares.

    A unit is one recital (or article, ...) of one document; it has the frames of all its statements that give a reason in
    their own voice: what is reported of or imputed to others makes a unit, but no reason of it. Columns: set, genre,
    document, document_title, side, date, units, justified, security, mixed, human-rights, other, share_security,
    share_rights, share_mixed (of justified units; None under five), balance ((S - H) / (S + H) over units that name security
    or human rights, mixed ones on both sides; None where there are none), operative (True: articles, which state purposes but
    are no justifications).
    """
    rows = []
    inside = statements[statements["set"] != ""] if len(statements) else statements
    for name, part in inside.groupby("set", sort=True):
        operative = bool((part["kind"] == "operative").all())
        units: dict[tuple[str, str], list[str]] = {}
        for row in part.itertuples():
            reason = row.voice == "own" and (operative or row.kind == "justification")
            units.setdefault((row.document, row.pinpoint.split(",")[0]), []).append(row.narrow if reason else "none")
        merged = [_merge(v) for v in units.values()]
        tally = {g: merged.count(g) for g in GROUPS}
        justified = len(merged) - tally["none"]
        security, rights = tally["security"] + tally["mixed"], tally["human-rights"] + tally["mixed"]
        enough = justified >= FEW
        rows.append(
            {
                "set": name,
                "genre": part["genre"].iloc[0],
                "document": part["document"].iloc[0],
                "document_title": part["document_title"].iloc[0],
                "side": part["side"].iloc[0],
                "date": part["date"].min(),
                "units": len(merged),
                "justified": justified,
                **{g: tally[g] for g in GROUPS if g != "none"},
                "share_security": security / justified if enough else None,
                "share_rights": rights / justified if enough else None,
                "share_mixed": tally["mixed"] / justified if enough else None,
                "balance": (security - rights) / (security + rights) if security + rights else None,
                "operative": operative,
            }
        )
    columns = (
        "set genre document document_title side date units justified security mixed human-rights other "
        "share_security share_rights share_mixed balance operative"
    ).split()
    return pd.DataFrame(rows, columns=columns)


def _merge(found: list[str]) -> str:
    real = {f for f in found if f not in ("none", "other")}
    if "mixed" in real or {"security", "human-rights"} <= real:
        return "mixed"
    if real:
        return next(iter(real))
    return "other" if "other" in found else "none"


def frame_counts(statements: pd.DataFrame, by: str = "side") -> pd.DataFrame:
    """How often each frame occurs and dominates. Columns: ``by``, frame, statements, dominant."""
    rows = [(getattr(r, by), f, n == 0) for r in statements.itertuples() for n, f in enumerate(r.frames)]
    made = pd.DataFrame(rows, columns=[by, "frame", "dominant"])
    if not len(made):
        return pd.DataFrame(columns=[by, "frame", "statements", "dominant"])
    counted = (
        made.groupby([by, "frame"]).agg(statements=("dominant", "size"), dominant=("dominant", "sum")).reset_index()
    )
    return counted.sort_values([by, "statements"], ascending=[True, False], kind="stable").reset_index(drop=True)


def travel(statements: pd.DataFrame) -> pd.DataFrame:
    """Which frames stand together in one statement. Columns: frame, other, statements."""
    pairs: dict[tuple[str, str], int] = {}
    for frames in statements["frames"] if len(statements) else ():
        for a in sorted(set(frames)):
            for b in sorted(set(frames)):
                if a < b:
                    pairs[a, b] = pairs.get((a, b), 0) + 1
    rows = sorted(((a, b, n) for (a, b), n in pairs.items()), key=lambda r: (-r[2], r[0], r[1]))
    return pd.DataFrame(rows, columns=["frame", "other", "statements"])


def about_technology(library: Library, statements: pd.DataFrame, technology: str) -> pd.DataFrame:
    """Statements that name the technology, something below it, or something that it belongs to."""
    words = library.vocabulary
    nodes = {*words.under(technology), *words.above(technology)}
    known = words.technologies
    keep = [any(known.id_of(t) in nodes for t in row if known.knows(t)) for row in statements["technologies"]]
    return statements[keep]


__all__ = [
    "FEW",
    "GROUPS",
    "Statement",
    "about_technology",
    "frame_counts",
    "genre_of",
    "group",
    "groups",
    "sets",
    "table",
    "travel",
]
