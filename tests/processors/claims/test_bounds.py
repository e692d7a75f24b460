"""Claims hold their invariants on any parse, and cost no more than the text's length."""

import time
from itertools import pairwise

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc

from processors import claims
from processors.claims.lexicon import inflections, lexicon

VOCAB = spacy.blank("en").vocab
WORDS = [
    *[
        "he",
        "said",
        '"',
        ",",
        "that",
        "according",
        "to",
        "claims",
        ".",
        "asked",
        "which",
        "Rivera",
        ":",
        "told",
        "and",
        "allegedly",
    ],
    "\n",
]
DEPS = [
    "nsubj",
    "ccomp",
    "dobj",
    "prep",
    "pobj",
    "relcl",
    "xcomp",
    "advcl",
    "conj",
    "punct",
    "mark",
    "acl",
    "agent",
    "auxpass",
    "poss",
]
TAGS = dict.fromkeys(("said", "told"), ("VERB", "VBD")) | {
    "asked": ("VERB", "VBN"),
    "claims": ("NOUN", "NNS"),
    "according": ("VERB", "VBG"),
}


def parsed(words: list[str], heads: list[int], deps: list[str]) -> Doc:
    pos, tags = zip(*(TAGS.get(word, ("PROPN", "NNP") if word[0].isalpha() else ("PUNCT", ".")) for word in words), strict=True)
    return Doc(VOCAB, words=words, heads=heads, deps=deps, pos=list(pos), tags=list(tags))


@st.composite
def parses(draw: st.DrawFn) -> Doc:
    words = draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=40))
    heads = [0] + [draw(st.integers(0, i - 1)) for i in range(1, len(words))]  # any tree, crossing edges too
    return parsed(words, heads, ["ROOT"] + [draw(st.sampled_from(DEPS)) for _ in words[1:]])


@settings(max_examples=200, deadline=None)
@given(parses())
def test_pieces_lie_in_the_text_in_order_and_content_is_never_empty(doc: Doc) -> None:
    found = claims.annotate(doc)._.claims
    assert [claim.cue for claim in found] == sorted(claim.cue for claim in found)
    for claim in found:
        assert claim.content
        assert 0 <= claim.confidence <= 1
        assert 0 <= claim.check_worthiness <= 1
        for pieces in (claim.source, claim.cue, claim.content):
            assert all(0 <= start < end <= len(doc.text) for start, end in pieces)
            assert all(one[0] <= other[0] for one, other in pairwise(pieces))


@pytest.mark.parametrize(
    ("words", "deps", "flat"),
    [
        (["said"], ["ccomp"], True),
        (["said"], ["ccomp"], False),
        (["he", "said", '"', ","], ["nsubj", "conj", "punct", "punct"], True),
        (["according", "to", "Rivera", ","], ["prep", "prep", "pobj", "punct"], False),
        (["claims", "that"], ["acl", "mark"], False),
        (['"'], ["punct"], True),
    ],
)
def test_a_sentence_of_ten_thousand_cues_takes_seconds(words: list[str], deps: list[str], flat: bool) -> None:
    n = 10_000
    heads = [0 if flat else max(i - 1, 0) for i in range(n)]
    doc = parsed((words * n)[:n], heads, ["ROOT", *(deps * n)[1:n]])
    began = time.process_time()
    claims.annotate(doc)
    assert time.process_time() - began < 10


@pytest.mark.parametrize(
    ("lemma", "forms"),
    [
        ("hope", ["hope", "hopes", "hoped", "hoping"]),
        ("deny", ["deny", "denies", "denied", "denying"]),
        ("stress", ["stress", "stresses", "stressed", "stressing"]),
        ("say", ["say", "says", "sayed", "saying"]),
    ],
)
def test_regular_verbs_are_inflected_by_rule(lemma: str, forms: list[str]) -> None:
    assert inflections(lemma) == forms


def test_every_verb_of_the_lexicon_has_a_frame() -> None:
    assert all(verb.frames or verb.prepositions or verb.object_prepositions or verb.fixed for verb in lexicon().verbs.values())


def test_irregular_verbs_are_found_by_their_own_forms() -> None:
    verbs = lexicon().verbs
    assert {verbs[form].lemma for form in ("said", "told", "thought", "sought", "wrote")} == {
        "say",
        "tell",
        "think",
        "seek",
        "write",
    }
    assert "sayed" not in verbs
