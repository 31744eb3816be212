"""One served newsroom for the tests that only read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from newsroom import HOSTILE, STORY, Site, alive, fill, ledger, settings, site


@pytest.fixture(scope="session")
def story_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The story of the dam, served."""
    yield from _served(tmp_path_factory.mktemp("story"), *STORY)


@pytest.fixture(scope="session")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The same with a feed that attacks the pages."""
    yield from _served(tmp_path_factory.mktemp("hostile"), STORY[0], HOSTILE)


def _served(folder: Path, *story: object) -> Iterator[Site]:
    with ledger(folder) as db:
        fill(db, *story)  # type: ignore[arg-type]  # stories
        alive(db)
        with site(db, settings(folder)) as served:
            yield served
