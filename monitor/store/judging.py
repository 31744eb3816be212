"""The lock and the book of one judgement.

Two workers that judge opposing claims at once must still find the contradiction, so judges of the same
subject take turns: PostgreSQL advisory locks per key, BEGIN IMMEDIATE on SQLite. Everything slow happens
before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, BindParameter, Connection, bindparam, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY

from monitor.core.alerting import Standing
from monitor.core.stories import story_of
from monitor.core.types import Article, Contradiction, Findings, PriorClaim, Speaker, ThreadedClaim
from monitor.store.bulk import chunks
from monitor.store.claims import prior_claim
from monitor.store.columns import index_key, key_number, second_of
from monitor.store.database import Database, database_now
from monitor.store.earlier import beside_earlier, end_earlier
from monitor.store.feedback_effects import DISMISSING, dismissed_threads, pair_statuses
from monitor.store.findings import save_findings
from monitor.store.standing import read_standing
from monitor.store.stories import articles_in_story, known_stories, speakers_of_story, story_of_article
from monitor.store.tables import alert, article_version, claim, claim_key, origin_key
from monitor.store.tasks import TakenArticles, close_tasks

#: How long a text is looked for as the origin of copies.
ORIGIN_WINDOW = timedelta(days=14)
#: The newest so many claims of a judgement's keys are compared with.
PRIOR_LIMIT = 5000

# PostgreSQL keeps all advisory locks of all sessions in one table of limited size (6,400 by default),
# so a judgement over more keys than this takes the whole court instead.
_MOST_LOCKS = 64
#: Held by every judgement, shared; alone by what must not run beside one.
COURT_LOCK = 4_707_118_233


# The statements of every judgement are made once; making one costs about what asking it does.
_KEYS: BindParameter[Any] = bindparam("keys", expanding=True)
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_OWN: BindParameter[Any] = bindparam("own")
_SINCE: BindParameter[Any] = bindparam("since")
_ORIGINS = (
    select(origin_key.c.version_id, origin_key.c.origin, func.count().label("shared"))
    .where(origin_key.c.key.in_(_KEYS), origin_key.c.created_at >= _SINCE, origin_key.c.version_id != _OWN)
    .group_by(origin_key.c.version_id, origin_key.c.origin)
)
_NEWEST = (
    select(claim_key.c.claim_id, claim_key.c.said_second)
    .distinct()
    .where(claim_key.c.key.in_(_KEYS), claim_key.c.said_second.between(_SINCE, bindparam("until")))
    .order_by(claim_key.c.said_second.desc(), claim_key.c.claim_id.desc())
    .limit(PRIOR_LIMIT)
)
_OWN_ARTICLE = select(article_version.c.article_id).where(article_version.c.id == _OWN).scalar_subquery()
_VOICES = select(
    claim.c.id,
    claim.c.thread,
    claim.c.speaker_folded,
    (claim.c.article_id == _OWN_ARTICLE).label("of_own_article"),
).where(claim.c.id.in_(_IDS), claim.c.version_id != _OWN)
_CLAIMS = select(claim).where(claim.c.id.in_(_IDS))
_SENT = select(alert.c.fingerprint).where(alert.c.fingerprint.in_(bindparam("fingerprints", expanding=True)))


class Book:
    """What may be asked and written inside one judgement; valid until the `with` block ends."""

    def __init__(self, connection: Connection, taken: TakenArticles, version_id: int) -> None:
        self._connection = connection
        self._taken = taken
        self._version_id = version_id
        self._now = database_now(connection)

    def now(self) -> datetime:
        """The database's clock when the judgement began: one moment for all of it."""
        return self._now

    def origin(self, keys: Iterable[str]) -> tuple[str, int]:
        """The origin of the text that shares most of these hashes, and how many; ("", 0) if none does.

        Texts of the last 14 days; of equals the oldest.
        """
        shared: dict[int, int] = {}
        origins: dict[int, str] = {}
        since = self._now - ORIGIN_WINDOW
        for some in chunks(sorted({index_key(key) for key in keys})):
            rows = self._connection.execute(_ORIGINS, {"keys": some, "since": since, "own": self._version_id})
            for row in rows:
                shared[row.version_id] = shared.get(row.version_id, 0) + row.shared
                origins[row.version_id] = row.origin
        if not shared:
            return "", 0
        best = max(shared, key=lambda version_id: (shared[version_id], -version_id))
        return origins[best], shared[best]

    def story(self, article: Article, keys: Sequence[str]) -> int:
        """The story that an article belongs to: the one it is in already, else the one whose names it shares,
        else one of its own. A story has the id of the article that opened it.
        """
        known = story_of_article(self._connection, article.id)
        joined = known or story_of(keys, known_stories(self._connection, keys, article.at))
        return joined or article.id

    def in_story(self, story: int, article: Article, prior: Sequence[PriorClaim]) -> frozenset[int]:
        """The ids of this article and of those among the claims' articles that are in the story."""
        told = articles_in_story(self._connection, story, {one.claim.article_id for one in prior})
        return told | {article.id}

    def speakers(self, story: int) -> tuple[Speaker, ...]:
        """Who spoke in the other articles of a story, by all their wordings, first ones first; own voice is
        left out. Of the newest articles, so that a long story costs no more than a short one.
        """
        return speakers_of_story(self._connection, story, but=self._version_id)

    def prior_claims(
        self, keys: Iterable[str], *, since: datetime, until: datetime
    ) -> tuple[PriorClaim, ...]:
        """Stored claims of other article versions that share a key, said in that time; oldest first.

        Of the newest 5,000. Where a speaker says the same again and again, the first time and the last stand
        for all: what a judgement costs follows what was said, not how often. Other versions of the article
        itself are given whole.
        """
        newest: dict[int, int] = {}
        window = {"since": second_of(since), "until": second_of(until)}
        for some in chunks(sorted({key_number(key) for key in keys})):
            rows = self._connection.execute(_NEWEST, {"keys": some, **window})
            newest |= {row.claim_id: row.said_second for row in rows}
        ids = sorted(newest, key=lambda id: (newest[id], id))[-PRIOR_LIMIT:]
        ids = self._standing_for_all(ids)
        found: dict[int, PriorClaim] = {}
        for some in chunks(ids):
            rows = self._connection.execute(_CLAIMS, {"ids": some})
            found |= {row.id: prior_claim(row) for row in rows}
        return tuple(found[id] for id in ids)

    def _standing_for_all(self, ids: list[int]) -> list[int]:
        """Of these claims (oldest first) the first and last of each thread and speaker, in the same order."""
        voices: dict[int, tuple[str, str]] = {}
        kept: set[int] = set()
        for some in chunks(ids):
            rows = self._connection.execute(_VOICES, {"ids": some, "own": self._version_id})
            for row in rows:
                voices[row.id] = (row.thread, row.speaker_folded)
                if row.of_own_article:
                    kept.add(row.id)
        others = [id for id in ids if id in voices]
        first = {voices[id]: id for id in reversed(others)}
        last = {voices[id]: id for id in others}
        kept |= {*first.values(), *last.values()}
        return [id for id in others if id in kept]

    def sent(self, fingerprints: Iterable[str]) -> frozenset[str]:
        """Which of these alerts exist already."""
        found: set[str] = set()
        for some in chunks(set(fingerprints)):
            found |= set(self._connection.scalars(_SENT, {"fingerprints": some}))
        return frozenset(found)

    def undismissed(
        self,
        pairs: Sequence[Contradiction],
        claims: Sequence[ThreadedClaim],
        prior: Sequence[PriorClaim],
    ) -> tuple[Contradiction, ...]:
        """Those to tell people of: nobody has marked them, their claims or their conflict as noise or
        outdated. In the same order.
        """
        threads = {one.claim.fingerprint: one.thread for one in prior}
        threads |= {one.claim.fingerprint: one.thread for one in claims}
        sides = {
            (pair.left, pair.right): (threads[pair.left], threads[pair.right], pair.group) for pair in pairs
        }
        statuses = pair_statuses(self._connection, sides.values())
        return tuple(pair for pair in pairs if statuses[sides[pair.left, pair.right]] not in DISMISSING)

    def undismissed_claims(
        self, claims: Sequence[ThreadedClaim], pairs: Iterable[Contradiction]
    ) -> tuple[ThreadedClaim, ...]:
        """Those to tell people of: their threads are not marked as noise or outdated, or they are a side of
        one of these pairs. In the same order.
        """
        sides = {side for pair in pairs for side in (pair.left, pair.right)}
        dismissed = dismissed_threads(self._connection, ((one.thread,) for one in claims))
        return tuple(
            one for one in claims if (one.thread,) not in dismissed or one.claim.fingerprint in sides
        )

    def standing(
        self,
        claims: Iterable[ThreadedClaim],
        contradictions: Iterable[Contradiction],
        prior: Iterable[PriorClaim],
        *,
        origin: str,
        whole: bool,
    ) -> Standing:
        """What the alerts of this judgement depend on; see `needs_standing` for `whole`."""
        pairs = list(contradictions)
        sides = {side for pair in pairs for side in (pair.left, pair.right)}
        threads = {threaded.thread for threaded in claims}
        threads |= {known.thread for known in prior if known.claim.fingerprint in sides}
        groups = {pair.group for pair in pairs}
        return read_standing(self._connection, threads, groups, origin=origin, whole=whole, now=self._now)

    def save(self, findings: Findings) -> None:
        """Store everything and close the task; at most once a judgement. What exists already is left alone.

        Raises LeaseLostError, with nothing written, where the task is no longer ours.
        Raises ValueError where a contradiction or an alert names a claim that is nowhere.
        """
        if findings.article.version_id != self._version_id:
            raise ValueError(f"findings on version {findings.article.version_id}, not {self._version_id}")
        now = self._now
        close_tasks(self._connection, self._taken, [self._version_id], now)
        if self._version_id in self._taken.again:
            end_earlier(self._connection, {self._version_id}, findings.matches, now)
            findings = beside_earlier(self._connection, findings)
        save_findings(self._connection, findings, now)


