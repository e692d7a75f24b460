"""`copydesk demo`: the whole flow on this machine, with a live view."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict, deque
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from streams.cli.common import environment_with, fail, settings_with

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from streams.settings import Settings

SHOWN = ("events", "claims", "stories")
REFRESH_S = 0.25
STALLED_S = 90
STAGES = (("clean", "articles.clean"), ("dedupe", "stories"), ("extract", "events"), ("link", "quotes"))


def demo(
    keep: Annotated[bool, typer.Option("--keep", help="Stay up at the end, until Ctrl-C, for you to push and tail.")] = False,
    feed: Annotated[Path | None, typer.Option(help="Raw articles to push.", show_default="the sample feed", exists=True)] = None,
    port: Annotated[int, typer.Option(help="Port of the embedded Kafka; 0: any free one.")] = 0,
    picture: Annotated[Path | None, typer.Option(help="Save the last view as a picture (SVG).", dir_okay=False)] = None,
) -> None:
    """Start a real Kafka and a worker, push a sample feed, and show what comes out.

    Nothing is left behind. Exit code 0: everything went through; 1: something did not, and says what.
    """
    from rich.console import Console

    from streams.cluster import ClusterError
    from streams.kafka import BrokerFailed, EmbeddedKafka
    from streams.security import Security, variable

    console = Console(highlight=False)
    if picture is not None:
        console = Console(highlight=False, width=140, height=44, force_terminal=True)
    for name in Security.model_fields:  # the embedded Kafka is plain, whatever this shell is set up for
        os.environ.pop(variable(name), None)
    began = time.monotonic()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with as_file(files("deploy") / "sample_feed" / "feed.jsonl") as sample, ExitStack() as stack:
            kafka = EmbeddedKafka(port=port)
            stack.callback(kafka.stop)
            with console.status("starting Kafka") as status:
                broker = kafka.start(lambda message: status.update(f"Kafka: {message}"))
            conf = settings_with(broker=broker, http_port=_free_port())
            console.print(f"Kafka answers at {broker}  [dim]({time.monotonic() - began:.0f} s)[/dim]")
            view = asyncio.run(_run(conf, feed or sample, console, keep, began))
            if picture is not None:
                _save(view, console, picture)
    except BrokerFailed as error:
        fail(str(error))
    except ClusterError as error:
        fail(str(error))
    except KeyboardInterrupt:
        console.print("stopped")


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(slots=True)
class View:
    """What the live view shows."""

    pushed: int = 0
    counters: dict[tuple[str, str], float] = field(default_factory=dict)
    lag: Counter[str] = field(default_factory=Counter)
    seen: Counter[str] = field(default_factory=Counter)
    standing: dict[str, set[bytes | None]] = field(default_factory=lambda: {name: set() for name in SHOWN})
    latest: dict[str, deque[Any]] = field(default_factory=lambda: {name: deque(maxlen=200) for name in SHOWN})
    began: float = field(default_factory=time.monotonic)

    def record_in(self, stage: str) -> int:
        """Records that a stage has committed."""
        return int(self.counters.get(("copydesk_records_in_total", stage), 0))

    def out(self, stage: str, topic: str) -> int:
        """Records that a stage has published to a topic."""
        return int(self.counters.get(("copydesk_records_out_total", f"{stage}/{topic}"), 0))

    @property
    def finished(self) -> bool:
        """Whether every stage has committed all that the one before it gave."""
        return (
            self.record_in("clean") == self.pushed > 0
            and self.record_in("dedupe") == self.out("clean", "articles.clean")
            and self.record_in("extract") == self.out("dedupe", "stories")
            and self.record_in("link") == self.out("extract", "digests")
        )

    @property
    def followed(self) -> bool:
        """Whether what is shown has caught up with what is published."""
        return self.seen["stories"] == self.out("dedupe", "stories") and all(
            self.seen[topic] == self.out("extract", topic) for topic in ("events", "claims")
        )

    def render(self, height: int) -> "RenderableType":
        """Stages above, the latest events and claims below."""
        from rich.console import Group
        from rich.panel import Panel
        from rich.table import Table

        seconds = max(time.monotonic() - self.began, 0.001)
        stages = Table(box=None, pad_edge=False, expand=True)
        for title in ("stage", "in", "per second", "waiting", "dead letters", "out"):
            stages.add_column(title, justify="left" if title in ("stage", "out") else "right")
        for stage, _ in STAGES:
            done = self.record_in(stage)
            dead = int(
                sum(v for (name, label), v in self.counters.items() if name == "copydesk_dead_letters_total" and label == stage)
            )
            out = ", ".join(
                f"{int(value)} {label.partition('/')[2]}"
                for (name, label), value in sorted(self.counters.items())
                if name == "copydesk_records_out_total" and label.startswith(f"{stage}/") and not label.endswith((".state", "-dlq"))
            )
            stages.add_row(stage, str(done), f"{done / seconds:.1f}", str(self.lag[stage]), str(dead) if dead else "", out)
        rows = max(2, (height - 13) // 3)
        panels = [Panel(stages, title=f"{self.pushed} articles pushed", border_style="blue")]
        for name in ("events", "claims", "stories"):
            lines = list(self.latest[name])[-rows:]
            for line in lines:
                line.no_wrap, line.overflow = True, "ellipsis"
            panels.append(Panel(Group(*lines), title=name, border_style="blue", height=rows + 2))
        return Group(*panels)


async def _run(conf: "Settings", feed: Path, console: "Console", keep: bool, began: float) -> View:
    from rich.live import Live

    from streams.cluster import ClusterError, create_topics
    from streams.pushing import Pusher

    await create_topics(conf)
    with tempfile.NamedTemporaryFile(prefix="copydesk-worker-", suffix=".log") as log:
        environment = environment_with(broker=conf.broker, http_port=str(conf.http_port), instance=f"demo-{os.getpid()}")
        worker = subprocess.Popen([sys.executable, "-m", "streams.worker"], env=environment, stdout=log, stderr=log)
        try:
            with console.status("starting the worker"):
                await _ready(conf, worker, Path(log.name))
            console.print(f"worker is ready  [dim]({time.monotonic() - began:.0f} s)[/dim]")
            view = View()
            async with Pusher(conf, check=False) as pusher:
                for number, line in enumerate(feed.read_bytes().splitlines(), 1):
                    if line.strip():
                        await pusher.push(line, f"{feed.name}:{number}")
                await pusher.flush()
            view.pushed = pusher.delivered
            following = asyncio.create_task(_follow(conf, view))
            progress, last = time.monotonic(), -1
            with Live(console=console, auto_refresh=False, transient=False) as live:
                while not view.finished:
                    await asyncio.sleep(REFRESH_S)
                    await _scrape(conf, view)
                    live.update(view.render(console.height), refresh=True)
                    done = sum(view.record_in(stage) for stage, _ in STAGES)
                    if done != last:
                        progress, last = time.monotonic(), done
                    if worker.poll() is not None or time.monotonic() - progress > STALLED_S:
                        raise ClusterError(f"the worker does not get on:\n{Path(log.name).read_text()[-2000:]}")
                while not view.followed:
                    await asyncio.sleep(REFRESH_S)
                live.update(view.render(console.height), refresh=True)
            following.cancel()
            _summary(conf, view, console, began, keep)
            if keep:
                while worker.poll() is None:
                    await asyncio.sleep(REFRESH_S)
            return view
        finally:
            worker.terminate()
            try:
                worker.wait(20)
            except subprocess.TimeoutExpired:
                worker.kill()


async def _ready(conf: "Settings", worker: "subprocess.Popen[bytes]", log: Path) -> None:
    import aiohttp

    from streams.cluster import ClusterError

    deadline = time.monotonic() + 120
    async with aiohttp.ClientSession() as session:
        while time.monotonic() < deadline and worker.poll() is None:
            try:
                async with session.get(f"http://127.0.0.1:{conf.http_port}/ready") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.1)
    raise ClusterError(f"the worker did not become ready:\n{log.read_text()[-2000:]}")


async def _scrape(conf: "Settings", view: View) -> None:
    """Read the worker's metrics into the view."""
    import aiohttp
    from prometheus_client.parser import text_string_to_metric_families

    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{conf.http_port}/metrics") as answer:
        text = await answer.text()
    counters: dict[tuple[str, str], float] = defaultdict(float)
    lag: Counter[str] = Counter()
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            stage = sample.labels.get("stage", "")
            if sample.name == "copydesk_records_out_total":
                counters[sample.name, f"{stage}/{sample.labels['topic']}"] += sample.value
            elif sample.name in ("copydesk_records_in_total", "copydesk_dead_letters_total"):
                counters[sample.name, stage] += sample.value
            elif sample.name == "copydesk_lag_records":
                lag[stage] += int(sample.value)
    view.counters, view.lag = dict(counters), lag


