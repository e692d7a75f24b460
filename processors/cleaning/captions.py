"""Captions and photo credits."""

from processors.cleaning.lines import Lines
from processors.cleaning.phrases import remove_matching


def remove_captions(lines: Lines) -> None:
    """Lines that end in a photo credit, name a photo, or stand right above a line that is nothing but a credit."""
    spaced = sum(line.near for line in lines.lines) * 4 < len(lines.lines)
    for line in lines.kept[1:]:
        if spaced and line.near and line.word_count <= 8 and "caption" in line.says:
            above = lines.lines[line.index - 1]
            if above.word_count <= 60 and not above.near:
                lines.remove(above, "caption")
    remove_matching(lines, "caption")
