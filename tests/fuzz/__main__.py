"""The long form of the fuzzing, guided by coverage (atheris): `python -m tests.fuzz --inputs 200000`.

Each target runs in a process of its own, one after the other, until it has had its share of the inputs. Corpus and counts are kept
in build/fuzz, so that an interrupted run goes on where it was, unless the code has changed: then the counts begin anew, with the
corpus that was found. An input that broke a target is kept there too, as crash-… .
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from random import Random
from typing import Any

from tests.sources import sources_hash

SOURCES = ("processors", "schemas", "streams", "tests/fuzz")
HANG_S = 120
"""An input may take so long on a machine that does other work as well; the growth with length is measured by test_linear_time."""
MEMORY_MB = 4096
LONGEST_INPUT_BYTES = 3_000
NOTED_INPUTS = 200
"""So often the count is written down."""
SEEDS = 64


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    options.add_argument(
        "--inputs", type=int, default=200_000, help="over all targets, those that FOLDER has of the same code included"
    )
    options.add_argument("--target", action="append", help="only this target, which then gets all inputs; may be repeated")
    options.add_argument("--folder", type=Path, default=Path("build/fuzz"))
    options.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.child:
        _fuzz(chosen.child[0], int(chosen.child[1]), chosen.folder)
    from tests.fuzz.targets import TARGETS

    if unknown := set(chosen.target or ()) - set(TARGETS):
        options.error(f"no target {', '.join(sorted(unknown))}; there are {', '.join(TARGETS)}")
    names = chosen.target or list(TARGETS)
    whole = sum(TARGETS[name].share for name in names)
    broken = [name for name in names if not _run(name, chosen.inputs * TARGETS[name].share // whole, chosen.folder)]
    counts = [_done(chosen.folder, name) for name in names]
    print(f"{'all':<12} {sum(c['inputs'] for c in counts):>8} inputs {sum(c['seconds'] for c in counts):>7.0f} s", flush=True)
    print(f"broken: {', '.join(broken)}" if broken else "nothing broke")
    return 1 if broken else 0


def _run(name: str, inputs: int, folder: Path) -> bool:
    """Fuzz one target up to so many inputs; False where one of them broke it."""
    corpus = folder / "corpus" / name
    corpus.mkdir(parents=True, exist_ok=True)
    if not any(corpus.iterdir()):
        random = Random(name)
        for number in range(SEEDS):
            (corpus / f"seed-{number}").write_bytes(random.randbytes(random.randrange(20, 1_500)))
    whole = True
    if (left := inputs - _done(folder, name)["inputs"]) > 0:
        child = [sys.executable, "-m", "tests.fuzz", "--folder", str(folder), "--child", name, str(left)]
        run = subprocess.run(child, capture_output=True, text=True, errors="replace", check=False)
        whole = run.returncode == 0
        if not whole:
            print(run.stderr[-6_000:], flush=True)
    done = _done(folder, name)
    print(f"{name:<12} {done['inputs']:>8} inputs {done['seconds']:>7.0f} s {'' if whole else ' BROKEN'}", flush=True)
    return whole


def _done(folder: Path, name: str) -> dict[str, Any]:
    """What earlier runs have done with the code as it is."""
    note, sources = folder / f"{name}.json", sources_hash(*SOURCES)
    done: dict[str, Any] = json.loads(note.read_text()) if note.exists() else {}
    return done if done.get("sources") == sources else {"sources": sources, "inputs": 0, "seconds": 0.0}


def _fuzz(name: str, inputs: int, folder: Path) -> None:
    """Does not return: libFuzzer ends the process."""
    import atheris

    with atheris.instrument_imports(include=["processors", "schemas", "streams"]):
        from tests.fuzz.targets import TARGETS
    began, before, count = time.monotonic(), _done(folder, name), 0

    def check(data: bytes) -> None:
        nonlocal count
        TARGETS[name].check(data)
        count += 1
        if count % NOTED_INPUTS == 0 or count == inputs:
            seconds = before["seconds"] + time.monotonic() - began
            (folder / f"{name}.json").write_text(json.dumps(before | {"inputs": before["inputs"] + count, "seconds": seconds}))

    flags = [
        f"-runs={inputs}",
        f"-timeout={HANG_S}",
        f"-rss_limit_mb={MEMORY_MB}",
        f"-max_len={LONGEST_INPUT_BYTES}",
        "-len_control=0",
        f"-artifact_prefix={folder}/{name}-",
        f"-seed={int.from_bytes(os.urandom(3), 'big') + 1}",
    ]
    atheris.Setup([sys.argv[0], *flags, str(folder / "corpus" / name)], check)
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
