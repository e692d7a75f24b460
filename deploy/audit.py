"""`make audit`: has any locked package a known vulnerability? pip-audit, and an honest answer where its service says nothing.

pip-audit ends with 0 and "no known vulnerabilities" also where the service knows none of the packages (a mirror without that
service answers so): nothing was looked at then. Exit codes: 0 all were looked up, nothing is known; 1 something is; 3 the service
is out of reach, or some packages could not be looked up.
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

VULNERABLE, OUT_OF_REACH = 1, 3
TIMEOUT_S = 20


def ask(requirements: str) -> dict[str, Any] | None:
    """pip-audit's report on the text of a hash-locked requirements file; None where it could make none."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(requirements)
        file.flush()
        command = [sys.executable, "-m", "pip_audit", "--requirement", file.name, "--require-hashes", "--disable-pip"]
        command += ["--format", "json", "--progress-spinner", "off", "--timeout", str(TIMEOUT_S)]
        ended = subprocess.run(command, check=False, capture_output=True, text=True)
    try:
        report: dict[str, Any] = json.loads(ended.stdout)
    except json.JSONDecodeError:
        print(ended.stderr.strip()[-500:], file=sys.stderr)
        return None
    return report


def verdict(report: dict[str, Any] | None) -> tuple[int, str]:
    """(exit code, what to say) of a report."""
    packages = report["dependencies"] if report else []
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    found = [
        f"{package['name']} {package['version']}: {known['id']}, mended in {', '.join(known['fix_versions']) or 'no version yet'}"
        for package in packages
        for known in package.get("vulns", ())
    ]
    if found:
        return VULNERABLE, "known vulnerabilities:\n" + "\n".join(found)
    if len(skipped) == len(packages):
        return OUT_OF_REACH, "NOT AUDITED: the vulnerability service is out of reach from here; run `make audit` where it is not"
    if skipped:
        return OUT_OF_REACH, f"{len(skipped)} of {len(packages)} packages could not be looked up: {', '.join(skipped)}"
    return 0, f"{len(packages)} packages looked up, no known vulnerability"


def main(lock: Path) -> int:
    """Audit a lock file. One package is asked about first, so that a service out of reach costs one question."""
    text = lock.read_text("utf-8")
    first = re.search(r"^\S+==(?:.*\\\n)+.*\n", text, re.MULTILINE)
    assert first is not None, f"{lock} pins nothing"
    code, said = verdict(ask(first[0]))
    if code != OUT_OF_REACH:
        code, said = verdict(ask(text))
    print(said, file=sys.stderr if code else sys.stdout)
    return code


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
