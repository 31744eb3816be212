"""The newsroom of the web tests, for the API's."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "web"))

from newsroom import STORY, Site, alive, fill, ledger, settings, site


@pytest.fixture(scope="session")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The story of the dam, served."""
    folder = tmp_path_factory.mktemp("api")
    with ledger(folder) as db:
        fill(db, *STORY)
        alive(db)
        with site(db, settings(folder)) as served:
            yield served
