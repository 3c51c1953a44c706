"""Units as control lists print them, as units that ``analysis/encoding/units.txt`` knows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

#: Units as printed; the first that fits at a place wins, so longer ones stand first. Values are names of units.txt;
#: several names stand for a sign that the lists use in several senses (g is a gram and the acceleration of free fall).
_ATOMS: list[tuple[str, tuple[str, ...]]] = [
    (r"kg of ice (?:or (?:greater|more) )?in 24 hours", ("kg/day",)),
    (r"cubic met(?:er|re)s?", ("m**3",)), (r"cubic centimet(?:er|re)s?", ("cm**3",)), (r"square met(?:er|re)s?", ("m**2",)),
    (r"square millimet(?:er|re)s?", ("mm**2",)), (r"square centimet(?:er|re)s?", ("cm**2",)),
    (r"arc[ -]?min(?:utes?)?|minutes? of arc", ("60*arcsec",)),
    (r"kWh", ("kW*h",)), (r"MNs\b", ("MN*s",)), (r"kNs\b", ("kN*s",)), (r"Nm\b", ("N*m",)),
    (r"uGals?", ("1e-3*mGal",)), (r"nW\b", ("nW",)), (r"u?[Cc]oulombs?", ("uC", "C")), (r"[Nn]anovolts?", ("nV",)),
    (r"atoms?|(?:full )?frames?", ("1",)),
    (r"arc[ -]?sec(?:onds?)?|seconds? of arc|second arc", ("arcsec",)),
    (r"nautical miles?|nmi|nm(?= CEP)", ("nmi",)),
    (r"knots?|kt\b", ("knot",)),
    (r"micro ?-?g\b|ug\b", ("ug_0", "ug")),
    (r"milli ?-?g\b|mg\b", ("mg_0", "mg")),
    (r"milliGals?|milligals?|mGals?", ("mGal",)),
    (r"Giga Samples [Pp]er [Ss]econd|GSPS|Gsps", ("Gsample/s",)),
    (r"Mega Samples [Pp]er [Ss]econd|MSPS|Msps", ("Msample/s",)),
    (r"parts per million|ppm", ("ppm",)),
    (r"parts per billion|ppb", ("1e-3*ppm",)),
    (r"Weighted TeraFLOPS|WT\b", ("1",)),
    (r"milli-?radians?|mrad(?:ians?)?", ("mrad",)),
    (r"micro-?radians?|urad(?:ians?)?", ("urad",)),
    (r"[Nn]anomet(?:er|re)s?|nm\b", ("nm",)),
    (r"[Mm]icromet(?:er|re)s?|microns?|um\b", ("um",)),
    (r"[Mm]illimet(?:er|re)s?|mm(?![a-zA-Z])", ("mm",)),
    (r"[Cc]entimet(?:er|re)s?|cm(?![a-zA-Z])|ccm\b", ("cm",)),
    (r"cc\b", ("cm**3",)),
    (r"[Kk]ilomet(?:er|re)s?|km(?![a-zA-Z])", ("km",)),
    (r"pm\b", ("pm",)),
    (r"GHz|[Gg]igahertz", ("GHz",)), (r"MHz|[Mm]egahertz", ("MHz",)), (r"kHz|[Kk]ilohertz", ("kHz",)),
    (r"Hz|[Hh]ertz|[Cc]ycles per second", ("Hz",)),
    (r"[Kk]ilowatts?|kW", ("kW",)), (r"[Mm]illiwatts?|mW", ("mW",)), (r"MW\b", ("MW",)), (r"uW\b", ("uW",)),
    (r"TW\b", ("TW",)), (r"GW\b", ("GW",)), (r"Wh\b", ("Wh",)), (r"[Ww]atts?|W(?![a-zA-Z])", ("W",)),
    (r"[Kk]ilojoules?|kJ", ("kJ",)), (r"[Mm]illijoules?|mJ\b", ("mJ",)), (r"MJ\b", ("MJ",)), (r"uJ\b", ("uJ",)),
    (r"nJ\b", ("nJ",)), (r"[Jj]oules?|J(?![a-zA-Z])", ("J",)),
    (r"[Kk]elvins?|K(?![a-zA-Z])", ("K",)),
    (r"%|[Pp]er ?cent|[Pp]ercent", ("%",)),
    (r"(?:Gbits?|Gb)(?=[ /.,;)]|ps|$)", ("Gbit",)), (r"(?:Mbits?|Mb)(?=[ /.,;)]|ps|$)", ("Mbit",)),
    (r"(?:kbits?|kb)(?=[ /.,;)]|ps|$)", ("kbit", "kilobase")), (r"[Kk]ilobases?", ("kilobase",)),
    (r"ps(?= per| or|[;,.]|$)", ("ps", "1/s")),
    (r"[Gg]igabytes?|G[Bb]ytes?|GB\b", ("GB",)), (r"[Tt]erabytes?|TB\b", ("TB",)), (r"MBytes?|MB\b", ("MB",)),
    (r"bits?\b", ("bit",)), (r"bytes?\b", ("byte",)), (r"bps\b", ("bit/s",)),
    (r"[Mm]illi-?seconds?|ms(?:ec)?\b", ("ms",)), (r"[Mm]icro-?seconds?|us(?:ec)?\b", ("us",)),
    (r"[Nn]ano-?seconds?|ns(?:ec)?\b", ("ns",)), (r"[Pp]ico-?seconds?", ("ps",)), (r"fs\b", ("fs",)),
    (r"seconds?\b|sec\b|s(?![a-zA-Z])", ("s",)),
    (r"minutes?\b|min\b", ("minute",)), (r"hours?\b|hr?s?(?![a-zA-Z])", ("h",)), (r"days?\b", ("day",)),
    (r"years?\b|yr\b", ("year",)),
    (r"degrees?\b(?! of '?freedom)(?! ?[CK]\b)|deg\b|°(?! ?[CK])", ("deg",)),
    (r"dBm", ("dBm",)), (r"dB[ic]?\b", ("dB",)),
    (r"[Kk]ilovolts?|kV\b", ("kV",)), (r"mV\b", ("mV",)), (r"nV\b", ("nV",)), (r"uV\b", ("uV",)),
    (r"[Vv]olts?|V(?![a-zA-Z])", ("V",)),
    (r"[Kk]iloamperes?|kA\b", ("kA",)), (r"[Mm]illiamperes?|mA\b", ("mA",)), (r"uA\b", ("uA",)), (r"nA\b", ("nA",)),
    (r"[Aa]mperes?|A(?![a-zA-Z])", ("A",)),
    (r"[Gg]igapascals?|GPa", ("GPa",)), (r"[Mm]egapascals?|MPa", ("MPa",)), (r"[Kk]ilopascals?|kPa", ("kPa",)),
    (r"[Mm]illipascals?|mPa", ("mPa",)), (r"hPa", ("hPa",)), (r"uPa", ("uPa",)), (r"[Pp]ascals?|Pa\b", ("Pa",)),
    (r"mbar", ("mbar",)), (r"bar\b", ("bar",)), (r"mTorr", ("mtorr",)), (r"[Tt]orr", ("torr",)), (r"atm\b", ("atm",)),
    (r"MN(?![a-zA-Z])", ("MN",)), (r"[Kk]ilonewtons?|kN(?![a-zA-Z])", ("kN",)), (r"mN\b", ("mN",)),
    (r"[Nn]ewtons?|N(?![a-zA-Z])", ("N",)),
    (r"[Kk]ilograms?|kg(?![a-zA-Z])", ("kg",)), (r"[Gg]rams?|g's|g(?![a-zA-Z])", ("g", "g_0")), (r"G\b", ("g_0",)),
    (r"tonnes?|metric tons?", ("t",)),
    (r"[Mm]illilit(?:er|re)s?|m[lL]\b", ("mL",)), (r"[Ll]it(?:er|re)s?|[lL](?![a-zA-Z])", ("L",)),
    (r"[Mm]illimoles?|mmol", ("mmol",)), (r"umol", ("umol",)), (r"mol(?:es?)?\b", ("mol",)),
    (r"mT(?![a-zA-Z])", ("mT",)), (r"uT(?![a-zA-Z])", ("uT",)), (r"nT(?![a-zA-Z])", ("nT",)),
    (r"pT(?![a-zA-Z])", ("pT",)), (r"fT(?![a-zA-Z])", ("fT",)), (r"[Tt]eslas?|T(?![a-zA-Z])", ("T",)),
    (r"Gy", ("Gy",)), (r"rads?(?! ?ian)(?=[ /(]|$)", ("rad_Si", "rad")),
    (r"keV", ("keV",)), (r"MeV", ("MeV",)), (r"eV\b|electron ?volts?", ("eV",)),
    (r"uC\b", ("uC",)), (r"C(?=/)", ("C",)),
    (r"[Mm]egohms?|Mohms?", ("Mohm",)), (r"[Oo]hms?", ("ohm",)), (r"[Ss]iemens", ("S",)), (r"S(?=/)", ("S",)),
    (r"pF\b", ("pF",)), (r"nF\b", ("nF",)), (r"uF\b", ("uF",)), (r"F\b", ("F",)),
    (r"rpm|r\.p\.m\.|revolutions per minute|rev/min", ("rpm",)),
    (r"inch(?:es)?", ("inch",)), (r"f(?:ee|oo)t", ("ft",)),
    (r"[Mm]et(?:er|re)s?|m(?![a-zA-Z])", ("m",)),
    (r"(?:soundings|points|elements|lines|pulses|hops|n|neutrons|photons|line pairs|lp|samples)(?= ?/| per)", ("1",)),
]  # fmt: skip
_ATOM = re.compile("|".join(f"(?P<a{n}>{pattern})" for n, (pattern, _) in enumerate(_ATOMS)))
_JOIN = re.compile(
    r" ?\(?(?:rms|RMS|[Ss]i|silicon|peak|mean|weight|3 sigma|1 sigma or rms|single axis|one-way|relative)\)? ?(?=/|per )|"
    r" ?(?P<over>/ ?|per )\(?(?P<root>square root (?:of )?(?:a )?)?|(?P<times> x |[*.-]| )"
)
_POWER = re.compile(r"\^?(?:\*\*)? ?(-?[1-4])(?![0-9]|[.,][0-9])")
_GAP = re.compile(r"[ -]?\(?[ ]?")


def units_at(text: str, at: int) -> tuple[str, ...]:
    """The units that may stand at a place: m, m/s and m/s**2 for ``m/s 2``."""
    gap = _GAP.match(text, at)
    at = gap.end() if gap else at
    over = ""
    if re.match(r"(?:/|per ) ?", text[at : at + 4]):  # 4 per square millimetre
        over, at = "1/", at + (1 if text[at] == "/" else 4)
    atom = _ATOM.match(text, at)
    if not atom:
        return ()
    found = _extend(text, atom.end(), _names(atom), 0)
    return tuple(dict.fromkeys(over + f"({u})" if over else u for u in found))


def _names(atom: re.Match[str]) -> tuple[str, ...]:
    return _ATOMS[int(str(atom.lastgroup)[1:])][1]


def _extend(text: str, at: int, units: Iterable[str], depth: int) -> Iterator[str]:
    """``units`` as they stand, with the power that follows, and with a further unit multiplied or divided."""
    units = list(units)
    yield from units
    power = _POWER.match(text, at)
    if power:
        raised = [_raise(u, power[1]) for u in units]
        yield from raised
        if depth < 3:
            yield from _joined(text, power.end(), raised, depth)
    if depth < 3:
        yield from _joined(text, at, units, depth)


def _raise(unit: str, power: str) -> str:
    head, sign, last = unit.rpartition("/")
    if sign:
        return f"{head}/{last}**{power}"
    head, sign, last = unit.rpartition("*")
    return f"{head}{sign}{last}**{power}" if not head.endswith("*") else unit


def _joined(text: str, at: int, units: list[str], depth: int) -> Iterator[str]:
    join = _JOIN.match(text, at)
    if not join:
        return
    if not join["over"] and not join["times"]:  # a word in brackets before the stroke
        yield from _joined(text, join.end(), units, depth + 1)
        return
    atom = _ATOM.match(text, join.end())
    if not atom:
        return
    for name in _names(atom):
        if join["over"]:
            tail = f"{name}**0.5" if join["root"] else name
            made = [
                f"{u}/({tail})" if "*" in name else f"{u}/{tail}"
                for u in units
                if not re.match(r"[0-9.e-]+\*|.*/", name)
            ]
        else:
            made = [f"{u}*{name}" for u in units if not re.match(r"[0-9.e-]+\*|.*/", name)]
        yield from _extend(text, atom.end(), made, depth + 1)
