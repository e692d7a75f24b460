"""The dashboard and the alert rules, against a real Prometheus that scrapes a running worker."""

import asyncio
import json
import math
import re
import subprocess
import urllib.parse
import urllib.request
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import prometheus_client
import pytest
import yaml
from prometheus_client.metrics import MetricWrapperBase
from prometheus_client.registry import Collector

from deploy.grafana import dashboard
from streams import metrics
from streams.cluster import create_topics
from streams.pushing import Pusher
from streams.settings import Settings
from streams.stages import STAGES
from tests.debian import program
from tests.kafka_tools import fresh, wait_until
from tests.worker_tools import Worker, free_port, settings_for

DEPLOY = Path(__file__).parents[2] / "deploy"
CONFIG = DEPLOY / "prometheus" / "prometheus.yml"
ALERTS = DEPLOY / "prometheus" / "alerts.yml"
FEED = DEPLOY / "sample_feed" / "feed.jsonl"
EXPECTED: dict[str, Any] = json.loads((FEED.parent / "expected.json").read_text())
BOARD: dict[str, Any] = json.loads(dashboard.FILE.read_text())
RULES: list[dict[str, Any]] = [rule for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]]

METRIC = re.compile(r"\b(?:copydesk|process)_[a-z_]+")
OURS = [metric for metric in vars(metrics).values() if isinstance(metric, MetricWrapperBase)]
VARIABLES = {"job": "copydesk", "stage": ".*", "__rate_interval": "1m"}


class Shown(NamedTuple):
    """One query of one panel."""

    panel: str
    expr: str
    legend: str


QUERIES = [
    Shown(panel["title"], target["expr"], target["legendFormat"])
    for panel in BOARD["panels"]
    for target in panel.get("targets", ())
]


def resolved(expr: str) -> str:
    """A query as Grafana sends it."""
    return re.sub(r"\$(\w+)", lambda variable: VARIABLES[variable[1]], expr)


def series_of(collectors: Iterable[Collector]) -> set[str]:
    """The names of all series that collectors export, whether they have a sample yet or not."""
    suffixes = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum")}
    return {
        family.name + suffix
        for collector in collectors
        for family in collector.collect()
        for suffix in suffixes.get(family.type, ("",))
    }


def feed_lines() -> list[bytes]:
    """A part of the sample feed that has all that it can have: articles, copies, a kill, other languages, malformed lines."""
    lines = FEED.read_bytes().split(b"\n")
    killed = {kill["uri"].encode() for kill in EXPECTED["kills"][:1]}
    languages = {uri.encode() for uri in list(EXPECTED["languages"])[:2]}
    dates = {uri.encode() for uri in EXPECTED["dates"]["unreadable"]}
    wanted = killed | languages | dates
    return [line for number, line in enumerate(lines, 1) if line and (number <= 24 or any(uri in line for uri in wanted))]


