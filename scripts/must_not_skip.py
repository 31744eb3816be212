"""pytest plugin: with CI=true, a test that skips for want of Redis or PostgreSQL fails."""

from __future__ import annotations

import os
import re
from collections.abc import Generator

import pytest

SERVICES = re.compile(r"redis|valkey|postgres", re.IGNORECASE)


def _refuse(report: pytest.TestReport | pytest.CollectReport) -> None:
    if os.environ.get("CI") != "true" or report.outcome != "skipped" or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if SERVICES.search(reason):
        report.outcome = "failed"
        report.longrepr = f"may not be skipped where CI=true: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """One test's report."""
    report = yield
    _refuse(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """A whole module's report, where it skips itself."""
    report = yield
    _refuse(report)
    return report
