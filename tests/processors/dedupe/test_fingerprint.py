from time import process_time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.dedupe import fingerprint
from processors.dedupe.fingerprint import SHORT_WORDS, Words, _paragraphs, anywhere, grams_of, is_opening, is_sampled, is_text, read
from processors.dedupe.words import _WORD, MAX_WORDS, _hash_of, _normalised, title_words, words_of

from .newsroom import Reporter, text

VOCABULARY = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "7", "12", "1,500")
WORDS = st.lists(st.sampled_from(VOCABULARY), max_size=400).map(" ".join)


def values(body: str) -> np.ndarray:
    return np.array(fingerprint(body), np.uint32)


def test_a_fingerprint_is_the_same_on_every_machine_and_in_every_release() -> None:
    assert fingerprint("The council voted on Monday to close 3 of its 12 libraries.") == PINNED


PINNED = [212168073, 626226628, 933698470, 1282000836, 1357999120, 1433018744, 1874945469, 2138797106, 2244755096, 3451963818]


@settings(deadline=None)
@given(st.one_of(st.text(max_size=500), WORDS))
def test_a_fingerprint_has_32_bit_values_ascending_each_once(body: str) -> None:
    found = fingerprint(body)
    assert found == sorted(set(found))
    assert all(0 <= value < 2**32 for value in found)
    assert len(set(anywhere(np.array(found, np.uint32)).tolist())) == len(found)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“We won’t go,” she said — twice", '"We won\'t go," she said -- twice'),
        ("The café in São Paulo opened today", "the CAFE in Sao Paulo opened today"),
        ("It cost ４０ euros a person yesterday", "It cost 40 euros, a person, yesterday…"),
        ("A co-ordinated long-term plan was made", "A co–ordinated long term plan was made"),
        ("The so\u00adlution was zero\u200bwidth in all", "The solution was zerowidth in all"),
        ("«Nous partons», dit-il à l’aube hier", '"Nous partons", dit-il à l\'aube hier'),
    ],
)
def test_typography_case_and_accents_do_not_matter(one: str, other: str) -> None:
    assert fingerprint(one) == fingerprint(other)


def test_a_long_text_keeps_one_5_gram_in_eight_and_a_piece_of_it_a_piece_of_them() -> None:
    story = Reporter(1).story(40)
    whole, third = values(text(story)), values(text(story[13:26]))
    words = len(text(story).split())
    assert 0.09 * words < np.count_nonzero(is_text(whole)) < 0.16 * words
    assert is_sampled(whole[is_text(whole)]).all()
    assert set(anywhere(third).tolist()) - set(anywhere(whole).tolist()) <= set(anywhere(third[~is_text(third)]).tolist())


ODD = st.sampled_from(
    [
        *"abXYZ09 _\n\r\x0b\x1c\x85\u2028\x00\x01\x02\"'`’‘“”„«»—…\u00a0€½²™ŉßİéÑø\u0301\u200b\ufeff市语한ไда٣ﬁ\ud800.!?。",
        "the ",
        "é ",
        "\n\n",
    ]
)


@settings(deadline=None)
@given(st.lists(ODD, max_size=400).map("".join))
def test_a_text_has_the_words_that_each_of_its_lines_has(body: str) -> None:
    """All lines are cut at once, those of ASCII without their being normalised; this is the rule, a line at a time."""
    expected = [_hash_of(word) for start, end in _paragraphs(body) for word in _WORD.findall(_normalised(body[start:end]))]
    assert Words.of(body).hashed.tolist() == expected
    assert words_of(body).tolist() == expected
    assert len(read(body).grams) == len(grams_of(words_of(body)))


def test_a_short_text_keeps_all_its_5_grams() -> None:
    body = " ".join(f"word{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(SHORT_WORDS))
    assert len(fingerprint(body)) == SHORT_WORDS - 4


def test_a_text_of_fewer_than_five_words_has_one_value_and_one_without_words_none() -> None:
    assert len(fingerprint("Rain tomorrow")) == 1
    assert fingerprint(" — … “” ") == fingerprint("") == []


def test_other_numbers_make_other_facts() -> None:
    one = values("Shares of Lanra rose 3 percent to close at 41 on Friday")
    other = values("Shares of Lanra rose 8 percent to close at 59 on Friday")
    assert not set(one[~is_text(one)].tolist()) & set(other[~is_text(other)].tolist())
    assert np.count_nonzero(~is_text(one)) == 2


def test_the_opening_is_marked() -> None:
    story = Reporter(2).story(20)
    found = values(text(story))
    opening, first = set(anywhere(found[is_opening(found)]).tolist()), values(" ".join(text(story).split()[:104]))
    assert opening
    assert opening <= set(anywhere(first).tolist())


def test_words_of_scripts_without_spaces_are_characters() -> None:
    assert len(fingerprint("市议会周一投票决定关闭三个图书馆")) == 12


def test_a_word_that_is_wholly_quoted_is_told_from_the_narration() -> None:
    reading = read('He said: "one two three four five six" and left the hall at once')
    assert reading.is_quoted.tolist() == [False, False, True, True] + [False] * (len(reading.grams) - 4)


def test_a_quotation_mark_that_is_never_closed_ends_with_its_line() -> None:
    reading = read('"one two three four five six\none two three four five six')
    assert np.count_nonzero(reading.is_quoted) == 2


def test_a_reading_says_where_the_numbers_stand() -> None:
    reading = read("The council closed 3 of its 12 libraries")
    assert reading.numbers.tolist() == [3, 6]
    assert set(reading.facts.tolist()) < set(fingerprint("The council closed 3 of its 12 libraries"))


@settings(deadline=None)
@given(st.text(max_size=300))
def test_a_text_is_read_in_as_many_5_grams_as_its_fingerprint_knows(body: str) -> None:
    reading = read(body)
    assert len(reading.grams) == len(reading.is_quoted)
    if len(reading.grams) <= SHORT_WORDS - 4:
        found = values(body)
        assert set(reading.grams.tolist()) == set(anywhere(found[is_text(found)]).tolist())


def test_a_title_says_its_long_words_and_numbers() -> None:
    assert title_words("The vote on a new law") == title_words("VOTE")
    assert title_words(None) == title_words("") == ()
    assert title_words("Storm Lanra kills 3") != title_words("Storm Lanra kills 9")


@pytest.mark.parametrize("piece", ["x", '"', "1 ", "“a ", "é", "\n"])
def test_two_megabytes_of_anything_take_seconds_at_most(piece: str) -> None:
    body = piece * (2_000_000 // len(piece))
    began = process_time()
    found = fingerprint(body)
    read(body)
    assert process_time() - began < 15
    assert len(found) <= MAX_WORDS
