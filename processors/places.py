"""When two places may be one: compared by country, first administrative division and name."""

Where = tuple[str, str, str]
"""Country, admin1, name; empty: unknown, or the place is larger."""


def may_be_one(one: Where, other: Where) -> bool:
    """Whether one place may be, or lie in, the other: Kafue in its province, the province in Zambia; not another town of it."""
    (country, region, name), (other_country, other_region, other_name) = one, other
    if country != other_country or not region or not other_region:
        return country == other_country
    return region == other_region and (name == other_name or region in {name, other_name})
