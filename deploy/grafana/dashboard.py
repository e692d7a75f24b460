"""The operator's dashboard as code: `python -m deploy.grafana.dashboard` makes copydesk.json of panels.toml."""

import tomllib
from itertools import count
from pathlib import Path
from typing import NamedTuple

from grafana_foundation_sdk.builders import common as common_builder
from grafana_foundation_sdk.builders import dashboard as builder
from grafana_foundation_sdk.builders import prometheus, stat, timeseries
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.variants import Dataquery
from grafana_foundation_sdk.models import common, dashboard

PANELS, FILE = (Path(__file__).with_name(name) for name in ("panels.toml", "copydesk.json"))
SOURCE = dashboard.DataSourceRef(type_val="prometheus", uid="${datasource}")
EVERY = dashboard.VariableOption(text="All", value="$__all", selected=True)
WIDTH = 24
"""Grafana's grid: a dashboard is so many columns wide."""


class Query(NamedTuple):
    """A PromQL expression, and the legend of its series."""

    expr: str
    legend: str


class Panel(NamedTuple):
    """What a panel shows; green below `limits`, amber from the first and red from the second on."""

    title: str
    description: str
    unit: str
    queries: list[Query]
    limits: tuple[float, float] | None = None
    stacked: bool = False


def rows() -> dict[str, list[Panel]]:
    """The rows of panels.toml: title → panels."""
    data = tomllib.loads(PANELS.read_text(encoding="utf-8"))
    return {
        row["title"]: [Panel(**panel | {"queries": [Query(**query) for query in panel["queries"]]}) for panel in row["panels"]]
        for row in data["rows"]
    }


def make() -> str:
    """The dashboard as Grafana's JSON."""
    board = (
        builder.Dashboard("Copydesk")
        .uid("copydesk")
        .description("Raw articles in, events and claims out. Every panel says what to do when it is red.")
        .tags(["copydesk"])
        .readonly()
        .tooltip(dashboard.DashboardCursorSync.CROSSHAIR)
        .refresh("10s")
        .time("now-1h", "now")
        .with_variable(builder.DatasourceVariable("datasource").label("Prometheus").type("prometheus"))
        .with_variable(_labels("job", "Job"))
        .with_variable(_labels("stage", "Stage").multi(True).include_all(True).all_value(".*").current(EVERY))
    )
    ids = count(1)
    (_, glance), *others = rows().items()
    for panel in glance:
        board = board.with_panel(_stat(panel, WIDTH // len(glance)).id(next(ids)))
    for title, panels in others:
        board = board.with_row(builder.Row(title).id(next(ids)))
        columns = 4 if len(panels) == 4 else 3
        for panel in panels:
            board = board.with_panel(_graph(panel, WIDTH // columns).id(next(ids)))
    return JSONEncoder(sort_keys=True, indent=2).encode(board.build()) + "\n"


def _labels(label: str, title: str) -> builder.QueryVariable:
    return (
        builder.QueryVariable(label)
        .label(title)
        .datasource(SOURCE)
        .query(f"label_values(copydesk_records_in_total, {label})")
        .refresh(dashboard.VariableRefresh.ON_TIME_RANGE_CHANGED)
    )


def _targets(panel: Panel) -> list[Builder[Dataquery]]:
    return [
        prometheus.Dataquery()
        .ref_id(chr(ord("A") + number))
        .datasource(SOURCE)
        .expr(query.expr)
        .legend_format(query.legend)
        .range()
        for number, query in enumerate(panel.queries)
    ]


def _thresholds(panel: Panel) -> builder.ThresholdsConfig:
    steps = [dashboard.Threshold(color="green", value=None)]
    if panel.limits is not None:
        amber, red = panel.limits
        steps += [dashboard.Threshold(color="orange", value=amber)] * (amber < red) + [dashboard.Threshold(color="red", value=red)]
    return builder.ThresholdsConfig().mode(dashboard.ThresholdsMode.ABSOLUTE).steps(steps)


def _stat(panel: Panel, width: int) -> stat.Panel:
    return (
        stat.Panel()
        .title(panel.title)
        .description(panel.description)
        .datasource(SOURCE)
        .unit(panel.unit)
        .targets(_targets(panel))
        .thresholds(_thresholds(panel))
        .reduce_options(common_builder.ReduceDataOptions().calcs(["lastNotNull"]))
        .color_mode(common.BigValueColorMode.BACKGROUND)
        .height(4)
        .span(width)
    )


def _graph(panel: Panel, width: int) -> timeseries.Panel:
    graph = (
        timeseries.Panel()
        .title(panel.title)
        .description(panel.description)
        .datasource(SOURCE)
        .unit(panel.unit)
        .min(0)
        .targets(_targets(panel))
        .thresholds(_thresholds(panel))
        .height(8)
        .span(width)
    )
    if panel.limits is not None:
        graph = graph.thresholds_style(common_builder.GraphThresholdsStyleConfig().mode(common.GraphTresholdsStyleMode.DASHED))
    if panel.stacked:
        graph = graph.fill_opacity(30).stacking(common_builder.StackingConfig().mode(common.StackingMode.NORMAL))
    return graph


if __name__ == "__main__":
    FILE.write_text(make(), encoding="utf-8")
