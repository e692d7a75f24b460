"""The weak spots of near-copy detection, each as a kind of made-up case that a seed fills."""

import re
from collections.abc import Callable

from schemas import CleanArticle

from .newsroom import Reporter, article, text
from .templates import TEMPLATES

Case = tuple[list[CleanArticle], list[str]]
"""Articles in order of arrival, and for each which one's story it belongs to and its role: `a original`."""
Kind = Callable[[Reporter], Case]


def cut_to_a_third(r: Reporter) -> Case:
    story = r.story(15)
    return [article("a", text(story)), article("b", text(story[:5]))], ["a original", "a copy"]


def cut_copy_before_the_whole(r: Reporter) -> Case:
    story = r.story(15)
    return [article("a", text(story[:5])), article("b", text(story))], ["a original", "a update"]


def local_paragraphs_added(r: Reporter) -> Case:
    story = r.story(10)
    local = [*story[:2], r.paragraph(), *story[2:7], r.paragraph(), r.paragraph()]
    return [article("a", text(story)), article("b", text(local))], ["a original", "a copy"]


def local_paragraph_before_the_lede(r: Reporter) -> Case:
    story = r.story(10)
    return [article("a", text(story)), article("b", text([r.paragraph(), *story]))], ["a original", "a copy"]


def other_typography(r: Reporter) -> Case:
    story = [f"“{p}” he’s said — again" if n % 3 == 0 else p for n, p in enumerate(r.story(8))]
    plain = text(story).replace("“", '"').replace("”", '"').replace("’", "'").replace("—", "--")
    upper = "LONDON (Agency) -- " + plain.replace("\n\n", "\n")
    return [article("a", text(story)), article("b", upper)], ["a original", "a copy"]


def paragraphs_in_another_order(r: Reporter) -> Case:
    story = r.story(10)
    shuffled = story[:2] + r.random.sample(story[2:], 8)
    return [article("a", text(story)), article("b", text(shuffled))], ["a original", "a copy"]


def edited_from_end_to_end(r: Reporter) -> Case:
    story = r.story(12)
    edited = [r.sentence() + " " + p.split(". ", 1)[-1] if n % 2 else p for n, p in enumerate(story)]
    return [article("a", text(story)), article("b", text(edited))], ["a original", "a copy"]


def promos_between_paragraphs(r: Reporter) -> Case:
    story = r.story(9)
    dirty = [part for p in story for part in (p, f"Read more: {r.title()}")]
    return [article("a", text(story)), article("b", text(dirty))], ["a original", "a copy"]


def one_statement_in_two_reports(r: Reporter) -> Case:
    said = [r.statement(70), r.statement(70), r.statement(60)]
    reports = [text([part for s in said for part in (r.paragraph(), f"“{s}” said the minister {'.' * n}")]) for n in range(2)]
    return [article(u, body) for u, body in zip("ab", reports, strict=True)], ["a original", "b original"]


def background_from_the_archive(r: Reporter) -> Case:
    archive = r.story(8)
    bodies = [text([*r.story(6), *archive]) for _ in range(2)]
    return [article(u, body, outlet="o") for u, body in zip("ab", bodies, strict=True)], ["a original", "b original"]


def form_left_in_the_text(r: Reporter) -> Case:
    form = " ".join(name.capitalize() for name in r.statement(400).split())
    bodies = [text([*story[:3], form, *story[3:]]) for story in (r.story(6), r.story(9))]
    return [article(u, body) for u, body in zip("ab", bodies, strict=True)], ["a original", "b original"]


def results_from_one_template(r: Reporter) -> Case:
    n = r.random.randrange
    template = [r.sentence(facts=False).split() for _ in range(12)]

    def filled() -> str:
        return text([" ".join([*words[:6], f"{n(2, 99)}.{n(10)}", *words[6:], f"{n(100, 999)}"]) + "." for words in template])

    return [article(u, filled(), outlet="wire") for u in "ab"], ["a original", "b original"]


