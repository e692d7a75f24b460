"""Records as lines that an editor reads."""

from datetime import datetime
from typing import Any

from rich.text import Text

Fields = dict[str, Any]
QUOTE_CHARS = 110
FACTUALITY_STYLE = {"actual": "green", "planned": "cyan", "alleged": "yellow", "possible": "magenta", "denied": "red"}
ROLE_STYLE = {"original": "green", "copy": "dim", "update": "cyan", "kill": "red"}


def day(instant: str) -> str:
    """`Mon 20 Mar 2023` of an RFC 3339 instant."""
    return datetime.fromisoformat(instant).strftime("%a %d %b %Y")


def shortened(text: str, limit: int = QUOTE_CHARS) -> str:
    """One line of at most `limit` characters."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def actor(fields: Fields) -> str:
    """`Vladimir Putin (RUS GOV)`."""
    codes = " ".join(code for code in (fields.get("country"), fields.get("role")) if code)
    return shortened(fields["name"], 40) + (f" ({codes})" if codes else "")


def actors(fields: list[Fields]) -> str:
    """Several actors, the first two by name."""
    names = list(dict.fromkeys(actor(one) for one in fields))
    return ", ".join(names[:2]) + (f" +{len(names) - 2}" if len(names) > 2 else "")


def _begun(fields: Fields) -> Text:
    return Text().append(day(fields["published_at"]) + "  ", style="dim")


def event(fields: Fields) -> Text:
    """`Mon 20 Mar 2023  Putin (RUS GOV) → Xi (CHN GOV)  CONSULT/visit  Moscow  actual`."""
    line = _begun(fields)
    who = actors(fields.get("source", [])) or "?"
    target = actors(fields.get("target", []))
    line.append(who + (f" → {target}" if target else ""), style="bold")
    line.append("  " + fields["type"] + (f"/{fields['mode']}" if fields.get("mode") else ""), style="blue")
    line.append(f" “{shortened(fields['trigger']['text'], 30)}”", style="dim")
    if fields.get("place"):
        line.append("  " + fields["place"]["name"])
    if fields.get("time"):
        line.append("  " + fields["time"]["value"], style="dim")
    line.append("  " + fields["factuality"], style=FACTUALITY_STYLE[fields["factuality"]])
    return line


def claim(fields: Fields) -> Text:
    """`Mon 20 Mar 2023  Antony Blinken (USA GOV) said: that it indicated …  statement`."""
    line = _begun(fields)
    line.append(actor(fields["speaker"]) if fields.get("speaker") else "(nobody named)", style="bold")
    line.append(" " + shortened(" … ".join(span["text"] for span in fields["cue"]), 30) + ": ")
    line.append(shortened(" … ".join(span["text"] for span in fields["content"])), style="italic")
    line.append("  " + fields["class"] + (" (negated)" if fields.get("polarity") == "negative" else ""), style="blue")
    return line


def story(fields: Fields) -> Text:
    """`Mon 20 Mar 2023  copy  Harbor Gazette  Headline …  93% of original-uri  +1 −3 paragraphs`."""
    line = _begun(fields)
    line.append(f"{fields['role']:<9}", style=ROLE_STYLE[fields["role"]])
    line.append(f"{fields['outlet']}  ", style="bold")
    line.append(shortened(fields.get("title") or fields["body"], 70))
    if fields.get("copy_of"):
        line.append(f"  {fields['similarity']['in_other']:.0%} of {fields['copy_of']}", style="dim")
    if fields.get("difference"):
        signs = {"added": "+", "changed": "~", "left_out": "−"}
        counts = [f"{sign}{count}" for name, sign in signs.items() if (count := len(fields["difference"][name]))]
        line.append(f"  {' '.join(counts)} paragraphs" if counts else "  unchanged", style="dim")
    return line


def entities(fields: Fields) -> Text:
    """Who and where, of one article."""
    line = _begun(fields)
    line.append(shortened(fields["article_uri"], 40) + "  ", style="bold")
    names = [actor(one) for one in fields.get("people", [])[:4]] + [one["name"] for one in fields.get("places", [])[:4]]
    line.append(", ".join(dict.fromkeys(names)))
    return line


def clean_article(fields: Fields) -> Text:
    """What cleaning took out of one article."""
    line = _begun(fields)
    line.append(f"{fields['outlet']}  ", style="bold")
    line.append(shortened(fields.get("title") or fields["body"], 60))
    for removed in fields.get("removed", [])[:3]:
        line.append(f"\n    - {removed['reason']}: {shortened(fields['body'][removed['start'] : removed['end']], 80)}", style="dim")
    return line


def quote(fields: Fields) -> Text:
    """`Mon 20 Mar 2023  Antony Blinken “We will …”  3 stories: Harbor Gazette, Meridian Wire`."""
    line = Text().append(day(fields["first_seen"]) + "  ", style="dim")
    line.append(fields.get("speaker") or "(nobody named)", style="bold")
    line.append(f" {shortened(fields['text'])}", style="italic")
    return line.append(f"  {fields['stories']} stories: {shortened(', '.join(fields['outlets']), 60)}", style="dim")


def occurrence(fields: Fields) -> Text:
    """`Mon 20 Mar 2023  CONSULT Vladimir Putin → Xi Jinping  3 stories: Harbor Gazette, Meridian Wire`."""
    line = Text().append(day(fields["first_seen"]) + "  ", style="dim").append(fields["type"] + " ", style="bold")
    line.append(f"{', '.join(fields['source'][:3])} → {', '.join(fields['target'][:3])}")
    return line.append(f"  {fields['stories']} stories: {shortened(', '.join(fields['outlets']), 60)}", style="dim")


def digest(fields: Fields) -> Text:
    """How much of a story can be joined."""
    line = _begun(fields).append(shortened(fields["article_uri"], 40), style="bold")
    return line.append(f"  {len(fields['quotes'])} quotes, {len(fields['events'])} events")


_LINES = {
    "events": event,
    "claims": claim,
    "stories": story,
    "entities": entities,
    "articles.clean": clean_article,
    "digests": digest,
    "quotes": quote,
    "occurrences": occurrence,
}


def record(topic: str, key: bytes | None, fields: Fields | None) -> Text:
    """A record of any of our topics as one line (`fields` None: a tombstone)."""
    if fields is None:
        return Text(f"gone       {topic} {(key or b'').decode(errors='replace')}", style="dim red")
    if fields.get("pub_status") == "canceled" and topic in ("events", "claims", "entities"):
        return Text(f"withdrawn  {topic} {fields['id']} of {fields['article_uri']}", style="red")
    if topic in _LINES:
        return _LINES[topic](fields)
    return Text(shortened(str(fields), 200))
