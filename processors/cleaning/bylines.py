"""Bylines, datelines of the page (when it was published and updated), and notes about the author."""

import re

from processors.cleaning.lines import Line, Lines
from processors.cleaning.phrases import remove_matching

_NAME = r"[A-ZÀ-Þ][\w.'’-]*(?: (?:[A-ZÀ-Þ][\w.'’-]*|de|la|van|von|der|bin|al|el|and|&|of)){1,5}"
_BYLINE = re.compile(rf"(?:[Bb]y|BY|Von|Par|Por|Di|Door|Af) (?:{_NAME})(?:(?:,| \||/| -| –| —| for| in| and| •) ?.{{0,90}})?$")
_MONTH = (  # English; where they begin in another way: German, French, Spanish, Portuguese, Italian
    r"(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-zéç]*\.?|märz|mai|oktober|dezember|février|avril|juin|juillet|août|"
    r"décembre|enero|abril|agosto|diciembre|fevereiro|maio|setembro|outubro|dezembro|gennaio|maggio|giugno|luglio|settembre|ottobre|"
    r"dicembre)"
)
_DAY = (
    r"(?:(?:mon|tues?|wed|wednes|thurs?|fri|sat|satur|sun)(?:day)?\.?|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|"
    r"(?:lun|mar|mercre|jeu|vendre|same)di|dimanche|lunes|martes|mi[ée]rcoles|jueves|viernes|s[áa]bado|domingo|"
    r"(?:segunda|ter[çc]a|quarta|quinta|sexta)-feira)"
)
_CLOCK = r"\d{1,2}[:.]\d\d|a\.?m\.?|p\.?m\.?|[ecmp][ds]?t|gmt|utc|bst|cet|ist|eastern"
_NUMBER = r"\d{1,4}(?:st|nd|rd|th|\.(?= ))?|\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}"
_DATE_PART = rf"(?:{_MONTH}|{_DAY}|{_NUMBER}|{_CLOCK}|at|on|et|de|of|um|uhr|às|à|a las|alle|updated|published|posted)"
_DATE_LINE = re.compile(rf"\W*(?:{_DATE_PART}[\s,|·•@()–—-]*){{2,12}}$")
_DAY_NAMED = re.compile(rf"\b(?:{_MONTH}|{_DAY}|(?:19|20)\d\d)(?!\w)")
_TRADE = re.compile(
    r"\b(?:reporter|writer|columnist|editor|correspondent|journalist|author|professor|fellow|contributor|analyst|director|host|blogger|"
    r"producer|publisher|commentator|intern|photographer|coauthor|co-author|lecturer|strategist|curator|freelance)s?\b"
)
_DOES = r"(?:is|are|covers|writes|reports|has covered|works|teaches|serves|lives)"
_HONORIFIC = r"(?:Mr|Mrs|Ms|Sen|Rep|Gov|Gen|Lt|President|Prime|Judge|Justice|Senator|King|Queen|Pope)"
_NAMED = rf"(?!The |{_HONORIFIC}\.? )\(?{_NAME}(?:, [^,]{{2,60}},)?,? {_DOES}"
_ABOUT_AUTHOR = rf"{_NAMED}|(?:[Tt]he|[Oo]ur) (?:author|writer)s? (?:is|are|was)|[Hh]e is|[Ss]he is"
_BIO = re.compile(rf"(?:{_ABOUT_AUTHOR}) ")
_LINES_BETWEEN_BIOS = 1
_BYLINE_LINES = 4
_BYLINE_WORDS = 16
_CONTRIBUTOR_LINES, _CONTRIBUTOR_WORDS = 4, 7
_AND = re.compile(r",? and |, |; | & ")


def remove_bylines(lines: Lines) -> None:
    """Bylines, dates of the page before and behind the text, and what the last lines say of their author."""
    remove_matching(lines, "byline")
    _remove_names(lines)
    _remove_contributors(lines)
    prose = lines.prose
    for line in lines.kept:
        if line.word_count > _BYLINE_WORDS:
            continue
        near_edge = line.index < max(prose.start, 4) or line.index >= prose.stop - 2
        outside = line.index < prose.start or line.index >= prose.stop
        byline = near_edge and not line.ends_sentence and _BYLINE.match(line.text)
        introduced = line.index > 0 and lines.lines[line.index - 1].text.endswith(":")
        if byline or (outside and not introduced and line.word_count <= 12 and _is_date(line.plain)):
            lines.remove(line, "byline")


def _remove_names(lines: Lines) -> None:
    """The authors' or the outlet's names alone on a line above or below the text, once: more often it says who speaks."""
    for line in lines.lines[:_BYLINE_LINES] + lines.lines[_BYLINE_LINES:][-1:]:
        if line.word_count > _BYLINE_WORDS or not all(name in lines.names for name in _AND.split(line.plain)):
            continue
        if sum(other.text == line.text for other in lines.lines) == 1:
            lines.remove(line, "byline")


def _remove_contributors(lines: Lines) -> None:
    """The names above a line that begins with `contributed to`: one list, one name a line."""
    for line in lines.lines:
        if line.plain.startswith("contributed ") and lines.removed.get(line.index) == "credit":
            for above in reversed(lines.lines[max(0, line.index - _CONTRIBUTOR_LINES) : line.index]):
                if above.word_count > _CONTRIBUTOR_WORDS or above.ends_sentence:
                    break
                lines.remove(above, "credit")


def _is_date(plain: str) -> bool:
    return bool(_DATE_LINE.match(plain) and _DAY_NAMED.search(plain))


def remove_bios(lines: Lines) -> None:
    """Notes about the author at the end: a name, what they are, and a trade of the press or the academy.

    Read from the last line up, as far as such notes go (one line of something else may stand between).
    """
    others = 0
    for line in reversed(lines.kept[2:]):
        if _is_bio(line):
            lines.remove(line, "bio")
        elif (others := others + 1) > _LINES_BETWEEN_BIOS:
            return


def _is_bio(line: Line) -> bool:
    return bool(line.plain and line.word_count <= 70 and _BIO.match(line.text) and _TRADE.search(line.plain[:250]))
