"""One spaCy pass a story: the pipeline that parses an article and runs entities, claims and events over the Doc."""

import re
from functools import cache
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import compile_infix_regex

import processors.claims
import processors.entities
import processors.events  # noqa: F401  (each registers its component)
from processors import DEFAULT_MODEL
from processors.claims import quotes
from processors.document import MAX_PARSED_CHARS, MAX_PARSED_TOKENS, article_of, view_of
from processors.text import TextView
from schemas import CleanArticle, Range

NOT_A_WORD = re.compile(r"\S{200,}")
"""No prose: junk, on which spaCy's tokenizer takes the square of its length (5,000 quotation marks: 6 s)."""


@Language.component("copydesk_layout")
def layout(doc: Doc) -> Doc:
    """Sentences begin with a paragraph and behind a dateline, and do not break at a quote's edge: the parser keeps what is set."""
    marks = article_of(doc).marks if doc._.article is not None else []  # a Doc of bare text has no article
    datelines = [mark.end for mark in reversed(marks) if mark.kind == "dateline"]
    fresh = True
    starts: dict[int, bool] = {}
    for token in doc:
        if token.is_space:
            fresh = fresh or "\n" in token.text
            continue
        if datelines and view_of(doc).offset(token.idx) >= datelines[-1]:
            datelines.pop()
            fresh = True
        if fresh:
            starts[token.i] = True
        fresh = False
    quotes.set_sentence_starts(doc, starts)
    quotes.preset_sentences(doc, quotes.find(doc.text))
    return doc


def _split_at_quotes(nlp: Language) -> None:
    """Paragraphs that lost their break: 'in 2014.“They', 'is clear.”Twitter'."""
    infixes = [*(nlp.Defaults.infixes or ()), r"""(?<=[.,?!…])["“”](?=[\w@])"""]
    tokenizer: Any = nlp.tokenizer
    tokenizer.infix_finditer = compile_infix_regex(infixes).finditer


@cache
def pipeline(model: str = DEFAULT_MODEL) -> Language:
    """The loaded pipeline, once a process. Any installed spaCy pipeline of English with tagger, parser and ner will do.

    Raises OSError where the model is not installed.
    """
    nlp = spacy.load(model)
    nlp.max_length = 5_000_000
    _split_at_quotes(nlp)
    nlp.add_pipe("copydesk_layout", before="parser")
    for name in ("copydesk_entities", "copydesk_claims", "copydesk_events"):
        nlp.add_pipe(name)
    return nlp


def annotate(article: CleanArticle, model: str = DEFAULT_MODEL) -> Doc:
    """The article's text, so much of it as is parsed, as a Doc with `_.entities`, `_.claims` and `_.events` set."""
    nlp = pipeline(model)
    body = article.body
    removed: list[Range] = list(article.removed)
    if len(body) > MAX_PARSED_CHARS:
        cut = body.rfind("\n", MAX_PARSED_CHARS // 2, MAX_PARSED_CHARS)
        removed.append(Range(start=cut if cut > 0 else MAX_PARSED_CHARS, end=len(body)))
    removed += (Range(start=run.start(), end=run.end()) for run in NOT_A_WORD.finditer(body, 0, MAX_PARSED_CHARS))
    view, doc = _tokenised(nlp, article, removed)
    if len(doc) > MAX_PARSED_TOKENS:
        removed.append(Range(start=view.offset(doc[MAX_PARSED_TOKENS].idx), end=len(body)))
        view, doc = _tokenised(nlp, article, removed)
    doc._.article, doc._.view = article, view
    return nlp(doc)


def _tokenised(nlp: Language, article: CleanArticle, removed: list[Range]) -> tuple[TextView, Doc]:
    """The text without what is removed, and its words."""
    view = TextView(article.body, removed, article.repaired)
    return view, nlp.make_doc(view.text.replace("\xa0", " "))  # of a space that does not break, spaCy makes a word
