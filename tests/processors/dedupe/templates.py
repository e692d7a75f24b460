"""Reports that newsrooms and programs make from templates, own-written: the same sentences with other names and numbers.

`{2-40}` is a number, `{rose|fell}` one of the words, `{town}` a name of that kind. The first line is the title.
"""

import random
import re
from collections.abc import Callable
from functools import partial

_NAMES = {
    "company": (
        "Norvane",
        "Calder Mills",
        "Ostrava Steel",
        "Pine Ridge Energy",
        "Halden Foods",
        "Tessaro",
        "Brightwell",
        "Kestrel",
    ),
    "town": ("Millbrook", "Harrow Falls", "Port Elden", "Ashby", "Cedar Point", "Linfield", "Stonebridge", "West Marsh"),
    "team": ("Rovers", "Harriers", "Lions", "Comets", "Mariners", "Falcons", "Wolves", "Pilots"),
    "person": ("Dana Whitlock", "Omar Reyes", "Ingrid Solberg", "Peter Achterberg", "Lucia Moretti", "Sam Okafor", "Anna Kowal"),
    "index": ("{rose|fell|slipped|gained} {2-290}.{10-99} points, or 0.{1-9} percent, to {11-39},{100-999}.{10-99}",),
    "item": (
        "{1-12}:{10-59} {a|p}.m. – {Theft|Noise|Dispute|Crash} reported in the {1-99}00 block of {Main|Oak|Mill|Lake} Street.",
    ),
}
_SLOT = re.compile(r"\{([^{}]+)\}")

_TEMPLATES = {
    "earnings": """{company} quarterly profit {rises|falls} in third quarter
        {company} on Thursday reported third-quarter net income of ${11-99}.{0-9} million.

        On a per-share basis, the company said it had profit of ${0-3}.{10-99}. Earnings, adjusted for one-time gains and costs,
        came to ${0-3}.{10-99} per share.

        The results {beat|missed|met} Wall Street expectations. The average estimate of {3-14} analysts surveyed was for earnings
        of ${0-3}.{10-99} per share.

        The company posted revenue of ${110-990}.{0-9} million in the period, which {rose|fell} {2-40} percent from a year earlier
        and compares with street forecasts.

        For the current quarter ending in December 2024, the company said it expects revenue in the range of ${110-500} million to
        ${501-990} million. For fiscal 2024 the company expects full-year earnings of ${1-9}.{10-99} per share.

        Company shares have {climbed|dropped} {2-60} percent since the beginning of the year, while the Standard & Poor's 500 index
        has increased nearly 19 percent. In the final minutes of trading on Thursday, shares hit ${9-200}.{10-99}, a change of
        {2-60} percent in the last 12 months.

        Chief executive {person} will hold a conference call with analysts at 5 p.m. Eastern time to discuss the results of the
        quarter and the outlook for the rest of the year.""",
    "markets": """How major US stock indexes fared
        Stocks on Wall Street closed {higher|lower|mixed} as investors weighed the latest company results and news on interest
        rates.

        The S&P 500 {index}.

        The Dow Jones industrial average {index}.

        The Nasdaq composite {index}.

        The Russell 2000 index of smaller companies {index}.

        For the week so far the S&P 500 is {up|down} {2-150}.{10-99} points. For the year the S&P 500 is up {200-900}.{10-99}
        points, the Dow is up {200-3000}.{10-99} points and the Nasdaq is up {200-3000}.{10-99} points. The yield on the 10-year
        Treasury stood at {3-4}.{10-99} percent late in the day. A barrel of benchmark U.S. crude settled at ${60-99}.{10-99}.""",
    "weather": """{town} weather: what to expect today
        Here is the forecast for {town} and the surrounding area from the regional weather office. The day will start
        {dry|cloudy|foggy|wet} with temperatures of around {2-14} degrees, before {sun|showers|high cloud|heavy rain} in the
        afternoon, with a high of {15-33} degrees at about {1-4} p.m. Winds will be {light|moderate|strong} from the
        {north|south|east|west} at {5-50} kilometres per hour. The chance of rain is {2-98} percent. Tonight it will be
        {clear|overcast} with a low of {1-13} degrees. The outlook for the next five days is on our weather page, where you can also
        sign up for alerts for your street.""",
    "football": """{town} {team} {1-5}-{0-3} {town} {team}: match report
        {person} scored {twice|late|the winner} as {town} {team} beat {town} {team} {2-6}-{0-1} in front of a crowd of
        {3-40},{100-999} on Saturday.

        The home side took the lead in the {5-40}th minute when {person} headed in a corner from the left. The visitors came close
        through {person} in the {41-60}th minute, but the goalkeeper made a fine save.

        The result leaves {town} {third|fifth|eighth|tenth} in the table with {20-60} points from {18-38} games, while {town} stay
        {second|sixth|ninth|bottom} with {9-50}.

        {town} travel to {town} next Saturday (kick-off 3 p.m.). Tickets are on sale at the club shop and online, priced from 12 to
        30 pounds, with free travel on the shuttle bus for holders of a season ticket.""",
    "police log": """{town} police log
        The following items were taken from the log of the {town} police department. An arrest is not a conviction, and all persons
        are presumed innocent until proven guilty in a court of law.

        {item}

        {item}

        {item}

        {item}

        {item}

        Anyone with information is asked to call the department's tip line at 555-01{10-99} or to visit its office by day.""",
    "lottery": """Winning numbers drawn in Saturday's Lucky Six
        The winning numbers in Saturday evening's drawing of the Lucky Six game were:
        {1-9}-{10-19}-{20-29}-{30-39}-{40-49}-{50-59}, Bonus: {1-59}. Estimated jackpot: ${2-90}.{1-9} million.""",
    "traffic": """Crash closes road near {town}
        A {lorry|car|van} crash closed the A{10-999} near {town} on {Monday|Tuesday|Friday}. {2-9} people were taken to hospital,
        police said. Drivers were asked to avoid the area and delays of {20-90} minutes were reported.""",
}


def _filled(template: str, r: random.Random) -> tuple[str, str]:
    def value(slot: re.Match[str]) -> str:
        if slot[1] in _NAMES:
            return r.choice(_NAMES[slot[1]])
        if "|" in slot[1]:
            return r.choice(slot[1].split("|"))
        low, _, high = slot[1].partition("-")
        return str(r.randint(int(low), int(high)))

    while _SLOT.search(template):
        template = _SLOT.sub(value, template)
    title, _, body = template.partition("\n")
    return title, "\n\n".join(" ".join(paragraph.split()) for paragraph in body.split("\n\n"))


TEMPLATES: dict[str, Callable[[random.Random], tuple[str, str]]] = {name: partial(_filled, it) for name, it in _TEMPLATES.items()}
"""Each gives (title, text)."""
