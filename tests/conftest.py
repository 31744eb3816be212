"""Fixtures that several rooms share."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from ledgers import new_ledger
from postgres_server import NoPostgresError, PostgresServer, postgres_server

from monitor.logs import log_to_stderr
from monitor.store.database import Database

# All of a test's publishers are one host to the poller; what spaces its requests has tests of its own.
os.environ.setdefault("CLAIMWATCH_FETCH_SPACING", "0")

REPOSITORY = Path(__file__).parent.parent


def _absent(why: str) -> None:
    """Skip, visibly; on CI everything must be there."""
    if os.environ.get("CI"):
        pytest.fail(why)
    pytest.skip(why)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long tests first, the rest in order: what starts last should not be what takes longest."""
    items.sort(key=lambda test: test.get_closest_marker("long") is None)


@pytest.fixture(autouse=True)
def _plain_log() -> None:
    """Unconfigured, a log draws a traceback with all that its frames hold, rules and all: minutes."""
    log_to_stderr("debug")


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A SQLite database that does not exist yet."""
    return f"sqlite:///{tmp_path / 'claimwatch.db'}"


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """One PostgreSQL server for the whole run."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(postgres_server())
        except NoPostgresError as error:
            _absent(str(error))
        yield server


@pytest.fixture
def postgres_url(request: pytest.FixtureRequest, postgres: PostgresServer) -> Iterator[str]:
    """A fresh, empty PostgreSQL database."""
    # A ledger is a copy of one: an empty database would be made only to be dropped for it.
    url = postgres.fresh_url() if "database" in request.fixturenames else postgres.fresh_database()
    yield url
    postgres.drop_database(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh, empty database of each kind."""
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    return str(request.getfixturevalue(name))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An open ledger of each kind, at the newest revision."""
    db = new_ledger(database_url)
    yield db
    db.close()


@pytest.fixture(scope="session")
def sharedata() -> Path:
    """Other people's test data beside the repository; tests that want it are skipped without it."""
    folder = REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        # Not part of the project, so its absence never fails, not even on CI.
        pytest.skip(f"no shared test data at {folder}")
    return folder
