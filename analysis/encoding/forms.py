"""The forms of the records under ``regimes/``: one class per form.

Field names are the keys of the YAML files. Dates are text in the form YYYY-MM-DD, so they sort as they stand.
"""

from __future__ import annotations

import datetime
import re
from functools import cached_property
from typing import Annotated, Any, Literal, Protocol

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    StringConstraints,
)

from analysis.encoding.conditions import Condition, parse_condition

_DAY = re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
_PART = re.compile(r"^[0-9]{4}(-[0-9]{2})?$")


def check_day(text: str) -> str:
    """``text`` if it is a calendar date in the form YYYY-MM-DD; ValueError otherwise."""
    if not _DAY.match(text):
        raise ValueError(f"'{text}' is not a date; write YYYY-MM-DD")
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"'{text}' is not a day of the calendar; write YYYY-MM-DD") from None
    return text


def _check_when(text: str) -> str:
    if _PART.match(text):
        if len(text) == 7 and not "01" <= text[5:] <= "12":
            raise ValueError(f"'{text}' is not a month of the calendar; write YYYY-MM")
        return text
    return check_day(text)


def _yes_no(value: Any) -> Any:
    return (
        {"true": True, "yes": True, "false": False, "no": False}.get(value, value) if isinstance(value, str) else value
    )


Text = Annotated[str, StringConstraints(min_length=1)]
Ident = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$")]
TechnologyId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(/[a-z0-9-]+)*$")]
Day = Annotated[str, AfterValidator(check_day), Field(json_schema_extra={"format": "date"})]
When = Annotated[
    str, AfterValidator(_check_when), Field(description="YYYY-MM-DD; YYYY-MM or YYYY where no more is known")
]
YesNo = Annotated[bool, BeforeValidator(_yes_no)]
Mark = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9:._-]*$")]

Grade = Literal["official", "secondary", "unverified"]
GRADES: tuple[Grade, ...] = ("official", "secondary", "unverified")
InstrumentKind = Literal[
    "statute",
    "regulation",
    "delegated-act",
    "proposal",
    "amendments",
    "position",
    "mandate",
    "guidance",
    "recommendation",
    "letter",
    "order",
    "notice",
    "announcement",
    "report",
]
#: Kinds of instrument that can be law in force; the others count only for a side that names them.
BINDING_KINDS = frozenset({"statute", "regulation", "delegated-act", "order", "notice"})
#: Kinds that change no law: their versions and effects count only for a side that names the instrument.
PROPOSING_KINDS = frozenset({"proposal", "amendments", "position", "mandate", "letter"})
EffectKind = Literal["delays", "stays", "not-enforced", "ends", "revives", "displaces"]
Origin = Literal["wassenaar", "australia-group", "mtcr", "nsg", "cwc", "plurilateral", "unilateral", "mixed"]
Binds = Literal["exporter", "re-exporter", "foreign-made", "us-person", "broker", "technical-assistance-provider"]
Review = Literal[
    "presumption-of-denial",
    "policy-of-denial",
    "case-by-case",
    "presumption-of-approval",
    "mixed",
    "not-stated",
]
Aspect = Literal["text", "thresholds", "dates", "licence", "origin", "pinpoint", "content"]
SideName = Literal["us", "eu", "nl", "de", "uk", "un", "wassenaar", "other"]


class Period(Protocol):
    """Anything with a first and a last day; an end that is left out is open."""

    @property
    def from_(self) -> str | None: ...
    @property
    def until(self) -> str | None: ...


def holds(record: Period, day: str) -> bool:
    """Whether ``day`` lies within the record's first and last day, both included."""
    return (record.from_ is None or record.from_ <= day) and (record.until is None or day <= record.until)


