"""The watched folder of the tests of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from watched_folder import Watched, rule, write


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    folder = tmp_path / "rules"
    write(folder, rule("WORD"))
    return Watched(folder)
