"""The path: what happens to articles that wait, and to notifications that wait. Read this file first.

Work is taken from the ledger by lease; whatever happens to this process, somebody else takes it again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import structlog

from monitor.config import Settings
from monitor.core.alerting import needs_standing, plan_notifications, raise_alerts, tell_once
from monitor.core.claims import EXTRACTOR_VERSION, candidate_keys, extract_claims, same_people
from monitor.core.claims.parsed import Parser
from monitor.core.contradictions import (
    Likeness,
    find_contradictions,
    likened,
    likeness_of,
    with_own_words,
)
from monitor.core.language_models import Embedder
from monitor.core.matching import match
from monitor.core.origins import is_copy, origin_keys
from monitor.core.stories import story_keys
from monitor.core.threads import assign_threads
from monitor.core.types import AlertKind, Claim, Findings, Reading
from monitor.rulefiles import RuleFolder, RulesWatcher
from monitor.store.database import Database
from monitor.store.judging import judging, looking
from monitor.store.notifications import take_notifications
from workers.batch import Batch, chunks
from workers.delivery import Postman
from workers.made_by import made_by
from workers.opinions import Opinions, Prepared
from workers.queue import Kind, ring

log = structlog.get_logger(__name__)

#: How far apart claims are still compared; an archive's against what was said in the archive's days.
HISTORY = timedelta(days=30)
#: Article versions taken at once: matching them together is cheap.
ARTICLES_AT_ONCE = 50
#: Readings parsed at once: a stop, and the lease, wait no longer than for these.
READINGS_AT_ONCE = 8
#: Notifications sent at once.
NOTIFICATIONS_AT_ONCE = 20


def never() -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Toolbox:
    """What a process makes once and works with."""

    db: Database
    watcher: RulesWatcher
    # By language; a language without one is matched and stored, without claims.
    parsers: Mapping[str, Parser]
    settings: Settings
    # Tells how alike contents are; everything works without.
    embedder: Embedder | None = None
    # Models that have a say in contradictions; None or empty: there are none.
    opinions: Opinions | None = None
    # Asked between steps; true: finish what is begun, give the rest back.
    stop: Callable[[], bool] = never

    @property
    def lease(self) -> timedelta:
        return timedelta(seconds=self.settings.lease_seconds)


def process_articles(tools: Toolbox) -> int:
    """Take a batch of articles through matching, claims and judgement; how many were taken (0: none is due).

    What goes wrong with one article is kept on it and stops no other.
    Raises UnavailableError where the ledger is away; the leases then run out by themselves.
    """
    batch = Batch.take(tools.db, limit=ARTICLES_AT_ONCE, lease=tools.lease)
    if not batch.articles:
        return 0
    folder = tools.watcher.current()
    readings = batch.each(batch.articles, lambda articles: match(articles, folder.rules))
    for reading in readings.values():
        if reading.timed_out:
            log.warning("rules.timed_out", version=reading.article.version_id, rules=reading.timed_out)
    batch.finish([reading for reading in readings.values() if not reading.matches])
    matched = [reading for reading in readings.values() if reading.matches]
    for some in chunks(matched, READINGS_AT_ONCE):
        if tools.stop() or not batch.extend():
            break
        claims = batch.each_reading(some, lambda part: extract_claims(part, folder.rules, tools.parsers))
        done = [reading for reading in some if reading.article.version_id in claims]
        to_judge = {r.article.version_id for r in done if _to_judge(r, claims[r.article.version_id], folder)}
        batch.finish([reading for reading in done if reading.article.version_id not in to_judge])
        told = 0
        for reading in done:
            version = reading.article.version_id
            if version in to_judge and not tools.stop():
                told += batch.judge(version, partial(judge, tools, batch, reading, claims[version], folder))
        if told:
            ring(tools.settings.redis_url, Kind.DELIVERIES)
    batch.release()
    return len(batch.articles)


def _to_judge(reading: Reading, claims: tuple[Claim, ...], folder: RuleFolder) -> bool:
    """Claims are judged, and matches that somebody wants to be alerted to."""
    return bool(claims) or any(
        AlertKind.MATCH in folder.rules.rules[match.rule_id].alert.on for match in reading.matches
    )


def judge(
    tools: Toolbox, batch: Batch, reading: Reading, claims: tuple[Claim, ...], folder: RuleFolder
) -> int:
    """Compare claims with what was said before and store what follows; gives the notifications to send."""
    article = reading.article
    claims = with_own_words(claims)
    keys = candidate_keys(claims)
    text_keys = origin_keys(article.text)
    names = story_keys(reading, folder.rules.entities)
    likeness = likeness_of(likened(claims), tools.embedder)
    if tools.opinions:
        likeness = tools.opinions.beside(claims, likeness)
    heard = _second_opinions(tools, batch, reading, claims, folder, likeness)
    # The names too: of two articles on one event, judged at once, only one may open its story.
    with judging(tools.db, batch.taken, article.version_id, keys.union(names)) as book:
        now = book.now()
        origin, shared = book.origin(text_keys)
        story = book.story(article, names)
        claims = same_people(claims, book.speakers(story))
        prior = book.prior_claims(keys, since=article.at - HISTORY, until=article.at + HISTORY)
        threads = assign_threads(claims, prior)
        together = book.in_story(story, article, prior)
        pairs = find_contradictions(threads, prior, folder.rules, likeness, together)
        if heard is not None:
            pairs = (*pairs, *heard.findings(threads, prior, pairs))
        to_tell = book.undismissed(pairs, threads, prior)
        origin = origin if is_copy(shared) else f"article:{article.id}"
        said = book.undismissed_claims(threads, to_tell)
        whole = needs_standing(reading, said, to_tell, prior, folder.rules)
        standing = book.standing(said, to_tell, prior, origin=origin, whole=whole)
        raised = raise_alerts(
            reading, said, to_tell, prior, folder.rules, now=now, standing=standing, story=story
        )
        alerts = tell_once(raised, book.sent(alert.fingerprint for alert in raised))
        notifications = plan_notifications(alerts, folder.routing, folder.rules)
        book.save(
            Findings(
                article=article,
                matches=reading.matches,
                claims=threads,
                contradictions=pairs,
                alerts=alerts,
                notifications=notifications,
                origin=origin,
                origin_keys=text_keys,
                story=story,
                story_keys=names,
                extractor=EXTRACTOR_VERSION,
                versions=made_by(reading, folder.rules, tools.parsers, {"embedder": tools.embedder})
                | (tools.opinions.versions if tools.opinions is not None else {}),
            )
        )
    return sum(1 for notification in notifications if notification.suppressed is None)


def _second_opinions(
    tools: Toolbox,
    batch: Batch,
    reading: Reading,
    claims: tuple[Claim, ...],
    folder: RuleFolder,
    likeness: Likeness,
) -> Prepared | None:
    """What the models say, asked before the lock because they are slow; None: there is nobody to ask."""
    if not tools.opinions or not claims:
        return None
    article = reading.article
    with looking(tools.db, batch.taken, article.version_id) as book:
        prior = book.prior_claims(
            candidate_keys(claims), since=article.at - HISTORY, until=article.at + HISTORY
        )
    threads = assign_threads(claims, prior)
    named = find_contradictions(threads, prior, folder.rules, likeness)
    keep = partial(batch.keep, article.version_id)
    return tools.opinions.prepare(threads, prior, named, keep=lambda: not tools.stop() and keep())


def deliver_notifications(tools: Toolbox, postman: Postman) -> int:
    """Send notifications that are due, and keep how each attempt ended; how many were taken (0: none is due).

    Raises UnavailableError where the ledger is away.
    """
    routing = tools.watcher.current().routing
    taken = take_notifications(
        tools.db, limit=NOTIFICATIONS_AT_ONCE, lease_for=tools.lease, inhibitions=routing.inhibitions
    )
    if taken:
        receivers = {receiver.name: receiver.url for receiver in routing.receivers}
        postman.send_all(tools.db, taken, receivers, lease=tools.lease, templates=routing.templates)
    return len(taken)
