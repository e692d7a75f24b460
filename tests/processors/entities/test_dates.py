"""Dates: which words are one, and what they mean. Articles are of Thursday 8 September 2016 unless a test says other."""

import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.entities import dates, timex
from schemas import Removed


def found(parse: Any, text: str, **more: Any) -> list[tuple[str, str]]:
    return [(mention.text, mention.value) for mention in dates.find(parse(text, **more))]


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("The bridge opened on Sept. 11, 2001, after a delay.", "Sept. 11, 2001", "2001-09-11"),
        ("The bridge opened on 11 September 2011.", "11 September 2011", "2011-09-11"),
        ("The bridge opened on the 3rd of May 2012.", "the 3rd of May 2012", "2012-05-03"),
        ("The file is dated 2014-02-28.", "2014-02-28", "2014-02-28"),
        ("Tuesday, March 4, 2014", "Tuesday, March 4, 2014", "2014-03-04"),
        ("The mill closed in December 2008.", "December 2008", "2008-12"),
        ("The mill closed in early 2009.", "early 2009", "2009"),
        ("The mill closed in 1958.", "1958", "1958"),
        ("The council voted yesterday.", "yesterday", "2016-09-07"),
        ("The council will vote tomorrow.", "tomorrow", "2016-09-09"),
        ("The council voted on Monday.", "Monday", "2016-09-05"),
        ("The council voted on Monday morning.", "Monday morning", "2016-09-05TMO"),
        ("The council voted on Thursday.", "Thursday", "2016-09-08"),
        ("The council will vote on Monday.", "Monday", "2016-09-12"),
        ("The vote is to be held on Monday.", "Monday", "2016-09-12"),
        ("The council voted last week.", "last week", "2016-W35"),
        ("The council will vote next month.", "next month", "2016-10"),
        ("Prices fell last year.", "last year", "2015"),
        ("Prices fell three days ago.", "three days ago", "2016-09-05"),
        ("Prices fell two years ago.", "two years ago", "2014"),
        ("Prices fell 6 months ago.", "6 months ago", "2016-03"),
        ("Sales rose in the third quarter of 2015.", "third quarter of 2015", "2015-Q3"),
        ("Sales rose last summer.", "last summer", "2016-SU"),
        ("Sales rose in the winter of 2010.", "the winter of 2010", "2010-WI"),
        ("The song is from the 1960s.", "1960s", "196"),
        ("The house is from the 19th century.", "19th century", "18"),
        ("The fair starts on Christmas Eve.", "Christmas Eve", "2016-12-24"),
        ("Families met on Thanksgiving 2014.", "Thanksgiving 2014", "2014-11-27"),
        ("The park shall be ready by the end of the year.", "the end of the year", "2016-12-31"),
        ("By mid-2015 it had many users.", "mid-2015", "2015"),
        ("Six people were hurt over the weekend.", "the weekend", "2016-W35-WE"),
        ("It had been planned since January.", "January", "2016-01"),
        ("Since the Sept. 11 attacks much has changed.", "Sept. 11", "2001-09-11"),
        ("The trial starts in October and she must appear on the 11th.", "the 11th", "2016-10-11"),
        ("Music of the 80s was loud.", "80s", "198"),
        ("He wrote poems about 9/11 and loss.", "9/11", "2001-09-11"),
    ],
)
def test_a_date_has_its_exact_words_and_its_value(parse: Any, text: str, words: str, value: str) -> None:
    assert (words, value) in found(parse, text)


@pytest.mark.parametrize(
    "text",
    [
        "The shop opens every Monday.",
        "He may march with them.",
        "The firm paid $2000 for it.",
        "Police counted 1709 schoolchildren in the hall.",
        "She lives at 1920 Harbor Street.",
        "April Miller sang a song.",
        "She reads USA Today and the Sunday Times.",
        "Highs in the 80s are expected.",
        "He went up on the 11th floor to Room 2012.",
        "The strike went on for three weeks.",
        "It grew by a few percent some days ago.",
    ],
)
def test_sets_amounts_addresses_names_and_durations_are_no_dates(parse: Any, text: str) -> None:
    assert found(parse, text) == []


def test_years_of_two_digits_are_read_where_several_stand_together(parse: Any) -> None:
    text = "She worked for Lee in 80 and 84, for Ames in 2000 and for Cole in 08."
    assert [value for _, value in found(parse, text)] == ["1980", "1984", "2000", "2008"]
    assert found(parse, "The tremor was felt in 80 towns and in 12, it did harm.") == []


def test_both_ends_of_a_range_are_mentions(parse: Any) -> None:
    assert found(parse, "The fair ran from 2004 to 2009 and again on March 3-5, 2012.") == [
        ("2004", "2004"),
        ("2009", "2009"),
        ("March 3", "2012-03-03"),
        ("5, 2012", "2012-03-05"),
    ]


