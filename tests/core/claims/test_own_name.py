"""The outlet by its own name, as a speaker."""

from __future__ import annotations

from dataclasses import replace

import pytest
from reading_room import parsers, reading, rules

from monitor.core.claims import extract_claims


@pytest.mark.parametrize(
    ("publisher", "speaker"),
    [("The Brask Star", "The Brask Star"), ("Karst Echo", "Star"), ("Karst Red Star Post", "Star")],
)
def test_the_outlet_speaks_by_its_short_name(publisher: str, speaker: str) -> None:
    read = reading("The Star can reveal that seats on the ferry are on sale for a crown.", rules())
    article = replace(read.article, publisher=publisher)
    (claim,) = extract_claims([replace(read, article=article)], rules(), parsers())[0]
    assert claim.speaker.name == speaker