class Prometheus:
    """A real Prometheus with our configuration and rules; only its pace and its targets are a test's."""

    def __init__(self, folder: Path, worker_port: int) -> None:
        config = yaml.safe_load(CONFIG.read_text())
        config["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
        config["rule_files"] = [str(ALERTS)]
        (scrape,) = config["scrape_configs"]
        del scrape["dns_sd_configs"]
        scrape["static_configs"] = [{"targets": [f"127.0.0.1:{worker_port}"]}]
        file = folder / "prometheus.yml"
        file.write_text(yaml.safe_dump(config))
        self.url = f"http://127.0.0.1:{free_port()}"
        self._log = (folder / "prometheus.log").open("wb")
        self._process = subprocess.Popen(
            [
                program("prometheus", "prometheus"),
                f"--config.file={file}",
                f"--storage.tsdb.path={folder / 'data'}",
                f"--web.listen-address={self.url.removeprefix('http://')}",
            ],
            stdout=self._log,
            stderr=self._log,
        )

    def get(self, path: str, **parameters: str) -> Any:
        """The `data` of an answer of the HTTP API; None while it does not answer."""
        try:
            with urllib.request.urlopen(f"{self.url}/api/v1/{path}?{urllib.parse.urlencode(parameters)}", timeout=10) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{parameters}: {error.read().decode()}") from error
        except OSError:
            return None

    def query(self, expr: str) -> list[tuple[dict[str, str], float]]:
        """The series of a query now: labels and value."""
        data = self.get("query", query=expr)
        return [(series["metric"], float(series["value"][1])) for series in data["result"]] if data else []

    def stop(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()
        self._log.close()


@pytest.fixture(scope="module")
def prometheus(broker: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    """A Prometheus that has watched a worker do a part of the sample feed, from before its first article."""
    program("prometheus", "prometheus")
    # One partition: an original is there before its copies and its kill, whatever the timing.
    settings = settings_for(broker, fresh("monitoring") + ".", pool_processes=2, partitions=1)
    asyncio.run(create_topics(settings))
    server = Prometheus(tmp_path_factory.mktemp("prometheus"), settings.http_port)
    try:
        with Worker(settings):
            scraped = f'copydesk_records_in_total{{job="{VARIABLES["job"]}"}} == 0'
            wait_until(lambda: len(server.query(scraped)) == len(STAGES), 30, "the first scrape of the worker")
            pushed = asyncio.run(push(settings, feed_lines()))

            def progress() -> list[float]:
                counters = (
                    'records_in_total{stage="clean"}',
                    'records_in_total{stage="dedupe"}',
                    'records_in_total{stage="extract"}',
                    'records_in_total{stage="link"}',
                )
                topics = ("articles.clean", "stories", "digests")
                outs = tuple(f'records_out_total{{topic="{topic}"}}' for topic in topics)
                return [sum(value for _, value in server.query(f"sum(copydesk_{name})")) for name in counters + outs]

            def finished() -> bool:
                clean, dedupe, extract, link, cleaned, decided, digested = progress()
                return clean == pushed and dedupe == cleaned > 0 and extract == decided > 0 and link == digested > 0

            wait_until(finished, 60, progress)
            yield server
    finally:
        server.stop()


async def push(settings: Settings, lines: list[bytes]) -> int:
    """Send lines as they are; returns how many the broker has."""
    async with Pusher(settings, check=False) as pusher:
        for number, line in enumerate(lines, 1):
            await pusher.push(line, f"line {number}")
        await pusher.flush()
    assert pusher.refused == []
    return pusher.delivered


@pytest.mark.kafka
def test_every_query_of_the_dashboard_returns_data(prometheus: Prometheus) -> None:
    """Numbers, for every series the labels that its legend shows; a rate needs two scrapes, so each query may take some."""
    results: dict[Shown, list[tuple[dict[str, str], float]]] = {}

    def without_data() -> list[Shown]:
        for query in QUERIES:
            if query not in results:
                series = [item for item in prometheus.query(resolved(query.expr)) if not math.isnan(item[1])]
                if series:
                    results[query] = series
        return [query for query in QUERIES if query not in results]

    wait_until(lambda: not without_data(), 10, lambda: f"without data: {without_data()}")
    for query, series in results.items():
        for labels, _ in series:
            assert set(re.findall(r"\{\{(\w+)\}\}", query.legend)) <= labels.keys(), query


@pytest.mark.kafka
def test_what_the_dashboard_shows_is_what_was_done(prometheus: Prometheus) -> None:
    shown = {query.panel: prometheus.query(resolved(query.expr)) for query in QUERIES}
    assert {labels["stage"] for labels, _ in shown["Lag in records"]} == set(STAGES)
    assert all(value == 0 for _, value in shown["Lag in records"])
    assert {labels["topic"] for labels, _ in shown["Records out"]} >= {
        "articles.clean",
        "articles.raw-dlq",
        "stories",
        "events",
        "claims",
    }
    reasons = {labels["reason"] for labels, value in shown["Dead letters by reason"] if value > 0}
    assert {"json", "encoding", "schema"} <= reasons
    roles = {labels["role"] for labels, value in shown["Articles by role"] if value > 0}
    assert {"original", "copy", "kill"} <= roles
    assert 0 < shown["Share of copies"][0][1] < 1
    assert shown["Workers down"] == [({}, 0.0)]


@pytest.mark.kafka
def test_prometheus_evaluates_every_alert_rule(prometheus: Prometheus) -> None:
    def rules() -> list[dict[str, Any]]:
        return [rule for group in prometheus.get("rules")["groups"] for rule in group["rules"]]

    wait_until(lambda: all(rule["health"] != "unknown" for rule in rules()), 10, "the first evaluation of the rules")
    assert {rule["name"]: rule["health"] for rule in rules()} == {rule["alert"]: "ok" for rule in RULES}
    assert [rule["name"] for rule in rules() if rule["state"] == "firing"] == []


def test_the_dashboard_in_the_repository_is_the_one_that_its_script_makes() -> None:
    assert dashboard.FILE.read_text() == dashboard.make(), "run `python -m deploy.grafana.dashboard`"


def test_every_panel_has_its_own_number_and_says_what_to_do() -> None:
    panels = BOARD["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    for panel in panels:
        if panel["type"] != "row":
            assert len(panel["description"]) > 60, panel["title"]


def test_dashboard_and_alerts_name_only_series_that_a_worker_exports() -> None:
    exported = series_of([*OURS, prometheus_client.PROCESS_COLLECTOR])
    texts = {query.panel: query.expr for query in QUERIES} | {rule["alert"]: rule["expr"] for rule in RULES}
    unknown = {where: set(METRIC.findall(expr)) - exported for where, expr in texts.items()}
    assert {where: names for where, names in unknown.items() if names} == {}


def test_every_metric_of_ours_is_on_the_dashboard() -> None:
    shown = {name for query in QUERIES for name in METRIC.findall(query.expr)}
    assert [metric for metric in OURS if not series_of([metric]) & shown] == []


def test_every_alert_says_how_grave_it_is_and_what_to_do() -> None:
    for rule in RULES:
        assert rule["labels"]["severity"] in {"page", "ticket"}, rule["alert"]
        assert "1." in rule["annotations"]["runbook"], rule["alert"]
        assert rule["annotations"]["summary"], rule["alert"]


def test_every_stage_is_missed_where_no_worker_runs_it() -> None:
    (missing,) = (rule for rule in RULES if rule["alert"] == "CopydeskStageMissing")
    assert re.findall(r'absent\([^)]*stage="(\w+)"', missing["expr"]) == list(STAGES)


def test_the_workers_that_prometheus_scrapes_are_the_job_that_alerts_ask_for() -> None:
    (scrape,) = yaml.safe_load(CONFIG.read_text())["scrape_configs"]
    for rule in RULES:
        assert f'job="{scrape["job_name"]}"' in rule["expr"], rule["alert"]


@pytest.mark.parametrize("arguments", [["check", "config", "prometheus.yml"], ["test", "rules", "alerts_test.yml"]], ids=" ".join)
def test_promtool_agrees(arguments: list[str]) -> None:
    done = subprocess.run(
        [program("promtool", "prometheus"), *arguments], cwd=CONFIG.parent, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_has_a_story_in_which_it_fires() -> None:
    stories = yaml.safe_load((ALERTS.parent / "alerts_test.yml").read_text())["tests"]
    fired = {
        name
        for story in stories
        for check in story["promql_expr_test"]
        for sample in check.get("exp_samples", ())
        for name in re.findall(r'alertname="(\w+)"', sample["labels"])
    }
    assert fired == {rule["alert"] for rule in RULES}