class Form(BaseModel):
    """What all forms of the encodings have in common: unknown keys are errors, and nothing changes once it is read."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True, frozen=True)


class Evidence(Form):
    """How well a fact is supported, what that covers, which copy was seen, when and where."""

    grade: Grade
    covers: list[Aspect] = []
    copy_: Literal["authentic", "consolidated", "third-party"] | None = Field(None, alias="copy")
    checked: Day | None = None
    against: Text | None = None


class Placed(Form):
    """Anything that stands as one entry of a file and knows its place."""

    _file: str = PrivateAttr("")
    _line: int = PrivateAttr(0)
    _regime: str = PrivateAttr("")

    @property
    def file(self) -> str:
        return self._file

    @property
    def line(self) -> int:
        return self._line

    @property
    def regime(self) -> str:
        """Id of the regime in whose folder the record stands ("" for vocabulary and context)."""
        return self._regime

    @property
    def place(self) -> str:
        """Where a reviewer finds the record: ``regimes/...yaml:line``."""
        return f"{self._file}:{self._line}"


class Record(Placed):
    """An entry that carries evidence as a whole."""

    evidence: list[Evidence] = Field(min_length=1)


def weakest(evidence: list[Evidence]) -> Grade:
    """The weakest grade among pieces of evidence: what a reader may rely on when nothing more is said."""
    return max((e.grade for e in evidence), key=GRADES.index, default="unverified")


def grade_of(evidence: list[Evidence], aspect: Aspect) -> Grade:
    """The best grade that covers ``aspect``; evidence without ``covers`` speaks for everything."""
    grades = [e.grade for e in evidence if not e.covers or aspect in e.covers]
    return min(grades, key=GRADES.index, default="unverified")


# ---------------------------------------------------------------------------------------------------- regimes


class OfficialText(Form):
    """Where the publisher keeps the text."""

    title: Text
    url: Text | None = None
    edition: Text | None = None
    note: Text | None = None


class Regime(Record):
    """A body of controls with one authority."""

    evidence: list[Evidence] = []

    id: Ident
    name: Text
    short: Text
    jurisdiction: Text
    kind: Literal["law", "position", "arrangement", "soft-law"]
    authority: Text
    language: Text
    about: Text
    verified_until: Day
    official_texts: list[OfficialText] = []
    notes: Text | None = None


class Dates(Form):
    adopted: When | None = None
    published: When | None = None
    effective: When | None = None
    applies: When | None = None
    compliance: When | None = None

    @property
    def first(self) -> str:
        """The earliest of the dates, "" when none is known."""
        return min((d for d in (self.adopted, self.published, self.effective, self.applies) if d), default="")


class Effect(Form):
    """What an instrument does to another, or to parts of it. ``until`` is the last day on which it holds."""

    on: Ident
    kind: EffectKind
    from_: Day = Field(alias="from")
    until: Day | None = None
    parts: list[Text] = []
    savings: Text | None = None
    note: Text | None = None

    def holds(self, day: str) -> bool:
        return holds(self, day)


class Instrument(Record):
    """One dated legal act, proposal, position, letter, announcement or guidance."""

    id: Ident
    title: Text
    kind: InstrumentKind
    issuer: Text
    dates: Dates = Dates()
    identifiers: dict[Ident, Text] = {}
    url: Text | None = None
    base: Ident | None = None
    procedure: Text | None = None
    stage: Text | None = None
    language: Text | None = None
    summary: Text | None = None
    notes: Text | None = None
    effects: list[Effect] = []
    aliases: list[Ident] = []

    @property
    def binding(self) -> bool:
        return self.kind in BINDING_KINDS


# --------------------------------------------------------------------------------------------------- controls


class Exception_(Form):
    """A box that a note takes out of a control again."""

    conditions: list[Text] = Field(min_length=1)
    pinpoint: Text
    note: Text | None = None


class LicenceRow(Form):
    """For which reason and destinations a licence is required, and how applications are reviewed."""

    reason: Mark
    destinations: list[Mark] = Field(min_length=1)
    less: list[Mark] = []
    review: Review = "not-stated"
    pinpoint: Text
    note: Text | None = None


class Authorisation(Form):
    """A licence exception or general authorisation as this entry offers it."""

    id: Mark
    available: Literal["yes", "no", "partly"] = "yes"
    conditions: Text | None = None
    pinpoint: Text | None = None


class Version(Form):
    """What a control says from a date on, by an instrument. Fields left out: see ``timeline``."""

    from_: Day = Field(alias="from")
    start: Literal["exact", "on-or-before"] = "exact"
    by: Ident
    scope: Text | None = None
    thresholds: list[list[Text]] | None = None
    except_: list[Exception_] | None = Field(None, alias="except")
    technologies: list[TechnologyId] | None = None
    reasons: list[Mark] | None = None
    origin: Origin | None = None
    licence: list[LicenceRow] | None = None
    authorisations: list[Authorisation] | None = None
    binds: list[Binds] | None = None
    pinpoint: Text | None = None
    note: Text | None = None
    basis: Literal["text", "our-reading"] = "text"
    evidence: list[Evidence] = Field(min_length=1)
    ends: YesNo = False

    def states(self, field: str) -> bool:
        """Whether the author wrote the field in this version (``null`` counts: it clears)."""
        return field in self.model_fields_set


class Control(Placed):
    """One entry on a control list, known by issuer and code; its versions carry the evidence."""

    code: Text
    label: Text
    technologies: list[TechnologyId] = []
    refers: list[Text] = []
    notes: Text | None = None
    aliases: list[Text] = []
    versions: list[Version] = Field(min_length=1)

    @property
    def key(self) -> tuple[str, str]:
        """Issuer and code: the same digits in two regimes are two controls."""
        return self._regime, self.code

    @property
    def name(self) -> str:
        """What a reader is shown: the code, or the label where the source gives no code."""
        return self.label if self.code.startswith("unnumbered/") else self.code

    @cached_property
    def topic(self) -> str:
        """The file's topic, e.g. ``semiconductor-equipment``."""
        return self._file.rsplit("/", 1)[-1].removesuffix(".yaml")


