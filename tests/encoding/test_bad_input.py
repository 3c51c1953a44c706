"""Bad encodings: each gets one clear sentence with the file, the line and what to do.

Every case changes one thing in the small library and expects exactly one problem. ``where`` is a text that stands on
the line that the message must name.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from small_library import EU, US, SmallLibrary

from analysis.encoding.library import load
from analysis.encoding.problems import EncodingError, WorkbenchError

INSTRUMENTS = "regimes/us-ear/instruments.yaml"
EU_INSTRUMENTS = "regimes/eu-dual-use/instruments.yaml"
PROVISIONS = "regimes/us-ear/provisions.yaml"
STATEMENTS = "regimes/us-ear/statements.yaml"
FINDINGS = "regimes/us-ear/findings.yaml"
TECHNOLOGIES = "regimes/vocabulary/technologies.yaml"
QUANTITIES = "regimes/vocabulary/quantities.yaml"
DESTINATIONS = "regimes/vocabulary/destinations.yaml"
FRAMES = "regimes/vocabulary/frames.yaml"
PRODUCTS = "regimes/context/products.yaml"
EVENTS = "regimes/context/events.yaml"
MAPPINGS = "regimes/mappings.yaml"

QUBITS = '- ["qubits >= 34"]'


@dataclass(frozen=True)
class Case:
    """One change, the line that it is found on, and what the user reads after ``file:line: ``."""

    name: str
    file: str
    old: str
    new: str
    where: str
    sentence: str


def bad_threshold(name: str, box: str, sentence: str) -> Case:
    return Case(name, US, QUBITS, f"- {box}", f"- {box}", sentence)


READING = [
    Case(
        "broken YAML",
        US,
        "technologies: [quantum/quantum-computing]",
        "technologies: [quantum/quantum-computing",
        "technologies: [quantum/quantum-computing",
        "broken YAML: did not find expected ',' or ']'; mend the indentation or quoting",
    ),
    Case(
        "quotation mark left open",
        "regimes/vocabulary/mechanisms.yaml",
        "definition: Control of goods",
        'definition: "Control of goods',
        'definition: "Control of goods',
        "broken YAML: found unexpected end of stream; mend the indentation or quoting",
    ),
    Case(
        "wrong indentation",
        US,
        "  label: Quantum computers",
        "   label: Quantum computers",
        "   label: Quantum computers",
        "broken YAML: did not find expected key; mend the indentation or quoting",
    ),
    Case(
        "indented with a tab",
        US,
        "  label: Quantum computers",
        "\tlabel: Quantum computers",
        "\tlabel: Quantum computers",
        "broken YAML: found character that cannot start any token; mend the indentation or quoting",
    ),
    Case(
        "control character",
        US,
        "label: Quantum computers",
        "label: Quantum\x07computers",
        "Quantum\x07computers",
        "broken YAML: control character #x0007; remove the character",
    ),
    Case(
        "second document",
        US,
        '- code: "4A906"',
        '---\n- code: "4A906"',
        "---",
        "holds a second document after '---'; keep one list of records per file",
    ),
    Case(
        "duplicate key",
        US,
        "  label: Quantum computers",
        "  label: Quantum computers\n  label: Other computers",
        "label: Other computers",
        "has the key 'label' twice; keep one of them",
    ),
    Case(
        "duplicate key further in",
        US,
        "      scope: Machines with many qubits.",
        "      scope: Machines with many qubits.\n      scope: Others.",
        "scope: Others.",
        "has the key 'scope' twice; keep one of them",
    ),
    Case(
        "key that is a list",
        US,
        "  label: Quantum computers",
        "  ? [label]\n  : Quantum computers",
        "? [label]",
        "has a key that is not a word; use a plain word as key",
    ),
    Case(
        "unknown key",
        US,
        "  label: Quantum computers",
        "  label: Quantum computers\n  technology: quantum",
        "technology: quantum",
        "unknown key 'technology'; nearest valid name: technologies; rename or remove it",
    ),
    Case(
        "unknown key in a version",
        US,
        "      scope: Machines with many qubits.",
        "      scope: Machines with many qubits.\n      strat: exact",
        "strat: exact",
        "unknown key 'strat'; nearest valid name: start; rename or remove it",
    ),
    Case(
        "unknown key in a licence row",
        US,
        'review: case-by-case, pinpoint: "1(a)"',
        'reviews: case-by-case, pinpoint: "1(a)"',
        "reviews: case-by-case",
        "unknown key 'reviews'; nearest valid name: review; rename or remove it",
    ),
    Case(
        "missing key",
        US,
        "  label: Quantum computers\n",
        "",
        '- code: "4A906"',
        "key 'label' is missing; add 'label:'",
    ),
    Case(
        "code without quotation marks",
        US,
        '- code: "4A906"',
        "- code: 4A906",
        "- code: 4A906",
        'code 4A906 is not quoted; write "4A906" in double quotes',
    ),
    Case(
        "code without quotation marks in a list",
        US,
        'refers: ["4A906"]',
        "refers: [4A906]",
        "refers: [4A906]",
        'code 4A906 is not quoted; write "4A906" in double quotes',
    ),
    Case(
        "scientific notation for a code",
        MAPPINGS,
        'a: {regime: nl-national, code: "3B001.f.4"}',
        "a: {regime: nl-national, code: 3E001}",
        "code: 3E001",
        'code 3E001 is not quoted; write "3E001" in double quotes',
    ),
    Case(
        "alias",
        US,
        "technologies: [quantum/quantum-computing]",
        "technologies: &t [quantum/quantum-computing]\n  refers: *t",
        "refers: *t",
        "uses a YAML alias (*); write the value out",
    ),
    Case(
        "alias of a word",
        US,
        "  label: Quantum computers",
        "  label: &l Quantum computers\n  notes: *l",
        "notes: *l",
        "uses a YAML alias (*); write the value out",
    ),
    Case(
        "merge key",
        US,
        "  label: Quantum computers",
        "  label: Quantum computers\n  <<: {notes: a}",
        "<<: {notes: a}",
        "unknown key '<<'; rename or remove it",
    ),
    Case(
        "tag of Python",
        US,
        "  label: Quantum computers",
        "  label: !!python/object/apply:os.system [ls]",
        "!!python",
        "uses the YAML tag tag:yaml.org,2002:python/object/apply:os.system; remove the tag",
    ),
    Case(
        "tag of a number",
        US,
        "  label: Quantum computers",
        "  label: !!int 5",
        "!!int 5",
        "uses the YAML tag tag:yaml.org,2002:int; remove the tag",
    ),
    Case(
        "deep nesting",
        US,
        "  label: Quantum computers",
        "  label: " + "[" * 5000 + "]" * 5000,
        "[[[[",
        "is nested more than 40 deep; flatten the file",
    ),
    Case(
        "text for a list",
        US,
        "technologies: [quantum/quantum-computing]",
        "technologies: quantum/quantum-computing",
        "technologies: quantum/quantum-computing",
        "'technologies' should be a list, not the text 'quantum/quantum-computing'",
    ),
    Case(
        "list for a text",
        US,
        "label: Quantum computers",
        "label: [Quantum computers]",
        "label: [Quantum computers]",
        "'label' should be text, not a list",
    ),
    Case(
        "nothing for a text",
        US,
        "label: Quantum computers",
        "label: # nothing",
        "label: # nothing",
        "'label' should be text, not empty",
    ),
    Case(
        "empty text",
        US,
        "label: Quantum computers",
        'label: ""',
        'label: ""',
        "'label' is empty; write it or remove the key",
    ),
    Case(
        "text for a mapping",
        INSTRUMENTS,
        'dates: {published: "2023-02-01"}',
        'dates: "2023-02-01"',
        'dates: "2023-02-01"',
        "'dates' should be 'key: value' lines, not the text '2023-02-01'",
    ),
    Case(
        "conditions that are no list of lists",
        US,
        QUBITS,
        '- "qubits >= 34"',
        '- "qubits >= 34"',
        "'thresholds' should be a list, not the text 'qubits >= 34'",
    ),
    Case(
        "evidence that is empty",
        PROVISIONS,
        "evidence: [{grade: unverified}]",
        "evidence: []",
        "evidence: []",
        "'evidence' is empty; write at least one entry",
    ),
    Case(
        "word that is not one of the choices",
        INSTRUMENTS,
        "kind: proposal",
        "kind: proposed",
        "kind: proposed",
        "'proposed' is not a valid kind; nearest valid name: proposal; use one of: statute, regulation, delegated-act, "
        "proposal, amendments, position, mandate, guidance, recommendation, letter, order, notice, announcement, report",
    ),
    Case(
        "neither yes nor no",
        US,
        "      scope: Machines with many qubits.",
        "      scope: Machines with many qubits.\n      ends: perhaps",
        "ends: perhaps",
        "'ends' should be true or false, not the text 'perhaps'",
    ),
    Case(
        "id with capitals",
        INSTRUMENTS,
        "- id: bill-2023",
        "- id: Bill 2023",
        "- id: Bill 2023",
        "'Bill 2023' is not a valid id; use lower-case letters, digits and hyphens only",
    ),
    Case(
        "identifier with a bad key",
        INSTRUMENTS,
        "identifiers: {fr: 85 FR 1}",
        "identifiers: {FR no: 85 FR 1}",
        "FR no:",
        "'FR no' is not a valid key here; use lower-case letters, digits and hyphens only",
    ),
    Case(
        "record that is a text",
        INSTRUMENTS,
        "- id: bill-2023",
        "- bill-2022\n- id: bill-2023",
        "- bill-2022",
        "'this record' should be 'key: value' lines, not the text 'bill-2022'",
    ),
]

DATES = [
    Case(
        "no day of the calendar",
        US,
        'from: "2020-01-15"',
        'from: "2024-02-30"',
        'from: "2024-02-30"',
        "'2024-02-30' is not a day of the calendar; write YYYY-MM-DD",
    ),
    Case(
        "day without zeros",
        US,
        'from: "2020-01-15"',
        'from: "2020-1-15"',
        'from: "2020-1-15"',
        "'2020-1-15' is not a date; write YYYY-MM-DD",
    ),
    Case(
        "a month where a day is asked for",
        PROVISIONS,
        'from: "2020-01-15"',
        'from: "2020-01"',
        'from: "2020-01"',
        "'2020-01' is not a date; write YYYY-MM-DD",
    ),
    Case(
        "no month of the calendar",
        EVENTS,
        'date: "2023-01-27"',
        'date: "2023-13"',
        'date: "2023-13"',
        "'2023-13' is not a month of the calendar; write YYYY-MM",
    ),
    Case(
        "date in words",
        INSTRUMENTS,
        'published: "2023-02-01"',
        "published: February 2023",
        "published: February 2023",
        "'February 2023' is not a date; write YYYY-MM-DD",
    ),
    Case(
        "ends before it begins",
        PROVISIONS,
        'from: "2020-01-15"',
        'from: "2020-01-15"\n  until: "2020-01-14"',
        "until:",
        "until 2020-01-14 lies before from 2020-01-15; swap or mend the dates",
    ),
    Case(
        "versions out of order",
        US,
        '- from: "2022-03-01"\n      by: rule-2022\n      thresholds:',
        '- from: "2020-01-14"\n      start: on-or-before\n      by: rule-2022\n      thresholds:',
        'from: "2020-01-14"',
        "version from 2020-01-14 does not come after the version from 2020-01-15; put versions in order of date; "
        "two versions cannot start on the same day",
    ),
    Case(
        "two versions on one day",
        US,
        "start: exact\n      by: rule-2020",
        "start: exact\n      by: rule-2020\n      scope: Nothing.\n      pinpoint: Entry\n      "
        'evidence: [{grade: unverified}]\n    - from: "2020-01-15" # again\n      by: rule-2020',
        "# again",
        "version from 2020-01-15 does not come after the version from 2020-01-15; put versions in order of date; "
        "two versions cannot start on the same day",
    ),
    Case(
        "version before its instrument",
        US,
        'from: "2020-01-15"',
        'from: "2020-01-09"',
        'from: "2020-01-09"',
        "version starts on 2020-01-09, before its instrument rule-2020 (2020-01-10); mend the date, name the right "
        "instrument, or say 'start: on-or-before'",
    ),
    Case(
        "provision before its instrument",
        PROVISIONS,
        'from: "2020-01-15"',
        'from: "2019-12-31"',
        'from: "2019-12-31"',
        "provision starts on 2019-12-31, before its instrument (2020-01-10); mend one of the dates",
    ),
    Case(
        "first version that ends",
        US,
        "      scope: Machines with many qubits.",
        '      ends: "yes"',
        'ends: "yes"',
        "the first version ends the control; state first what it said",
    ),
    Case(
        "proposal that takes effect",
        INSTRUMENTS,
        'dates: {published: "2023-02-01"}',
        'dates: {published: "2023-02-01", effective: "2023-03-01"}',
        'effective: "2023-03-01"',
        "a proposal has no effective date; move the date to 'published', or mend the kind",
    ),
]

THRESHOLDS = [
    bad_threshold(
        "condition that does not parse",
        '["many qubits"]',
        "condition 'many qubits' does not parse; write: quantity operator number unit",
    ),
    bad_threshold(
        "condition without a number",
        '["qubits >= many"]',
        "condition 'qubits >= many': 'many' is not a number; write digits, e.g. 4800, 1.5 or 1e26",
    ),
    bad_threshold(
        "number and unit run together",
        '["overlay <= 1.5nm"]',
        "condition 'overlay <= 1.5nm': '1.5nm' is not a number; write digits, e.g. 4800, 1.5 or 1e26",
    ),
    bad_threshold(
        "number with a comma",
        '["total-processing-performance >= 4,800"]',
        "condition 'total-processing-performance >= 4,800': '4,800' is not a number; write digits, e.g. 4800, 1.5 or 1e26",
    ),
    bad_threshold(
        "number with a space",
        '["overlay >= 4 800 nm"]',
        "'overlay >= 4 800 nm': '800 nm' is not a known unit; overlay is measured in nm",
    ),
    bad_threshold(
        "number without end",
        '["qubits >= 1e999999"]',
        "condition 'qubits >= 1e999999': '1e999999' is not a number; write digits, e.g. 4800, 1.5 or 1e26",
    ),
    bad_threshold(
        "number beyond all measure",
        '["qubits >= 1e999"]',
        "condition 'qubits >= 1e999': '1e999' lies beyond 1e60",
    ),
    bad_threshold(
        "unknown operator",
        '["qubits => 34"]',
        "condition 'qubits => 34' uses '=>'; use one of >= > <= < ==",
    ),
    bad_threshold(
        "single equals sign",
        '["qubits = 34"]',
        "condition 'qubits = 34' uses '='; use one of >= > <= < ==",
    ),
    bad_threshold(
        "wrong unit",
        '["overlay <= 1.5 K"]',
        "'overlay <= 1.5 K': 'K' does not measure the same as 'nm'; overlay is measured in nm",
    ),
    bad_threshold(
        "no unit",
        '["overlay <= 1.5"]',
        "'overlay <= 1.5': '1' does not measure the same as 'nm'; overlay is measured in nm",
    ),
    bad_threshold(
        "unit for a bare number",
        '["qubits >= 34 nm"]',
        "'qubits >= 34 nm': 'nm' does not measure the same as '1'; qubits is measured in no unit",
    ),
    bad_threshold(
        "unknown unit",
        '["overlay <= 1.5 furlong"]',
        "'overlay <= 1.5 furlong': 'furlong' is not a known unit; overlay is measured in nm",
    ),
    bad_threshold(
        "code for a unit",
        "[\"overlay <= 1.5 __import__('os')\"]",
        "'overlay <= 1.5 __import__('os')': '__import__('os')' is not a known unit; overlay is measured in nm",
    ),
    bad_threshold(
        "unknown quantity",
        '["qubit >= 34"]',
        "unknown quantity 'qubit'; nearest valid name: qubits; use a known quantity or add it",
    ),
    bad_threshold(
        "nothing can satisfy it",
        '["qubits >= 34", "qubits < 20"]',
        "nothing satisfies 'qubits >= 34' and 'qubits < 20' together (qubits); mend a number or an operator, or split "
        "into two lists",
    ),
    bad_threshold(
        "nothing can satisfy it in other units",
        '["overlay > 2 nm", "overlay < 0.0019 um"]',
        "nothing satisfies 'overlay > 2 nm' and 'overlay < 0.0019 um' together (overlay); mend a number or an "
        "operator, or split into two lists",
    ),
    bad_threshold(
        "a point left out on one side",
        '["qubits == 34", "qubits > 34"]',
        "nothing satisfies 'qubits > 34' and 'qubits == 34' together (qubits); mend a number or an operator, or split "
        "into two lists",
    ),
    bad_threshold(
        "the sharper of two upper bounds",
        '["qubits <= 34", "qubits < 34", "qubits >= 34"]',
        "nothing satisfies 'qubits >= 34' and 'qubits < 34' together (qubits); mend a number or an operator, or split "
        "into two lists",
    ),
    bad_threshold(
        "the sharper of two lower bounds",
        '["qubits >= 34", "qubits > 34", "qubits <= 34"]',
        "nothing satisfies 'qubits > 34' and 'qubits <= 34' together (qubits); mend a number or an operator, or split "
        "into two lists",
    ),
    bad_threshold(
        "yes and no at once",
        '["euv == yes", "euv == no"]',
        "euv cannot be yes and no at once; split into two lists",
    ),
    bad_threshold(
        "yes and no under two names",
        '["euv == yes", "extreme-ultraviolet == no"]',
        "euv cannot be yes and no at once; split into two lists",
    ),
    bad_threshold(
        "number for a flag",
        '["euv == 1"]',
        "'euv == 1': euv takes yes or no; mend the condition",
    ),
    bad_threshold(
        "yes for a number",
        '["overlay == yes"]',
        "'overlay == yes': overlay takes a number in nm; mend the condition",
    ),
    bad_threshold(
        "flag compared",
        '["euv >= yes"]',
        "condition 'euv >= yes' is a yes/no condition; write: euv == yes",
    ),
    bad_threshold(
        "list without conditions",
        "[]",
        "an empty list of conditions takes everything; write conditions into it, or 'thresholds: []' where no number matters",
    ),
    Case(
        "exception that nothing satisfies",
        US,
        QUBITS,
        f'{QUBITS}\n      except:\n        - {{conditions: ["qubits < 5", "qubits > 6"], pinpoint: Note}}',
        "qubits < 5",
        "nothing satisfies 'qubits > 6' and 'qubits < 5' together (qubits); mend a number or an operator, or split into "
        "two lists",
    ),
    Case(
        "exception without conditions",
        US,
        QUBITS,
        f"{QUBITS}\n      except:\n        - {{conditions: [], pinpoint: Note}}",
        "conditions: []",
        "'conditions' is empty; write at least one entry",
    ),
    Case(
        "quantity that derives from nothing known",
        QUANTITIES,
        "derives: total-processing-performance / die-area",
        "derives: total-processing-performance / area",
        "derives: total-processing-performance / area",
        "unknown quantity 'area'; nearest valid name: die-area; use a known quantity or add it",
    ),
    Case(
        "quantity that derives from a sum",
        QUANTITIES,
        "derives: total-processing-performance / die-area",
        "derives: total-processing-performance + die-area",
        "derives: total-processing-performance + die-area",
        "'total-processing-performance + die-area' is not a product of quantities; write e.g. '1.4 * a / b'",
    ),
    Case(
        "quantity with an unknown unit",
        QUANTITIES,
        "unit: dB",
        "unit: decibels-ish",
        "unit: decibels-ish",
        "unit 'decibels-ish' is not known; write it in known units",
    ),
    Case(
        "flag with a unit",
        QUANTITIES,
        "  kind: flag\n",
        "  kind: flag\n  unit: m # no\n",
        "unit: m # no",
        "flag euv has a unit; remove the unit",
    ),
]

NAMES = [
    Case(
        "unknown technology",
        US,
        "technologies: [quantum/quantum-computing]",
        "technologies: [quantum/quantum-computer]",
        "technologies: [quantum/quantum-computer]",
        "unknown technology 'quantum/quantum-computer'; nearest valid name: quantum/quantum-computing; use a known "
        "technology or add it",
    ),
    Case(
        "unknown parent",
        TECHNOLOGIES,
        "  definition: Taking material away.\n  parent: semiconductors",
        "  definition: Taking material away.\n  parent: semiconductor # no s",
        "# no s",
        "unknown technology 'semiconductor'; nearest valid name: semiconductors; use a known technology or add it",
    ),
    Case(
        "unknown instrument of a version",
        US,
        "start: exact\n      by: rule-2020",
        "start: exact\n      by: rule-2021",
        "by: rule-2021",
        "unknown instrument 'rule-2021'; nearest valid name: rule-2020; use a known instrument or add it",
    ),
    Case(
        "unknown instrument of a provision",
        PROVISIONS,
        "instrument: rule-2020",
        "instrument: rule-2021",
        "instrument: rule-2021",
        "unknown instrument of us-ear 'rule-2021'; nearest valid name: rule-2020; use a known instrument of us-ear or add it",
    ),
    Case(
        "unknown mechanism",
        PROVISIONS,
        "mechanism: catch-all-military",
        "mechanism: catch-all-militry",
        "mechanism: catch-all-militry",
        "unknown mechanism 'catch-all-militry'; nearest valid name: catch-all-military; use a known mechanism or add it",
    ),
    Case(
        "unknown reason for control",
        US,
        "reasons: [NS]",
        "reasons: [NX]",
        "reasons: [NX]",
        "unknown reason for control 'NX'; use a known reason for control or add it",
    ),
    Case(
        "unknown destination",
        US,
        'destinations: ["NS1", "D:1"]',
        'destinations: ["NS1", "D:11"]',
        'destinations: ["NS1", "D:11"]',
        "unknown destination 'D:11'; nearest valid name: D:1; use a known destination or add it",
    ),
    Case(
        "unknown country of a group",
        DESTINATIONS,
        'countries: ["CN"]',
        'countries: ["XX"]',
        'countries: ["XX"]',
        "unknown country 'XX'; use a known country or add it",
    ),
    Case(
        "unknown control referred to",
        US,
        'refers: ["4A906"]',
        'refers: ["4A960"]',
        'refers: ["4A960"]',
        "unknown control of us-ear '4A960'; nearest valid name: 4A906; use a known control of us-ear or add it",
    ),
    Case(
        "unknown document",
        STATEMENTS,
        "document: rule-2020",
        "document: rule-2021",
        "document: rule-2021",
        "unknown document 'rule-2021'; nearest valid name: rule-2020; use a known document or add it",
    ),
    Case(
        "unknown actor",
        STATEMENTS,
        "actor: {id: bureau, side: us}",
        "actor: {id: burau, side: us}",
        "actor: {id: burau, side: us}",
        "unknown actor 'burau'; nearest valid name: bureau; use a known actor or add it",
    ),
    Case(
        "unknown frame",
        STATEMENTS,
        'frames: ["NS"]',
        "frames: [HR-q]",
        "frames: [HR-q]",
        "unknown frame 'HR-q'; nearest valid name: HR-r; use a known frame or add it",
    ),
    Case(
        "unknown control that a statement is about",
        STATEMENTS,
        'controls: ["3B001"]',
        'controls: ["3B002"]',
        'controls: ["3B002"]',
        "unknown control '3B002'; nearest valid name: 3B001.f.4; use a known control or add it",
    ),
    Case(
        "unknown control of a mapping",
        MAPPINGS,
        'code: "3B001.f.4"',
        'code: "3B001.f.5"',
        'code: "3B001.f.5"',
        "unknown control of nl-national '3B001.f.5'; nearest valid name: 3B001.f.4; use a known control of nl-national "
        "or add it",
    ),
    Case(
        "unknown regime of a mapping",
        MAPPINGS,
        "regime: nl-national",
        "regime: nl",
        "regime: nl,",
        "unknown regime 'nl'; nearest valid name: nl-national; use a known regime or add it",
    ),
    Case(
        "unknown regime of a jurisdiction",
        "regimes/vocabulary/jurisdictions.yaml",
        "regimes: [eu-dual-use, nl-national]",
        "regimes: [eu-dual-use, nl]",
        "regimes: [eu-dual-use, nl]",
        "unknown regime 'nl'; nearest valid name: nl-national; use a known regime or add it",
    ),
    Case(
        "unknown instrument of an event",
        EVENTS,
        "instruments: [order-2023]",
        "instruments: [order-2032]",
        "instruments: [order-2032]",
        "unknown instrument 'order-2032'; nearest valid name: order-2023; use a known instrument or add it",
    ),
    Case(
        "unknown base of a proposal",
        EU_INSTRUMENTS,
        "base: com-2016",
        "base: com-2061",
        "base: com-2061",
        "unknown instrument 'com-2061'; nearest valid name: com-2016; use a known instrument or add it",
    ),
    Case(
        "effect on something that does not exist",
        INSTRUMENTS,
        "identifiers: {fr: 85 FR 1}",
        'effects:\n    - {on: rule-2021, kind: stays, from: "2021-01-01"}',
        "- {on: rule-2021",
        "unknown instrument 'rule-2021'; nearest valid name: rule-2020; use a known instrument or add it",
    ),
    Case(
        "effect on a part that does not exist",
        INSTRUMENTS,
        "title: Second rule",
        'title: Second rule\n  effects:\n    - {on: rule-2020, kind: ends, from: "2021-01-01", parts: ["3B001.g"]}',
        '"3B001.g"',
        "unknown control of us-ear '3B001.g'; nearest valid name: 3B001.f; use a known control of us-ear or add it",
    ),
    Case(
        "effect on the instrument itself",
        INSTRUMENTS,
        "title: Second rule",
        'title: Second rule\n  effects:\n    - {on: rule-2022, kind: stays, from: "2022-04-01"}',
        "- {on: rule-2022",
        "'stays' on the instrument itself; name the other one",
    ),
    Case(
        "technology that a provision names",
        "regimes/eu-dual-use/provisions.yaml",
        "technologies: [cyber-surveillance]",
        "technologies: [cyber]",
        "technologies: [cyber]",
        "unknown technology 'cyber'; nearest valid name: cyber-surveillance; use a known technology or add it",
    ),
    Case(
        "unknown quantity of a product",
        PRODUCTS,
        "quantity: overlay",
        "quantity: overlays",
        "quantity: overlays",
        "unknown quantity 'overlays'; nearest valid name: overlay; use a known quantity or add it",
    ),
]

RECORDS = [
    Case(
        "code used twice",
        EU,
        '- code: "4A906"',
        '- code: "3B001.f" # again',
        "# again",
        "code '3B001.f' is used twice (first at regimes/eu-dual-use/controls/list.yaml:1); give one of them another name",
    ),
    Case(
        "alias that is another's id",
        TECHNOLOGIES,
        "aliases: [semiconductors/litho]",
        "aliases: [semiconductors/etch]",
        "- id: semiconductors/lithography",
        "alias 'semiconductors/etch' also names semiconductors/etch (regimes/vocabulary/technologies.yaml:14); names are "
        "never reused; give the alias up",
    ),
    Case(
        "official without a place and a day",
        US,
        'evidence: [{grade: official, covers: [text, thresholds], copy: authentic, checked: "2026-06-30", against: A print}]',
        "evidence: [{grade: official, covers: [text]}]",
        "grade: official",
        "evidence is graded 'official' without against and checked; say against what it was compared and on which day, "
        "or grade it unverified",
    ),
    Case(
        "official without a day",
        PROVISIONS,
        "evidence: [{grade: unverified}]",
        "evidence:\n    - {grade: unverified}\n    - {grade: official, against: A print}",
        "- {grade: official, against: A print}",
        "evidence is graded 'official' without checked; say against what it was compared and on which day, or grade it "
        "unverified",
    ),
    Case(
        "secondary without a place",
        PROVISIONS,
        "evidence: [{grade: unverified}]",
        'evidence: [{grade: secondary, checked: "2026-06-30"}]',
        "grade: secondary",
        "evidence is graded 'secondary' without against; say against what it was compared and on which day, or grade it "
        "unverified",
    ),
    Case(
        "mapped to itself",
        MAPPINGS,
        '- a: {regime: us-ear, code: "3B001.f"}\n  b: {regime: eu-dual-use, code: "3B001.f"}',
        '- a: {regime: us-ear, code: "3B001.f"} # here\n  b: {regime: us-ear, code: "3B001.f"}',
        "# here",
        "us-ear 3B001.f is mapped to itself; remove the mapping",
    ),
    Case(
        "mapped twice",
        MAPPINGS,
        '- a: {regime: nl-national, code: "3B001.f.4"}\n  b: {regime: us-ear, code: "3B001.f"}',
        '- a: {regime: eu-dual-use, code: "3B001.f"} # here\n  b: {regime: us-ear, code: "3B001.f"}',
        "# here",
        "eu-dual-use 3B001.f and us-ear 3B001.f are mapped twice (also line 1); keep one, or give both their dates",
    ),
    Case(
        "finding against a control in force",
        FINDINGS,
        "technology: quantum/quantum-sensing",
        "technology: quantum/quantum-computing",
        "- id: us-no-sensing",
        "'not-found' on 2022-03-01, but us-ear 4A906 (regimes/us-ear/controls/chips.yaml:27) lists it; mend the finding's "
        "dates or remove it",
    ),
    Case(
        "finding against a control of a child",
        FINDINGS,
        "technology: quantum/quantum-sensing",
        "technology: semiconductors",
        "- id: us-no-sensing",
        "'not-found' on 2020-01-15, but us-ear 3B001.f (regimes/us-ear/controls/chips.yaml:1) lists it; mend the finding's "
        "dates or remove it",
    ),
    Case(
        "finding against a provision",
        FINDINGS,
        "technology: quantum/quantum-sensing",
        "mechanism: catch-all-military",
        "- id: us-no-sensing",
        "'not-found' on 2020-01-15, but rule-2020-military (regimes/us-ear/provisions.yaml:1) provides it; mend the "
        "finding's dates or remove it",
    ),
    Case(
        "finding without a subject",
        FINDINGS,
        "  technology: quantum/quantum-sensing\n",
        "",
        "- id: us-no-sensing",
        "names a technology or a mechanism, one of the two; keep exactly one",
    ),
    Case(
        "not found without a search",
        FINDINGS,
        "searched: [The list of 2022]",
        "searched: []",
        "- id: us-no-sensing",
        "'not-found' without saying what was searched; add 'searched: [...]'",
    ),
    Case(
        "finding about an unknown side",
        FINDINGS,
        "side: us-ear",
        "side: us-aer",
        "side: us-aer",
        "there is no side 'us-aer'; nearest valid name: us-ear",
    ),
    Case(
        "finding in the folder of another regime",
        FINDINGS,
        "side: us-ear",
        "side: eu-dual-use",
        "side: eu-dual-use",
        "speaks about 'eu-dual-use' in the folder of us-ear; move it to regimes/eu-dual-use/findings.yaml",
    ),
    Case(
        "side of the actor",
        STATEMENTS,
        "actor: {id: bureau, side: us}",
        "actor: {id: bureau, side: eu}",
        "actor: {id: bureau, side: eu}",
        "says side 'eu' of bureau, who stands on side 'us'; mend the statement or vocabulary/actors.yaml",
    ),
    Case(
        "statement in the wrong folder",
        STATEMENTS,
        "document: rule-2020",
        "document: reg-2021",
        "document: reg-2021",
        "quotes 'reg-2021', which belongs elsewhere; move it to regimes/eu-dual-use/statements.yaml",
    ),
    Case(
        "frame named twice",
        STATEMENTS,
        'frames: ["NS"]',
        'frames: ["NS", "NS"]',
        'frames: ["NS", "NS"]',
        "names a frame twice; keep the first",
    ),
    Case(
        "codebook of the future",
        STATEMENTS,
        'codebook: "1.0"',
        'codebook: "2.0"',
        'codebook: "2.0"',
        "was coded with codebook 2.0; the newest is 1.0; mend the version",
    ),
    Case(
        "frame that stands twice",
        FRAMES,
        "- id: FP",
        "- id: MIL # again",
        "# again",
        "frame 'MIL' stands twice; remove one",
    ),
    Case(
        "product without properties",
        PRODUCTS,
        '  properties:\n    - {quantity: overlay, value: "1.4", unit: nm, evidence: [{grade: unverified}]}\n'
        '    - {quantity: euv, value: "no", evidence: [{grade: unverified}]}\n',
        "",
        "- id: stepper",
        "product 'stepper' has no properties; add figures, or say 'kind: descriptive'",
    ),
    Case(
        "property that is no number",
        PRODUCTS,
        'value: "1.4"',
        "value: good",
        "value: good",
        "overlay: 'good' is not a number; write digits, e.g. 4800, 1.5 or 1e26",
    ),
    Case(
        "property in the wrong unit",
        PRODUCTS,
        'value: "1.4", unit: nm',
        'value: "1.4", unit: W',
        "unit: W",
        "overlay: 'W' does not measure the same as 'nm'; write it in nm",
    ),
    Case(
        "property that is neither yes nor no",
        PRODUCTS,
        'value: "no"',
        'value: "maybe"',
        'value: "maybe"',
        "euv is 'maybe'; write yes or no",
    ),
    Case(
        "licence row for another reason",
        US,
        "reasons: [NS, AT]",
        "reasons: [AT]",
        "{reason: NS",
        "licence row for reason NS, which 'reasons' does not name; add the reason or mend the row",
    ),
    Case(
        "version without a pinpoint",
        US,
        """    - from: "2022-03-01"
      by: rule-2022
      scope: Machines with many qubits.
      thresholds:
        - ["qubits >= 34"]
      pinpoint: Entry 4A906