def short_weather_from_one_template(r: Reporter) -> Case:
    n = r.random.randrange
    words = r.statement(45).split()

    def filled() -> str:
        return " ".join([*words[:14], f"{n(2, 20)}", "to", f"{n(21, 40)}", *words[14:30], f"{n(41, 99)}", *words[30:]])

    return [article(u, filled(), title="Weather for the region") for u in "ab"], ["a original", "b original"]


def digest_with_many_items(r: Reporter) -> Case:
    items = [r.story(3) for _ in range(7)]
    digest = text([p for item in items for p in item])
    return [article("a", text(items[3])), article("b", digest)], ["a original", "b original"]


def item_of_a_digest_that_came_first(r: Reporter) -> Case:
    items = [r.story(3) for _ in range(7)]
    digest = text([p for item in items for p in item])
    return [article("a", digest), article("b", text(items[3]))], ["a original", "b original"]


def two_agencies_merged_in_one(r: Reporter) -> Case:
    one, two = r.story(9), r.story(9)
    merged = text(one[:7] + two[:3])
    articles = [article("a", text(one)), article("b", text(two)), article("c", merged), article("d", text(two))]
    return articles, ["a original", "b original", "a copy", "b copy"]


def live_report_grows_at_the_top(r: Reporter) -> Case:
    story = r.story(12)
    return [article(f"v{n}", text(story[12 - n :]), outlet="o") for n in (4, 6, 9, 12)], ["v4 original", *["v4 update"] * 3]


def write_through(r: Reporter) -> Case:
    story = r.story(9)
    second = [r.paragraph(), *story[1:4], r.paragraph(), *story[4:8]]
    return [article("a", text(story), outlet="o"), article("b", text(second), outlet="o")], ["a original", "a update"]


def brief_carried_by_two(r: Reporter) -> Case:
    brief, title = r.statement(22), r.title()
    articles = [article("a", brief, title=title), article("b", f"(Agency) {brief}", title=title.upper())]
    return articles, ["a original", "a copy"]


def notice_instead_of_the_text(r: Reporter) -> Case:
    notice = "This content is for subscribers. Log in or take out a subscription to go on reading this and all other articles."
    return [article(u, notice, title=r.title(), outlet="o") for u in "ab"], ["a original", "b original"]


def short_report_with_a_new_headline(r: Reporter) -> Case:
    story = r.story(2)
    return [article("a", text(story), title=r.title()), article("b", text(story), title=r.title())], ["a original", "a copy"]


def _report(template: str, other_outlet: bool) -> Kind:
    """Two reports from one template, at any distance in time."""

    def kind(r: Reporter) -> Case:
        hours = r.random.choice((0, 1, 24, 48, 70))
        (title, body), (next_title, next_body) = (TEMPLATES[template](r.random) for _ in range(2))
        outlet = "other" if other_outlet else "wire"
        return [
            article("a", body, title=title, outlet="wire"),
            article("b", next_body, title=next_title, outlet=outlet, hours=hours),
        ], ["a original", "b original"]

    return kind


