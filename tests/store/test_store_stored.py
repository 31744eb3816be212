"""One stored article, as matching sees it: the same value that a worker takes."""

from __future__ import annotations

from dataclasses import replace

from ledger import store, take, version

from monitor.store.database import Database
from monitor.store.stored import stored_article


def test_a_stored_article_is_what_a_worker_takes_in_any_version(database: Database) -> None:
    store(database, version("dam", summary="In short."), version("lock"))
    taken = {article.title: article for article in take(database).articles}
    for article in taken.values():
        assert stored_article(database, article.id) == article
    dam = taken["Title of dam"]
    newer = replace(version("dam", number=2, text="The dam broke."), article_id=dam.id)
    store(database, newer)
    current = stored_article(database, dam.id)
    assert current is not None
    assert (current.version, current.text) == (2, "The dam broke.")
    assert stored_article(database, dam.id, version=1) == dam


def test_an_article_that_is_not_there_is_none(database: Database) -> None:
    assert stored_article(database, 99) is None
    store(database, version("dam"))
    assert stored_article(database, 1, version=7) is None