Box = tuple[Condition, ...]


def boxes(lists: list[list[str]]) -> tuple[Box, ...]:
    """Parsed conditions of each box; raises ConditionError."""
    return tuple(tuple(parse_condition(text) for text in box) for box in lists)


# --------------------------------------------------------------------------- provisions, findings, statements


class Provision(Record):
    """An article or section that implements a mechanism."""

    id: Ident
    instrument: Ident
    mechanism: Ident
    extent: Literal["full", "partial", "none", "delegated", "contested"]
    binds: list[Binds] = []
    summary: Text
    pinpoint: Text
    from_: Day = Field(alias="from")
    until: Day | None = None
    technologies: list[TechnologyId] = []
    notes: Text | None = None
    basis: Literal["text", "our-reading"] = "text"


class Finding(Record):
    """A checked negative or open result."""

    id: Ident
    technology: TechnologyId | None = None
    mechanism: Ident | None = None
    side: Text
    from_: Day = Field(alias="from")
    until: Day | None = None
    finding: Literal["not-found", "considered", "delegated", "contested"]
    searched: list[Text] = []
    by: Ident | None = None
    note: Text
    basis: Literal["text", "our-reading"] = "text"


class Speaker(Form):
    id: Ident
    side: SideName


class About(Form):
    technologies: list[TechnologyId] = []
    mechanisms: list[Ident] = []
    controls: list[Text] = []


class Coding(Form):
    """The frames one pass gave to a statement; the first is the dominant one."""

    frames: list[Text]
    codebook: Text
    from_: Literal["source", "paraphrase"] = Field(alias="from")


class Statement(Record):
    """One claim by one actor in one document at one pinpoint, coded with frames."""

    id: Ident
    document: Ident
    actor: Speaker
    date: When
    pinpoint: Text
    language: Text
    paraphrase: Text
    kind: Literal["justification", "operative"]
    voice: Literal["own", "reported", "imputed"]
    stance: Literal["extend", "limit", "balance", "relax", "describe"]
    about: About = About()
    set_: Ident | None = Field(None, alias="set")
    codes: dict[Ident, Coding] = Field(min_length=1)
    ruling: Text | None = None
    notes: Text | None = None

    def coding(self, passes: tuple[str, ...] = ("agreed", "first")) -> Coding:
        """The coding of the first of ``passes`` that was made; else any."""
        for name in passes:
            if name in self.codes:
                return self.codes[name]
        return next(iter(self.codes.values()))


# ---------------------------------------------------------------------------------------- mappings and context


class ControlRef(Form):
    regime: Ident
    code: Text

    @property
    def key(self) -> tuple[str, str]:
        """Issuer and code: a code alone means nothing."""
        return self.regime, self.code


class Mapping(Record):
    """Two entries of two lists and how their scopes relate, in the SKOS words."""

    a: ControlRef
    b: ControlRef
    relation: Literal["exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch"]
    from_: Day | None = Field(None, alias="from")
    until: Day | None = None
    reason: Text
    by: Text
    checked: Day


class Event(Record):
    """A dated event of law, diplomacy, enforcement, policy, market, outreach or review."""

    id: Ident
    date: When
    title: Text
    text: Text
    kind: Literal["law", "diplomacy", "enforcement", "policy", "market", "outreach", "review"]
    sides: list[SideName] = []
    instruments: list[Ident] = []
    technologies: list[TechnologyId] = []


class Document(Record):
    """A document that no regime issued: press, papers, speeches, releases of firms and civil society."""

    id: Ident
    title: Text
    kind: Literal[
        "report",
        "paper",
        "speech",
        "release",
        "press",
        "letter",
        "statement",
        "comment",
        "article",
        "study",
        "filing",
        "debate",
    ]
    issuer: Text
    side: SideName
    date: When
    identifiers: dict[Ident, Text] = {}
    url: Text | None = None
    language: Text | None = None
    notes: Text | None = None


class ProductProperty(Form):
    """A published figure of a product, in a quantity of the vocabulary."""

    quantity: Ident
    value: Text
    bound: Literal["at-least", "more-than", "at-most", "less-than"] | None = Field(
        None, description="what is known is only that the figure lies on this side of the value"
    )
    unit: Text | None = None
    note: Text | None = None
    evidence: list[Evidence] = Field(min_length=1)