async def _follow(conf: "Settings", view: View) -> None:
    """Read the published records into the view."""
    import orjson

    from streams.cli import readable
    from streams.reading import read

    async for topic, record in read(conf, list(SHOWN), from_beginning=True):
        fields = None if record.value is None else orjson.loads(record.value)
        view.seen[topic] += 1
        if fields is None:
            view.standing[topic].discard(record.key)
        else:
            view.standing[topic].add(record.key)
            view.latest[topic].append(readable.record(topic, record.key, fields))


def _summary(conf: "Settings", view: View, console: "Console", began: float, keep: bool) -> None:
    dead = sum(value for (name, _), value in view.counters.items() if name == "copydesk_dead_letters_total")
    console.print(
        f"\n[bold]{view.pushed} articles in, {len(view.standing['events'])} events and "
        f"{len(view.standing['claims'])} claims out[/bold], {int(dead)} dead letters, {time.monotonic() - began:.0f} s in all.\n"
    )
    commands: tuple[str, ...]
    if keep:
        console.print(f"Kafka stays up at {conf.broker} until Ctrl-C. In another terminal:")
        console.print(f"  export COPYDESK_BROKER={conf.broker}")
        commands = (
            "copydesk tail --beginning",
            "copydesk tail stories --beginning",
            "copydesk dlq list",
            "copydesk push my-articles.jsonl",
        )
    else:
        console.print("Next:")
        commands = ("copydesk demo --keep", "copydesk process --input my-articles.jsonl --output records.jsonl", "copydesk --help")
    for command in commands:
        console.print(f"  {command}")


def _save(view: View, console: "Console", path: Path) -> None:
    """Save the view as SVG."""
    from io import StringIO

    from rich.console import Console

    recorder = Console(record=True, width=console.width, height=console.height, file=StringIO(), force_terminal=True)
    recorder.print(view.render(console.height))
    svg = recorder.export_svg(title="copydesk demo")
    # A picture loads nothing from elsewhere: the reader's own monospaced font will do.
    path.write_text(re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL), encoding="utf-8")
