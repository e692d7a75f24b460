"""Docs with tokens as the tokenizer gives them and tags, trees and names as no parser would."""

from spacy.tokens import Doc

from processors import nlp
from processors.text import TextView
from schemas import CleanArticle
from tests.fuzz.material import Choices

_DATE_WORDS = """
    January March May may Sept. Dec. 1 2 14 30 31 31st 2nd 29 0 99 80 '84 2024 1999 0001 9999 2100 1500 3000 2023-24 2024-02-30
    25/12/2016 12/25/16 1/1/0000 9/11 13/13/2013 Monday Sunday Fri. last next this the of in on by to and - , . s 's past coming
    previous week weekend month quarter year years decade century centuries ago earlier later from now before after two twelve
    hundred first third fourth 19th 0th 21st 1990s 80s nineties eighties spring summer autumn winter Q1 q4 Easter Christmas
    Thanksgiving Ramadan New Year's Day Eve today yesterday tomorrow tonight morning afternoon evening night end beginning late
    early mid day following same that results since until 999 10000 hours days Labor Boxing Good ٢٠٢٤ ３１ ² ½ ago. -5 5th"""
DATE_WORDS = _DATE_WORDS.split()
_WORDS = """
    he she it they who which that his her their him them The the a an President Minister spokesman minister army police Russia
    Ukraine Paris London Ann Example Kask Reuters UN U.S. Mr. Gen. said told asked according to by of in on for with from
    against after before accused attacked killed agreed denied met visited will would not never may planned alleged reportedly
    and or but , . : ; ? ! — " “ ” ' ‘ ’ 's ( ) [ ] 1 2024 May Monday last week talks war sanctions protest deal former foreign
    prime two leaders both other French Russian Washington Kremlin Beijing NATO"""
WORDS = (*_WORDS.split(), "\n")
_TAGGED = """
    NN/NOUN NNP/PROPN NNPS/PROPN NNS/NOUN VBD/VERB VB/VERB VBG/VERB VBN/VERB VBZ/VERB VBP/AUX IN/ADP DT/DET PRP/PRON PRP$/PRON
    CC/CCONJ JJ/ADJ RB/ADV TO/PART ,/PUNCT ./PUNCT ''/PUNCT"""
TAGGED = [pair.split("/") for pair in _TAGGED.split()]
_DEPS = """
    nsubj dobj ccomp xcomp prep pobj relcl advcl conj cc punct mark acl agent auxpass nsubjpass poss appos compound amod det aux
    neg attr parataxis pcomp npadvmod nummod csubj expl dative acomp prt case intj dep oprd"""
DEPS = _DEPS.split()
LABELS = ("", "PERSON", "ORG", "GPE", "NORP", "DATE", "LOC", "FAC", "MONEY", "EVENT", "CARDINAL", "WORK_OF_ART")


def bare(article: CleanArticle, choices: Choices, *, parsed: bool = False) -> Doc:
    """The article as tokens with any tags; `parsed`: with any projective tree and any names as well."""
    view = TextView(article.body, article.removed, article.repaired)
    doc = nlp.pipeline().make_doc(view.text)
    if len(doc):
        words, spaces = [token.text for token in doc], [bool(token.whitespace_) for token in doc]
        tags, pos = zip(*(choices.of(TAGGED) for _ in words), strict=True)
        if parsed:
            heads, roots = _trees(len(words), choices)
            deps = ["ROOT" if at in roots else choices.of(DEPS) for at in range(len(words))]
            names, lemmas = _names(len(words), choices), [word.lower() for word in words]
            doc = Doc(doc.vocab, words, spaces, tags=tags, pos=pos, heads=heads, deps=deps, lemmas=lemmas, ents=names)
        else:
            doc = Doc(doc.vocab, words, spaces, tags=tags, pos=pos)
    doc._.article, doc._.view = article, view
    return doc


def _trees(count: int, choices: Choices) -> tuple[list[int], set[int]]:
    """Heads of sentences one behind the other, no arcs crossing."""
    heads, roots, at = list(range(count)), set[int](), 0
    while at < count:
        end = min(at + 1 + choices.number(40), count)
        todo = [(at, end, -1)]
        while todo:
            a, b, above = todo.pop()
            if a >= b:
                continue
            root = a + choices.number(256) % (b - a)
            heads[root] = root if above < 0 else above
            if above < 0:
                roots.add(root)
            middle_left = a + choices.number(256) % (root - a + 1)
            middle_right = root + 1 + choices.number(256) % (b - root)
            todo += [(a, middle_left, root), (middle_left, root, root), (root + 1, middle_right, root), (middle_right, b, root)]
        at = end
    return heads, roots


def _names(count: int, choices: Choices) -> list[str]:
    tags, at = ["O"] * count, 0
    while at < count:
        label, end = choices.of(LABELS), min(at + 1 + choices.number(4), count)
        if label and choices.number(2):
            tags[at:end] = [f"B-{label}", *([f"I-{label}"] * (end - at - 1))]
        at = end
    return tags
