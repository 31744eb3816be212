"""Which articles tell of one event, by their names, in any script."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.core.stories import KEY_COUNT, KnownStories, story_keys, story_of
from monitor.core.types import Article, Entity, EntityType, Mention, Reading
from monitor.core.types import ArticleField as Field

NOON = datetime(2031, 5, 6, 12, tzinfo=UTC)


def keys(text: str, *, title: str = "", entities: tuple[Entity, ...] = ()) -> tuple[str, ...]:
    article = Article(
        id=1, version=1, version_id=1, feed_id=None, url="", publisher="Paper", tags=(), title=title,
        summary="", text=text, lang="", published_at=NOON, fetched_at=NOON,
    )  # fmt: skip
    mentions = tuple(Mention(entity=e.id, field=Field.TEXT, start=0, end=1) for e in entities)
    return story_keys(Reading(article=article, matches=(), mentions=mentions), {e.id: e for e in entities})


def known(*stories: tuple[str, ...]) -> KnownStories:
    """Stories 1, 2, … with these names, all of which the article shares."""
    names = [name for story in stories for name in story]
    return KnownStories(
        shared={n: frozenset(story) for n, story in enumerate(stories, 1)},
        common={name: names.count(name) for name in names},
        total=len(stories),
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("the envoy Osmonov spoke", "выступил Осмонов"),
        ("the envoy Osmonov spoke", "слова Осмонова"),
        ("near Kharkov they", "под Харьковом они"),
        ("in Zelenskyy’s office", "в офисе Зеленского"),
    ],
)
def test_a_name_is_one_in_every_script_and_case(one: str, other: str) -> None:
    assert set(keys(one)) == set(keys(other))


def test_words_that_only_begin_a_sentence_are_no_names() -> None:
    assert keys("Four men ran. Then four more came to Varnholm.") == ("varnho",)


def test_names_of_the_title_come_first_and_at_most_so_many() -> None:
    many = ", ".join(f"Xa{letter}berg" for letter in "abcdefghijklmnopqrstuvwxyz")
    filler = "and then nothing happened for a very long time indeed, " * 20
    found = keys(f"{filler} the men of {many} met the men of {many}.", title="The others of Varnholm")
    assert len(found) == KEY_COUNT
    assert found[0] == "varnho"


def test_an_event_of_the_rules_is_the_best_name() -> None:
    event = Entity(id="varnholm_fire", type=EntityType.EVENT, name="Varnholm fire", aliases=())
    assert keys("It burned in Varnholm.", entities=(event,))[0] == "@varnholm_fire"


def test_an_article_joins_the_story_that_shares_most_of_its_names() -> None:
    names = ("varnho", "berg", "lindt", "osmono")
    assert story_of(names, known(("varnho", "berg", "lindt"), ("osmono", "berg"))) == 1


@pytest.mark.parametrize(
    "stories",
    [
        known(),
        known(("varnho",)),
        known(*[("moskva", "russia")] * 40),
    ],
    ids=["nothing is known", "one name is too few", "names of every story"],
)
def test_else_it_opens_a_story_of_its_own(stories: KnownStories) -> None:
    assert story_of(("varnho", "moskva", "russia", "berg"), stories) is None


def test_a_text_without_names_has_none() -> None:
    assert keys("nothing here has a capital letter") == ()
    assert story_of((), known()) is None