@contextmanager
def judging(db: Database, taken: TakenArticles, version_id: int, keys: Iterable[str]) -> Iterator[Book]:
    """Serialise judges that share a key, for the length of one write transaction.

    Copies of one text share their claims' keys, so finding the origin is serialised by the same lock.
    """
    with db.write() as connection:
        if db.dialect == "postgresql":
            _lock_subjects(connection, keys)
        yield Book(connection, taken, version_id)


@contextmanager
def looking(db: Database, taken: TakenArticles, version_id: int) -> Iterator[Book]:
    """The same book to read in, without a lock: for what is too slow to be done under one."""
    with db.read() as connection:
        yield Book(connection, taken, version_id)


def _lock_subjects(connection: Connection, keys: Iterable[str]) -> None:
    """Advisory locks until the transaction ends, in one order for everybody, so that nobody deadlocks."""
    locks = sorted({key_number(key) for key in keys})
    if len(locks) > _MOST_LOCKS:
        connection.execute(text("SELECT pg_advisory_xact_lock(:court)"), {"court": COURT_LOCK})
        return
    connection.execute(text("SELECT pg_advisory_xact_lock_shared(:court)"), {"court": COURT_LOCK})
    if locks:
        every = text(
            "SELECT count(pg_advisory_xact_lock(subject)) FROM unnest(:locks) AS subject"
        ).bindparams(bindparam("locks", type_=ARRAY(BigInteger)))
        connection.execute(every, {"locks": locks})
