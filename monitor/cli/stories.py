"""`claimwatch stories`: the articles that tell of one event."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from monitor.cli.output import Column, when, write_facts, write_heading
from monitor.cli.reading import Noun, reading_app

if TYPE_CHECKING:
    from monitor.store.database import Database
    from monitor.store.queries import Filters, StoryRecord


def _rows(db: Database, filters: Filters) -> Iterable[StoryRecord]:
    from monitor.store.queries import list_stories

    return list_stories(db, filters)


def _find(db: Database, id: int) -> StoryRecord | None:
    from monitor.store.queries import get_story

    return get_story(db, id)


def _sheet(story: StoryRecord) -> None:
    write_heading(f"Story {story.id}: {story.title}")
    articles = [f"{one.id} {one.publisher}: {one.title}" for one in story.latest]
    write_facts(
        [
            ("told", f"{when(story.first_at)} to {when(story.last_at)} UTC"),
            ("articles", f"{story.articles} of {story.origins} origins"),
            ("publishers", ", ".join(story.publishers)),
            ("claims", str(story.claims)),
            ("contradictions", str(story.contradictions)),
            *(("latest" if not number else " ", title) for number, title in enumerate(articles)),
        ]
    )


NOUN: Noun[StoryRecord] = Noun(
    one="story",
    many="stories",
    rows=_rows,
    find=_find,
    columns=(
        Column(title="id", cell=lambda story: str(story.id), right=True),
        Column(title="last", cell=lambda story: when(story.last_at)),
        Column(title="articles", cell=lambda story: str(story.articles), right=True),
        Column(title="origins", cell=lambda story: str(story.origins), right=True),
        Column(title="claims", cell=lambda story: str(story.claims), right=True),
        Column(title="contradictions", cell=lambda story: str(story.contradictions), right=True),
        Column(title="title", cell=lambda story: story.title, ratio=1),
    ),
    sheet=_sheet,
)

app = reading_app(NOUN, help_text="The articles that tell of one event.")
