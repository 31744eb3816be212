"""Who spoke in a story, for the names that its later articles go on with."""

from __future__ import annotations

from dataclasses import replace

from ledger import a_claim, judge, store_and_take, threaded

from monitor.core.types import ClaimKind, Findings
from monitor.store.database import Database
from monitor.store.judging import judging


def test_a_story_gives_the_speakers_of_its_other_articles_each_wording_once(database: Database) -> None:
    taken = store_and_take(database, "a", "b", "c")
    first, second, other = taken.articles
    named = a_claim(first, name="1", speaker="Ana Ruiz", entity="")
    again = a_claim(first, name="2", speaker="Ana Ruiz", entity="")
    own = replace(a_claim(first, name="3", speaker="The Paper", entity=""), kind=ClaimKind.OWN_VOICE)
    judge(
        database,
        taken,
        Findings(article=first, claims=tuple(map(threaded, (named, again, own))), origin="o", story=first.id),
    )
    elsewhere = a_claim(other, name="4", speaker="Eva Holm", entity="")
    judge(
        database,
        taken,
        Findings(article=other, claims=(threaded(elsewhere),), origin="p", story=other.id),
    )
    with judging(database, taken, second.version_id, ()) as book:
        assert [(s.name, s.surface, s.side) for s in book.speakers(first.id)] == [
            ("Ana Ruiz", "The minister", "government")
        ]
        assert book.speakers(second.id) == ()
        book.save(Findings(article=second, claims=(), origin="q", story=first.id))
