"""The jars of the embedded Kafka: fetched once by jgo from Maven coordinates, checked against deploy/kafka/jars.lock."""

import hashlib
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import requests
from jgo.config import GlobalSettings
from jgo.maven import MavenContext

LOCK = Path(__file__).parent.parent / "deploy" / "kafka" / "jars.lock"
HTTP_TIMEOUT_S = 30
PARALLEL_DOWNLOADS = 8


class JarsUnusable(RuntimeError):
    """A jar cannot be fetched or is not the pinned one; the message says which and what to do."""


def locked() -> dict[str, str]:
    """The pinned jars: Maven coordinate (`group:artifact:version`) → SHA-256 in hex."""
    lines = (line.split() for line in LOCK.read_text("utf-8").splitlines() if line and not line.startswith("#"))
    return {coordinate: sha256 for coordinate, sha256 in lines}  # noqa: C416 - a line of three words is an error


def class_path(repository: Path | None = None, on_progress: Callable[[str], None] | None = None) -> list[Path]:
    """All pinned jars as local files, fetched where missing, every one checked.

    `repository` is a local Maven repository; by default jgo's: `M2_REPO`, jgo's own settings, else ~/.m2/repository.
    Raises JarsUnusable.
    """
    settings = GlobalSettings.load()
    repository = repository or settings.repo_cache
    context = MavenContext(repo_cache=repository)
    pinned = {_cached(context, coordinate): (coordinate, sha256) for coordinate, sha256 in locked().items()}
    remote = settings.repositories | context.remote_repos  # a mirror in the user's jgo settings goes first
    try:
        missing = {path: pin for path, pin in pinned.items() if not _is_there(path, *pin)}
        if missing:
            if on_progress:
                on_progress(f"fetching Apache Kafka once ({len(missing)} of {len(pinned)} jars) into {repository}")
            repository.mkdir(parents=True, exist_ok=True)
            with ThreadPoolExecutor(PARALLEL_DOWNLOADS) as threads:
                list(threads.map(partial(_fetch, repository, remote), missing, missing.values()))
    except OSError as error:
        raise JarsUnusable(
            f"The jars of Kafka cannot be kept in {repository} ({error}). Make it readable and writable with 45 MB of room, or "
            f"name another folder in the environment variable M2_REPO."
        ) from error
    return list(pinned)


def _is_there(path: Path, coordinate: str, sha256: str) -> bool:
    """False where it must be fetched. Raises JarsUnusable for another content."""
    if not path.exists():
        return False
    if _sha256(path) != sha256:
        raise JarsUnusable(
            f"{path} is not the {coordinate} that {LOCK.name} pins: it is damaged or was changed. "
            f"Delete this file and start again: it is fetched anew."
        )
    return True


def _fetch(repository: Path, remote: dict[str, str], path: Path, pin: tuple[str, str]) -> None:
    """Fetch one jar beside its place, check it, then move it there whole: a start that was cut off leaves no half jar."""
    coordinate, sha256 = pin
    with tempfile.TemporaryDirectory(prefix=".copydesk-", dir=repository) as staging:
        context = MavenContext(repo_cache=Path(staging), remote_repos=remote, timeout=HTTP_TIMEOUT_S)
        try:
            fetched = context.create_dependency(coordinate).artifact.resolve()
        except (requests.RequestException, RuntimeError) as error:
            raise JarsUnusable(
                f"{coordinate} cannot be fetched: {error}. The first start of the embedded Kafka needs the network once "
                f"(45 MB). Check the connection; behind a proxy set HTTPS_PROXY; a mirror can be named in jgo's settings file "
                f"(~/.config/jgo.conf, section [repositories]); without network copy {repository} from a machine that has run it."
            ) from error
        if (found := _sha256(fetched)) != sha256:
            raise JarsUnusable(
                f"What the Maven repository sent as {coordinate} is not what {LOCK.name} pins (SHA-256 {found}, expected "
                f"{sha256}); it was not kept. A proxy may have answered in its place: open the connection or use another mirror."
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        fetched.replace(path)


def _cached(context: MavenContext, coordinate: str) -> Path:
    path: Path | None = context.create_dependency(coordinate).artifact.cached_path
    assert path is not None  # the context has a repository
    return path


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