def spelling_variants(r: Reporter) -> Case:
    story = text(r.story(12))
    words = sorted(set(re.findall("[a-z]{5,}", story)))
    spelled = story
    for word in r.random.sample(words, len(words) // 25):
        spelled = re.sub(rf"\b{word}\b", f"{word[:-1]}u{word[-1]}", spelled)
    return [article("a", story), article("b", spelled)], ["a original", "a copy"]


def other_quotation_marks_and_full_width_signs(r: Reporter) -> Case:
    story = text([f"“{p}” he said" if n % 2 else p for n, p in enumerate(r.story(8))])
    other = story.replace("“", "« ").replace("”", " »").replace(".", "。").replace(",", "，")
    return [article("a", story), article("b", other)], ["a original", "a copy"]


def boilerplate_of_two_outlets_round_one_story(r: Reporter) -> Case:
    story = r.story(7)
    around = [[r.statement(50), r.statement(50)] for _ in range(2)]
    bodies = [text([before, *story, after]) for before, after in around]
    return [article(u, body) for u, body in zip("ab", bodies, strict=True)], ["a original", "a copy"]


def boilerplate_of_one_outlet_round_two_stories(r: Reporter) -> Case:
    before, after = r.statement(60), r.statement(60)
    bodies = [text([before, *r.story(5), after]) for _ in range(2)]
    return [article(u, body, title=r.title(), outlet="o") for u, body in zip("ab", bodies, strict=True)], [
        "a original",
        "b original",
    ]


def one_long_quote_in_two_reports(r: Reporter) -> Case:
    said = r.statement(220)
    bodies = [text([r.paragraph(), r.paragraph(), f"“{said}” the minister said", r.paragraph()]) for _ in range(2)]
    return [article(u, body) for u, body in zip("ab", bodies, strict=True)], ["a original", "b original"]


def update_with_new_numbers(r: Reporter) -> Case:
    story = r.story(12)
    numbers = [n for n, p in enumerate(story) if re.search(r"\d", p)]
    revised = [
        re.sub(r"\b\d+\b", str(r.random.randint(2, 900)), p, count=1) if n in numbers[:2] else p for n, p in enumerate(story)
    ]
    return [article("a", text(story), outlet="o"), article("b", text([*revised, r.paragraph(), r.paragraph()]), outlet="o")], [
        "a original",
        "a update",
    ]


def live_report_grows_at_the_end(r: Reporter) -> Case:
    story = r.story(12)
    return [article(f"v{n}", text(story[:n]), outlet="o") for n in (4, 6, 9, 12)], ["v4 original", *["v4 update"] * 3]


def copies_of_two_versions(r: Reporter) -> Case:
    story = r.story(8)
    second = [r.paragraph(), *story[1:], r.paragraph()]
    articles = [article("a", text(story)), article("b", text(story))]
    articles += [article("a", text(second), version=2), article("c", text(second))]
    return articles, ["a original", "a copy", "a update", "a copy"]


def brief_told_in_other_words(r: Reporter) -> Case:
    title = r.title()
    return [article(u, r.statement(24), title=title) for u in "ab"], ["a original", "b original"]


def brief_shortened_by_a_sentence(r: Reporter) -> Case:
    title, sentences = r.title(), [r.statement(10) for _ in range(3)]
    articles = [article("a", " ".join(sentences), title=title), article("b", " ".join(sentences[:2]), title=title)]
    return articles, ["a original", "a copy"]


def brief_with_another_number(r: Reporter) -> Case:
    words, n = r.statement(18).split(), r.random.randrange
    bodies = [" ".join([*words[:5], str(n(2, 900)), *words[5:11], str(n(2, 900)), *words[11:]]) for _ in range(2)]
    return [article(u, body, title=r.title(), outlet=u) for u, body in zip("ab", bodies, strict=True)], ["a original", "b original"]


def short_article_at_the_top_of_a_long_one(r: Reporter) -> Case:
    story = r.story(12)
    return [article("a", text(story)), article("b", text(story[:2]))], ["a original", "a copy"]


def two_agencies_half_and_half(r: Reporter) -> Case:
    one, two = r.story(10), r.story(10)
    merged = [p for pair in zip(one[:7], two[:4] + [""] * 3, strict=True) for p in pair if p]
    return [article("a", text(one)), article("b", text(two)), article("c", text(merged))], ["a original", "b original", "a copy"]


KINDS: dict[str, Kind] = {
    name.replace("_", " "): each
    for name, each in list(globals().items())
    if getattr(each, "__module__", "") == __name__ and name[0] in "abcdefghijklmnopqrstuvwxyz"
}
for _template in TEMPLATES:
    KINDS[f"{_template} of one outlet"] = _report(_template, other_outlet=False)
    KINDS[f"{_template} of two outlets"] = _report(_template, other_outlet=True)
