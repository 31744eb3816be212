"""What is kept with claims and pairs of what found them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from monitor.core.claims import EXTRACTOR_VERSION, parse_frame
from monitor.core.claims.parsed import Token
from monitor.core.contradictions import COMPARATORS_VERSION
from monitor.core.rules import RuleSet
from monitor.core.types import Article, Reading
from workers.made_by import made_by, own_versions

FRAME = parse_frame({"phrases": ["{who} sink {what}"], "roles": ["who", "what"]}, path="sinking.yml")


@dataclass
class Model:
    name: str
    version: str


class NoWords:
    """Reads nothing, and does not say its version."""

    def parse(self, texts: Sequence[str]) -> tuple[tuple[Token, ...], ...]:
        return tuple(() for _ in texts)


class Versioned(NoWords):
    def __init__(self, version: str) -> None:
        self.version = version


def reading(lang: str) -> Reading:
    article = Article(
        id=1,
        version=1,
        version_id=1,
        feed_id=None,
        url="",
        publisher="",
        tags=(),
        title="",
        summary="",
        text="",
        lang=lang,
        published_at=None,
        fetched_at=datetime(2031, 1, 1, tzinfo=UTC),
    )
    return Reading(article=article, matches=(), mentions=())


def test_all_that_had_a_say_is_named_with_its_version() -> None:
    rules = RuleSet.compile((), (), (FRAME,))
    parsers = {"en": Versioned("model 1.0")}
    made = made_by(reading("en"), rules, parsers, {"embedder": Model("points", "3"), "scorer": None})
    assert made == {
        "extractor": EXTRACTOR_VERSION,
        "comparators": COMPARATORS_VERSION,
        "frames": rules.frames_version,
        "parser": "model 1.0",
        "embedder": "points 3",
    }
    # Nobody reads this language, and a parser need not say its version.
    assert "parser" not in made_by(reading("de"), rules, parsers)
    assert "parser" not in made_by(reading("en"), rules, {"en": NoWords()})
    assert own_versions(rules, parsers)["parser en"] == "model 1.0"


def test_frames_have_another_version_where_they_mean_something_else() -> None:
    other = replace(FRAME, phrases=("{who} scuttle {what}",))
    more = replace(FRAME, id="another")

    def version(*frames: object) -> str:
        return RuleSet.compile((), (), frames).frames_version  # type: ignore[arg-type]  # frames

    assert version(FRAME) != version(other) != version(FRAME, more)
    assert version(FRAME, more) == version(more, FRAME)
