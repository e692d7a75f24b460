"""Languages of short, long and mixed texts."""

import pytest

from processors.language import language_of
from tests.processors.cleaning.articles import LAST, LEDE, SECOND


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", SECOND),
        ("de", "Der Hafen ist nach zwei Jahren wieder offen, sagte die Bürgermeisterin am Dienstag."),
        ("fr", "Le port a rouvert mardi, deux ans après la tempête, a annoncé la maire de la ville."),
        ("es", "El puerto reabrió el martes, dos años después de la tormenta, dijo la alcaldesa."),
        ("pt", "O porto reabriu na terça-feira, dois anos depois da tempestade, disse a prefeita."),
        ("nl", "De haven is na twee jaar weer open, zei de burgemeester dinsdag in het stadhuis."),
        ("ru", "Порт снова открылся во вторник, через два года после шторма, сообщила мэр."),
        ("uk", "Порт знову відкрився у вівторок, через два роки після шторму, повідомила міська голова."),
        ("ar", "أعيد افتتاح الميناء يوم الثلاثاء بعد عامين من العاصفة"),
        ("zh", "港口在风暴两年后于周二重新开放"),
        ("ja", "港は嵐から二年後の火曜日に再開した"),
        ("ko", "항구가 폭풍 이후 2년 만에 화요일에 다시 열렸다"),
    ],
)
def test_a_sentence_is_enough(code: str, text: str) -> None:
    assert language_of(text) == code
    assert language_of(text, hint="sw") == code  # the feed is wrong


@pytest.mark.parametrize("text", ["", "12 345", "OK", "—"])
def test_too_short_a_text_has_the_feeds_language_or_none(text: str) -> None:
    assert language_of(text) == "und"
    assert language_of(text, hint="fi-FI") == "fi"
    assert language_of(text, hint="not a tag") == "und"


def test_a_quotation_in_another_language_changes_nothing() -> None:
    quote = "„Der Hafen ist offen“, sagte sie."
    assert language_of(f"{LEDE} {SECOND} {quote} {LAST}") == "en"
    assert language_of(f"{LEDE} " * 10 + quote * 3 + f" {LAST}" * 10) == "en"