class Reading(Form):
    """Our reading of whether the description of an entry fits a product, which figures cannot show.

    ``codes`` name entries or everything below them. ``no``: the entry is about something else; ``unclear``: at most
    cannot-say; ``yes``: the description fits, what remains are the entry's numbers, if it has any.
    """

    regime: Ident
    codes: list[Text] = Field(min_length=1)
    fits: Literal["yes", "no", "unclear"]
    reason: Text


class Product(Record):
    """A publicly documented product, as a probe for thresholds."""

    id: Ident
    name: Text
    maker: Text
    year: When | None = None
    kind: Text | None = None
    groups: list[Literal["A", "B", "C", "D", "E"]] = Field(
        [], description="product groups of the lists (3A, 3B, ...) that it can belong to; none: not said"
    )
    technologies: list[TechnologyId] = Field(min_length=1)
    properties: list[ProductProperty] = []
    readings: list[Reading] = []
    reads_as: Ident | None = Field(None, description="another product whose readings hold for this one too")
    notes: Text | None = None


class Name(Form):
    family: Text | None = None
    given: Text | None = None
    literal: Text | None = None


class Work(Record):
    """Scholarship that papers cite, in the fields of CSL JSON."""

    id: Ident
    type: Text
    title: Text
    author: list[Name] = []
    editor: list[Name] = []
    issued: When | None = None
    container_title: Text | None = Field(None, alias="container-title")
    collection_title: Text | None = Field(None, alias="collection-title")
    volume: Text | None = None
    issue: Text | None = None
    page: Text | None = None
    number: Text | None = None
    publisher: Text | None = None
    publisher_place: Text | None = Field(None, alias="publisher-place")
    edition: Text | None = None
    genre: Text | None = None
    DOI: Text | None = None
    URL: Text | None = None
    note: Text | None = None


# -------------------------------------------------------------------------------------------------- vocabulary


class Label(Form):
    en: Text
    nl: Text | None = None

    def get(self, language: str = "en") -> str:
        return (self.nl if language == "nl" else None) or self.en


class Technology(Record):
    """A node of the technology tree."""

    id: TechnologyId
    label: Label
    definition: Text
    parent: TechnologyId | None = None
    aliases: list[TechnologyId] = []
    sources: list[Text] = Field(min_length=1)
    notes: Text | None = None


class Mechanism(Record):
    id: Ident
    label: Label
    definition: Text
    group: Text | None = None
    aliases: list[Ident] = []
    sources: list[Text] = []


class Frame(Form):
    """A code of the codebook: a kind of justification."""

    id: Text
    label: Label
    group: Literal["security", "human-rights", "other"]
    narrow: YesNo = Field(False, description="counts as security also when security is counted narrowly")
    parent: Text | None = None
    definition: Text
    include: Text
    exclude: Text
    example: Text
    deprecated: Text | None = None
    since: Text | None = None


class Codebook(Record):
    version: Text
    frames: list[Frame] = Field(min_length=1)
    notes: Text | None = None


class Quantity(Record):
    """Something that thresholds measure or ask, with the unit in which values are compared."""

    id: Ident
    label: Label
    symbol: Text | None = None
    kind: Literal["number", "flag"]
    unit: Text | None = None
    definition: Text
    derives: Text | None = Field(None, description="a product of powers of other quantities, e.g. '1.4 * a / b'")
    aliases: list[Ident] = []
    source: Text
    notes: Text | None = None


class Reason(Record):
    """A reason for control: a legal category, not a narrative."""

    id: Mark
    label: Label
    definition: Text
    law: Text
    pinpoint: Text | None = None


class Actor(Record):
    evidence: list[Evidence] = []
    id: Ident
    name: Text
    kind: Literal[
        "legislator",
        "executive",
        "agency",
        "parliament",
        "member",
        "firm",
        "civil-society",
        "scholar",
        "press",
        "court",
        "industry",
        "international",
    ]
    side: SideName
    aliases: list[Ident] = []
    notes: Text | None = None


#: Kinds of actor that speak with public authority: only their own voice enters shares.
PUBLIC_AUTHORITIES = frozenset({"legislator", "executive", "agency", "parliament", "court", "international"})


class Membership(Form):
    from_: Day = Field(alias="from")
    start: Literal["exact", "on-or-before"] = "exact"
    until: Day | None = None
    countries: list[Mark]
    note: Text | None = None


class Destination(Record):
    """A country, or a group of countries whose membership is dated."""

    id: Mark
    label: Label
    kind: Literal["country", "group", "chart-column", "special"]
    members: list[Membership] = []
    pinpoint: Text | None = None
    notes: Text | None = None
    aliases: list[Mark] = []


class Jurisdiction(Record):
    """A place and the regimes that bind there together."""

    evidence: list[Evidence] = []
    id: Ident
    label: Label
    regimes: list[Ident] = Field(min_length=1)
    notes: Text | None = None