""",
        """    - from: "2022-03-01" # here
      by: rule-2022
      scope: Machines with many qubits.
      thresholds:
        - ["qubits >= 34"]
""",
        "# here",
        "version of 4A906 has no pinpoint; add 'pinpoint:'",
    ),
    Case(
        "first version without a scope",
        US,
        '    - from: "2022-03-01"\n      by: rule-2022\n      scope: Machines with many qubits.\n',
        '    - from: "2022-03-01" # here\n      by: rule-2022\n',
        "# here",
        "the first version of 4A906 has no scope; say in own words what is caught",
    ),
    Case(
        "control of nothing",
        US,
        "  technologies: [quantum/quantum-computing]\n",
        "",
        '- code: "4A906"',
        "control 4A906 names no technology; add 'technologies: [...]'",
    ),
    Case(
        "control that refers to itself",
        EU,
        "  label: Ovens",
        '  label: Ovens\n  refers: ["4A906"]',
        "refers:",
        "4A906 refers to itself; remove it",
    ),
    Case(
        "regime under another name",
        "regimes/us-ear/regime.yaml",
        "id: us-ear",
        "id: us-aer",
        "id: us-aer",
        "id 'us-aer' differs from the folder 'us-ear'; make them equal",
    ),
]


@pytest.mark.parametrize("case", READING + DATES + THRESHOLDS + NAMES + RECORDS, ids=lambda case: case.name)
def test_one_clear_sentence(small: SmallLibrary, case: Case) -> None:
    small.change(case.file, case.old, case.new)
    line = small.line(case.file, case.where)
    assert small.problems() == [f"{case.file}:{line}: {case.sentence}"]


@pytest.mark.parametrize("case", READING, ids=lambda case: case.name)
def test_reports_refuse_what_cannot_be_read(small: SmallLibrary, case: Case) -> None:
    """Notebooks load strictly: the same sentence, and no library."""
    small.change(case.file, case.old, case.new)
    line = small.line(case.file, case.where)
    with pytest.raises(EncodingError) as raised:
        small.load()
    assert str(raised.value) == f"{case.file}:{line}: {case.sentence}"


def test_the_small_library_is_sound(small: SmallLibrary) -> None:
    assert small.problems() == []


# ------------------------------------------------------------------------------------------- whole files and folders


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(WorkbenchError) as raised:
        load(tmp_path)
    assert str(raised.value) == f"there is no folder 'regimes' in {tmp_path}; name the project's folder with --root"


def test_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "regimes" / "vocabulary").mkdir(parents=True)
    with pytest.raises(WorkbenchError) as raised:
        load(tmp_path)
    assert str(raised.value) == f"the folder {tmp_path / 'regimes'} holds no YAML files; restore the encodings"


def test_missing_vocabulary(small: SmallLibrary) -> None:
    small.path("regimes/vocabulary/jurisdictions.yaml").unlink()
    assert small.problems() == ["regimes/vocabulary/jurisdictions.yaml: is missing; restore the file"]


def test_empty_file_holds_no_records(small: SmallLibrary) -> None:
    small.write("regimes/context/products.yaml", "# nothing yet\n")
    assert small.problems() == []
    assert not small.load().products


def test_not_utf8(small: SmallLibrary) -> None:
    text = small.read(US).replace("Quantum computers", "Qu\u00e4nten").encode("latin-1")
    small.write(US, text)
    assert small.problems() == [f"{US}:28: is not UTF-8 text; save the file as UTF-8"]


def test_utf16(small: SmallLibrary) -> None:
    small.write(US, small.read(US).encode("utf-16"))
    assert small.problems()[-1] == f"{US}:1: is not UTF-8 text; save the file as UTF-8"


def test_byte_order_mark_and_windows_lines_are_fine(small: SmallLibrary) -> None:
    small.write(US, b"\xef\xbb\xbf" + small.read(US).replace("\n", "\r\n").encode())
    assert small.problems() == []


def test_huge_alias_tree(small: SmallLibrary) -> None:
    """Nine times nine times nine ...: refused at once, and every alias named."""
    laughs = ["- &a0 [ha]"] + [f"- &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    small.write("regimes/context/events.yaml", "\n".join(laughs) + "\n")
    lines = [f"regimes/context/events.yaml:{n}: uses a YAML alias (*); write the value out" for n in range(2, 13)]
    assert small.problems() == lines


def test_alias_inside_itself(small: SmallLibrary) -> None:
    small.write("regimes/context/events.yaml", "- &a [*a]\n")
    assert small.problems() == ["regimes/context/events.yaml:1: uses a YAML alias (*); write the value out"]


def test_depth_that_would_exhaust_the_parser(small: SmallLibrary) -> None:
    small.write("regimes/context/events.yaml", "- " + "[" * 500_000)
    assert small.problems() == ["regimes/context/events.yaml:1: is nested more than 40 deep; flatten the file"]


def test_mapping_where_a_list_is_due(small: SmallLibrary) -> None:
    small.write("regimes/context/events.yaml", "id: talks\n")
    sentence = "should hold a list of events; start each record with '- '"
    assert small.problems() == [f"regimes/context/events.yaml:1: {sentence}"]


def test_list_where_a_mapping_is_due(small: SmallLibrary) -> None:
    small.write("regimes/wassenaar/regime.yaml", "- id: wassenaar\n")
    sentence = "should hold one regime as 'key: value' lines; see regimes/README.md"
    assert small.problems() == [f"regimes/wassenaar/regime.yaml:1: {sentence}"]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("us-ear/instrument.yaml", "is read by nothing; rename or remove the file (instruments.yaml?)"),
        ("us-ear/instruments.yml", "is read by nothing; rename or remove the file (instruments.yaml?)"),
        ("us-ear/chips.yaml", "is read by nothing; rename or remove the file"),
        ("us-ear/controls/deeper/chips.yaml", "is read by nothing; rename or remove the file"),
        ("context/event.yaml", "is read by nothing; rename or remove the file (events.yaml?)"),
        ("mapping.yaml", "is read by nothing; rename or remove the file (mappings.yaml?)"),
        ("fr-national/instruments.yaml", "stands in the folder 'fr-national' that has no regime.yaml; add regime.yaml"),
        ("fr-national/controls/a.yaml", "stands in the folder 'fr-national' that has no regime.yaml; add regime.yaml"),
    ],
)
def test_file_that_nobody_reads(small: SmallLibrary, name: str, sentence: str) -> None:
    small.write(f"regimes/{name}", "- id: something\n")
    assert small.problems() == [f"regimes/{name}: {sentence}"]


def test_instrument_in_two_regimes(small: SmallLibrary) -> None:
    small.append(
        EU_INSTRUMENTS,
        "- id: rule-2020\n  title: First rule\n  kind: regulation\n  issuer: A bureau\n"
        "  evidence: [{grade: unverified}]\n",
    )
    line = small.line(EU_INSTRUMENTS, "- id: rule-2020")
    sentence = "instrument 'rule-2020' stands in two regimes (also regimes/eu-dual-use/instruments.yaml:28)"
    assert line == 28
    assert small.problems() == [f"{INSTRUMENTS}:1: {sentence}; give one of them another name"]


def test_circular_technology_tree(small: SmallLibrary) -> None:
    """Said once for each node of the circle, and nothing runs forever: not even a finding about it."""
    small.change(TECHNOLOGIES, "- id: semiconductors\n", "- id: semiconductors\n  parent: semiconductors/etch\n")
    small.change(FINDINGS, "technology: quantum/quantum-sensing", "technology: semiconductors/etch")
    small.change(FINDINGS, 'from: "2020-01-15"', 'from: "2019-01-01"\n  until: "2019-12-31"')
    circle = "the technology tree runs in a circle"
    assert small.problems() == [
        f"{TECHNOLOGIES}:3: {circle}: semiconductors > semiconductors/etch > semiconductors; mend a parent",
        f"{TECHNOLOGIES}:11: {circle}: semiconductors > semiconductors/etch > semiconductors; mend a parent",
        f"{TECHNOLOGIES}:18: {circle}: semiconductors/etch > semiconductors > semiconductors/etch; mend a parent",
    ]


def test_technology_that_is_its_own_parent(small: SmallLibrary) -> None:
    small.change(TECHNOLOGIES, "- id: quantum\n", "- id: quantum\n  parent: quantum # here\n")
    line = small.line(TECHNOLOGIES, "# here")
    sentence = "the technology tree runs in a circle: quantum > quantum; mend a parent"
    assert f"{TECHNOLOGIES}:{line}: {sentence}" in small.problems()


def test_finding_against_a_control_in_between(small: SmallLibrary) -> None:
    """Listed and ended again within the span of the finding: neither its first nor its last day shows it."""
    small.change(FINDINGS, "technology: quantum/quantum-sensing", "technology: quantum/quantum-computing")
    small.change(FINDINGS, 'from: "2020-01-15"', 'from: "2020-01-15"\n  until: "2024-01-01"')
    small.append(US, '    - {from: "2023-01-01", by: rule-2022, ends: "yes", evidence: [{grade: unverified}]}\n')
    (problem,) = small.problems()
    assert problem.startswith(f"{FINDINGS}:1: 'not-found' on 2022-03-01, but us-ear 4A906 ")


def test_finding_before_and_after_a_control(small: SmallLibrary) -> None:
    """A finding that ends the day before the control starts contradicts nothing; one day more does."""
    small.change(FINDINGS, "technology: quantum/quantum-sensing", "technology: quantum/quantum-computing")
    small.change(FINDINGS, 'from: "2020-01-15"', 'from: "2020-01-15"\n  until: "2022-02-28"')
    assert small.problems() == []
    small.change(FINDINGS, 'until: "2022-02-28"', 'until: "2022-03-01"')
    assert len(small.problems()) == 1


def test_finding_about_a_proposal(small: SmallLibrary) -> None:
    """What a proposal would list contradicts a finding about the proposal, not one about the law."""
    file = "regimes/eu-dual-use/findings.yaml"
    small.change(file, "technology: quantum/quantum-sensing", "technology: cyber-surveillance")
    assert small.problems() == []
    small.change(file, "side: eu-dual-use", "side: eu-dual-use:com-2016")
    (problem,) = small.problems()
    assert (
        "'not-found' on 2021-09-09, but eu-dual-use 4X000 (regimes/eu-dual-use/controls/list.yaml:23) lists" in problem
    )


def test_finding_against_a_control_that_was_revived(small: SmallLibrary) -> None:
    """No version begins within the span of the finding, but the entry comes back in it."""
    small.change(FINDINGS, "technology: quantum/quantum-sensing", "technology: quantum/quantum-computing")
    small.change(FINDINGS, 'from: "2020-01-15"', 'from: "2023-01-01"\n  until: "2025-12-31"')
    small.append(
        INSTRUMENTS,
        "- id: news\n  title: News\n  kind: announcement\n  issuer: A\n  evidence: [{grade: unverified}]\n  effects:\n"
        '    - {on: rule-2022, kind: ends, from: "2022-06-01", parts: ["4A906"]}\n'
        '    - {on: rule-2022, kind: revives, from: "2024-03-01", parts: ["4A906"]}\n',
    )
    (problem,) = small.problems()
    assert problem.startswith(f"{FINDINGS}:1: 'not-found' on 2024-03-01, but us-ear 4A906 ")


def test_what_a_proposal_says_does_not_depend_on_days(small: SmallLibrary) -> None:
    file = "regimes/eu-dual-use/findings.yaml"
    small.change(file, "technology: quantum/quantum-sensing", "technology: cyber-surveillance")
    small.change(file, "side: eu-dual-use", "side: eu-dual-use:com-2016")
    small.change(file, 'from: "2021-09-09"', 'from: "2016-01-01"\n  until: "2016-06-01"')
    (problem,) = small.problems()
    assert problem.startswith(f"{file}:1: 'not-found' on 2016-01-01, but eu-dual-use 4X000 ")


@pytest.mark.parametrize("code", ["3B001", "3B001.f", "3B001.f.9", "3B001.f.1.b"])
def test_a_control_may_refer_to_a_parent_or_a_child(small: SmallLibrary, code: str) -> None:
    small.change(US, "  label: Quantum computers", f'  label: Quantum computers\n  refers: ["{code}"]')
    assert small.problems() == []


@pytest.mark.parametrize("code", ["3B00", "3B001.g", "3B001.ff", "B001.f"])
def test_but_to_nothing_else(small: SmallLibrary, code: str) -> None:
    small.change(US, "  label: Quantum computers", f'  label: Quantum computers\n  refers: ["{code}"]')
    (problem,) = small.problems()
    assert problem.startswith(f"{US}:29: unknown control of us-ear '{code}'")


def test_several_problems_come_in_order_of_place(small: SmallLibrary) -> None:
    small.change(US, "label: Quantum computers", "label: []")
    small.change(US, "reasons: [NS]", "reasons: [NX]")
    small.change(EVENTS, "kind: diplomacy", "kind: diplomatic")
    found = [problem.split(": ")[0] for problem in small.problems()]
    assert found == [f"{EVENTS}:5", f"{US}:24", f"{US}:28"]


def test_a_broken_file_does_not_make_the_others_wrong(small: SmallLibrary) -> None:
    """Statements, mappings and findings name the codes of the file that cannot be read: no word about them."""
    small.change(US, "label: Quantum computers", "label: [")
    (problem,) = small.problems()
    assert problem.startswith(f"{US}:28: broken YAML")


@pytest.mark.parametrize(
    "word", ["NO", "on", "off", "y", "3E001x", "2024-12-02", "1e3", "0x1F", "012", "1_000", "12:30"]
)
def test_words_stay_text(small: SmallLibrary, word: str) -> None:
    """What YAML 1.1 makes booleans, dates and numbers of stays what the author wrote."""
    small.change(US, "label: Quantum computers", f"label: {word}")
    assert small.load().control("us-ear", "4A906").label == word


@pytest.mark.parametrize("word", ["null", "~", "Null", "NULL", ""])
def test_only_null_is_nothing(small: SmallLibrary, word: str) -> None:
    small.change(US, "label: Quantum computers", f"label: Quantum computers\n  notes: {word}")
    assert small.load().control("us-ear", "4A906").notes is None
    small.change(US, f"notes: {word}", f'notes: "{word or "null"}"')
    assert small.load().control("us-ear", "4A906").notes == (word or "null")