def test_a_month_and_day_without_year_is_the_nearest_one_that_the_tense_allows(parse: Any) -> None:
    assert found(parse, "The plant closed on December 20.", published="2016-02-01") == [("December 20", "2015-12-20")]
    assert found(parse, "The plant will close on February 20.", published="2016-12-01") == [("February 20", "2017-02-20")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Talks between the unions could resume on Tuesday.", "2016-09-13"),
        ("Tenants must leave the building by Tuesday.", "2016-09-13"),
        ("The judge gave the owners until Tuesday to answer.", "2016-09-13"),
        ("The judge ordered the owners to leave by Tuesday.", "2016-09-13"),
        ("The trial was adjourned until Tuesday.", "2016-09-13"),
        ("The mayor set a hearing for Tuesday.", "2016-09-13"),
        ("The summit opens on Tuesday.", "2016-09-13"),
        ("The dispute will go to court if the firm does not pay by Tuesday.", "2016-09-13"),
        ("The mayor could not be reached on Tuesday.", "2016-09-06"),
        ("The mayor should have resigned on Tuesday.", "2016-09-06"),
        ("Police are investigating an explosion on Tuesday.", "2016-09-06"),
        ("The mayor said on Tuesday that the bridge could close.", "2016-09-06"),
        ("The buyer will pay more than Tuesday's price.", "2016-09-06"),
        ("Two thousand homes had lost power by Tuesday.", "2016-09-06"),
        ("He failed to appear in court on Tuesday.", "2016-09-06"),
    ],
)
def test_a_weekday_lies_where_tense_modal_and_deadline_put_it(parse: Any, text: str, value: str) -> None:
    assert found(parse, text) == [("Tuesday", value)]


def test_what_happened_tomorrow_happened_today_in_the_east(parse: Any) -> None:
    doc = parse("A tremor shook the city early on Friday and again on Wednesday.")
    doc._.article = doc._.article.model_copy(update={"published_at": datetime(2016, 9, 8, 21, tzinfo=UTC)})
    assert [mention.value for mention in dates.find(doc)] == ["2016-09-09", "2016-09-07"]


def test_a_deadline_in_a_month_is_the_coming_one(parse: Any) -> None:
    assert ("April", "2017-04") in found(parse, "Dealers must return the cars by the end of April.")
    assert ("April", "2016-04") in found(parse, "Dealers had returned the cars by the end of April.")


def test_a_date_line_at_the_top_is_the_day_that_words_count_from(parse: Any) -> None:
    text = "Robots win prize\n\nFriday, July 21, 2017\n\nThe team won the prize yesterday."
    assert ("yesterday", "2017-07-20") in found(parse, text, published="2017-07-18")
    old = text.replace("2017", "2011")
    assert ("yesterday", "2017-07-17") in found(parse, old, published="2017-07-18"), "a line of another year is no date line"


def test_a_removed_date_line_is_a_date_and_the_day_that_words_count_from(parse: Any) -> None:
    body = "Friday, July 21, 2017\nThe team won the prize yesterday."
    mentions = dates.find(parse(body, published="2017-07-18", removed=[Removed(start=0, end=22, reason="byline")]))
    assert [(m.text, m.value) for m in mentions] == [("Friday, July 21, 2017", "2017-07-21"), ("yesterday", "2017-07-20")]
    assert all(body[m.start : m.end] == m.text for m in mentions)


def test_the_next_day_counts_from_the_date_before_it(parse: Any) -> None:
    assert ("the next day", "2015-03-05") in found(parse, "The trial began on March 4, 2015, and the next day it stopped.")


def test_what_was_left_out_as_a_promo_has_no_dates_and_spans_are_the_bodys(parse: Any) -> None:
    body = "SEE ALSO 2001 The council voted on Monday."
    (mention,) = dates.find(parse(body, removed=[Removed(start=0, end=14, reason="promo")]))
    assert body[mention.start : mention.end] == mention.text == "Monday"


def test_calendar_ends_and_impossible_days_do_not_raise(parse: Any) -> None:
    text = "On February 30 and 31/31/2010, 400 centuries ago, 999 decades from now, next week; the year 2199 and 0000-00-00."
    for published in ("0001-01-01", "9999-12-31"):
        found(parse, text, published=published)


def test_a_long_text_of_numbers_and_dates_is_read_in_linear_time(parse: Any) -> None:
    text = "May  " * 20_000 + "1999-2000-" * 20_000 + "late " * 20_000
    doc = parse(text, parser=False)
    for token in doc:
        token.tag_ = "NNP"
    began = time.process_time()
    dates.find(doc)
    assert time.process_time() - began < 5


@given(st.integers(1900, 2100), st.integers(1, 12))
def test_a_months_last_day_is_before_the_next_months_first(year: int, number: int) -> None:
    assert (timex.month_end(year, number) + timedelta(days=1)).day == 1
    assert timex.month_end(year, number).month == number


@settings(max_examples=50)
@given(st.integers(1900, 2100))
def test_easter_is_a_sunday_of_march_or_april(year: int) -> None:
    day = timex.easter(year)
    assert day.isoweekday() == 7
    assert date(year, 3, 22) <= day <= date(year, 4, 25)


@given(st.dates(date(1, 1, 2), date(9999, 12, 30)), st.integers(-(10**7), 10**7))
def test_shifting_stays_in_the_calendar(day: date, days: int) -> None:
    assert date.min <= timex.shifted(day, days) <= date.max
