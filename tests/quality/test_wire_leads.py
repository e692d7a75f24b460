"""Plain leads of agencies: what no threshold may cost."""

from processors.events import DEFAULT_MIN_CONFIDENCE
from tests.quality.wire_leads import read


def test_plain_leads_are_read_right_and_published() -> None:
    found = list(read())
    missed = [sentence for sentence, event in found if event is None]
    left_out = [sentence for sentence, event in found if event is not None and event.confidence < DEFAULT_MIN_CONFIDENCE]
    assert len(missed) <= 0.05 * len(found), missed
    assert len(left_out) <= 0.15 * len(found), left_out
