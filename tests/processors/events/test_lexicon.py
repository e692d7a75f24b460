"""The data files say what they should and agree with each other."""

from processors.events.lexicon import lexicon

PLOVER = (
    "AGREE CONSULT SUPPORT CONCEDE COOPERATE AID RETREAT REQUEST ACCUSE REJECT THREATEN PROTEST SANCTION MOBILIZE COERCE ASSAULT"
)


def test_all_types_of_plover_and_the_news_are_declared() -> None:
    types = lexicon().types
    assert {name for name, type_ in types.items() if type_.plover} == set(PLOVER.split())
    assert "OTHER" in types
    assert all(type_.stance in {"cooperative", "hostile", "neutral"} for type_ in types.values())


def test_every_type_has_entries_and_there_are_many() -> None:
    lex = lexicon()
    tables = (lex.verb_noun, lex.verb_preposition, lex.modified_nouns)
    entries = [e for found in (*lex.verbs.values(), *lex.nouns.values()) for e in found]
    entries += [e for table in tables for by_word in table.values() for found in by_word.values() for e in found]
    assert {e.type for e in entries} == lex.types.keys()
    assert lex.size >= 900


def test_topics_and_classes_that_entries_name_exist() -> None:
    lex = lexicon()
    for found in (*lex.verbs.values(), *lex.nouns.values()):
        for entry in found:
            assert (entry.not_in | entry.only_in) <= lex.topics.keys()
            assert (entry.source | entry.target) - {"unknown"} <= lex.classes.keys()


def test_inflections_lead_back_to_their_verbs() -> None:
    lemmas = lexicon().lemmas
    forms = {"hopes": "hope", "met": "meet", "denied": "deny", "stopping": "stop", "accuses": "accuse", "fought": "fight"}
    assert {form: lemmas[form] for form in forms} == forms


def test_an_operator_makes_a_type_of_a_type() -> None:
    lex = lexicon()
    future, stop = lex.auxiliary_operators["will"], lex.verb_operators["halt"][""]
    assert [future.apply(t) for t in ("CONSULT", "ASSAULT", "REQUEST")] == ["AGREE", "THREATEN", "REQUEST"]
    assert [stop.apply(t) for t in ("AID", "ASSAULT", "COERCE")] == ["SANCTION", "RETREAT", "CONCEDE"]
    assert lex.verb_operators["prevent"]["from"].apply("ASSAULT") is None


def test_every_entry_says_how_far_it_is_to_be_trusted() -> None:
    lex = lexicon()
    (resign,) = lex.verbs["resign"]
    (warn,) = [entry for entry in lex.verbs["warn"] if entry.type == "THREATEN"]
    (outcry,) = lex.nouns["outcry"]
    assert [(e.words, e.trust, e.detect) for e in (resign, warn, outcry)] == [
        ("resign", "sure", True), ("warn", "sure", False), ("outcry", "seldom", True),
    ]  # fmt: skip
