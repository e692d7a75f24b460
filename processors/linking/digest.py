"""What joining stories needs of one article's records."""

from processors.claims import quotes
from processors.identity import carried
from processors.linking.wording import LEAST_WORDS, Wording
from schemas import Claim, Digest, Event, Quoted, StoryArticle

_MOST_RECORDS = 200
_MOST_CHARS = 1_500


def digest(article: StoryArticle, claims: list[Claim], events: list[Event]) -> Digest:
    """The digest of an article: its quotes of six words and more, each once, and its events."""
    spoken = [claim for claim in claims if claim.content[0].field is None]  # a title's quote is the body's, cut
    quoted = [_quoted(claim) for claim in spoken if claim.repeats is None and claim.kind != "indirect"]
    return Digest(
        **carried(article.story_id, article),
        dated_by=article.dated_by,
        quotes=[quote for quote in quoted if len(Wording.of(quote.text).words) >= LEAST_WORDS][:_MOST_RECORDS],
        events=events[:_MOST_RECORDS],
    )


def _quoted(claim: Claim) -> Quoted:
    pieces = [span.text for span in claim.content]
    if claim.kind == "mixed":
        pieces = [piece[quote.start : quote.end] for piece in pieces for quote in quotes.find(piece)]
    speaker = None if claim.speaker is None else claim.speaker.name
    return Quoted(claim_id=claim.id, speaker=speaker, text=" ".join(pieces)[:_MOST_CHARS])
