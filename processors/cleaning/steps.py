"""The cleaning steps, in their order. A step looks at an article's lines and removes some, each with its reason.

Steps see what earlier ones removed (`Lines.removed`), and nothing but the article: what an outlet prints again and again is found
by processors/boilerplate.py, which remembers its last articles.
"""

from collections.abc import Callable

from processors.cleaning.bylines import remove_bios, remove_bylines
from processors.cleaning.captions import remove_captions
from processors.cleaning.duplicates import remove_doubled_lines
from processors.cleaning.leftovers import remove_leftovers
from processors.cleaning.lines import Lines
from processors.cleaning.phrases import remove_matching
from processors.cleaning.promos import remove_inserts, remove_promos

Step = Callable[[Lines], None]


def remove_page_furniture(lines: Lines) -> None:
    """Newsletter and donation lines, social buttons and comment counts, copyright and agency lines, contact addresses, legal."""
    remove_matching(lines, "subscription", "social", "credit", "contact", "boilerplate")


STEPS: tuple[Step, ...] = (
    remove_doubled_lines,
    remove_page_furniture,
    remove_captions,
    remove_bylines,
    remove_promos,
    remove_bios,
    remove_leftovers,
    remove_inserts,
)
