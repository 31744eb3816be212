"""Which story an article joins, as the ledger remembers it: by the names that half of its articles have."""

from __future__ import annotations

from ledger import store_and_take

from monitor.core.types import Article, Findings
from monitor.store.database import Database
from monitor.store.judging import judging
from monitor.store.stories import known_stories, save_story
from monitor.store.tasks import TakenArticles


def tell(database: Database, taken: TakenArticles, article: Article, *names: str) -> int:
    """Judge an article known by these names, and give the story that it joined."""
    with judging(database, taken, article.version_id, names) as book:
        joined = book.story(article, names)
        book.save(
            Findings(article=article, claims=(), origin=str(article.id), story=joined, story_keys=names)
        )
    return joined


def test_a_story_is_known_by_what_half_of_its_articles_name(database: Database) -> None:
    taken = store_and_take(database, "a", "b", "c", "d")
    first, second, third, fourth = taken.articles
    opened = tell(database, taken, first, "varnholm", "berg", "lund")
    assert tell(database, taken, second, "varnholm", "berg", "oskavia") == opened
    assert tell(database, taken, third, "varnholm", "berg", "ruiz", "holm") == opened
    # Two articles that each shared something with the story, and nothing that it is about.
    assert tell(database, taken, fourth, "ruiz", "oskavia") == fourth.id


def test_a_later_version_counts_once_and_brings_its_names(database: Database) -> None:
    taken = store_and_take(database, "a", "b")
    first, second = taken.articles
    opened = tell(database, taken, first, "varnholm", "berg")
    with judging(database, taken, second.version_id, ()) as book:
        book.save(
            Findings(
                article=second, claims=(), origin="b", story=opened, story_keys=("varnholm", "berg", "lund")
            )
        )
    with database.write() as connection:
        save_story(connection, second, opened, ("varnholm", "lund", "ruiz"))
        found = known_stories(connection, ("varnholm", "berg", "lund", "ruiz"), first.at)
    assert found.shared == {opened: frozenset({"varnholm", "berg", "lund", "ruiz"})}
