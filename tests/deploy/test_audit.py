"""`make audit` is green only where every package was looked up."""

from typing import Any

from deploy.audit import verdict

CLEAN: dict[str, Any] = {"name": "aiohttp", "version": "3.14.5", "vulns": []}
SKIPPED: dict[str, Any] = {"name": "faust-streaming", "skip_reason": "Dependency not found and could not be audited"}
KNOWN: dict[str, Any] = {"name": "orjson", "version": "1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"]}]}


def test_only_a_full_audit_is_green() -> None:
    assert verdict({"dependencies": [CLEAN, CLEAN]}) == (0, "2 packages looked up, no known vulnerability")
    code, said = verdict({"dependencies": [CLEAN, SKIPPED]})
    assert code == 3
    assert "1 of 2 packages could not be looked up: faust-streaming" in said


def test_a_service_out_of_reach_is_said_and_is_no_success() -> None:
    for report in (None, {"dependencies": []}, {"dependencies": [SKIPPED]}):
        code, said = verdict(report)
        assert code == 3
        assert "out of reach" in said


def test_a_known_vulnerability_is_an_error_with_the_version_that_mends_it() -> None:
    code, said = verdict({"dependencies": [CLEAN, SKIPPED, KNOWN]})
    assert code == 1
    assert "orjson 1.0: PYSEC-1, mended in 1.1" in said
