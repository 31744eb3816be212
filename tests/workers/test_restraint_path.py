"""The settings of rules, from the rule file to what a real receiver gets."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from loopback import Receiver
from sqlalchemy import update

from monitor.config import Settings
from monitor.core.claims.parsed import Token
from monitor.core.text import sentence_spans
from monitor.core.types import (
    ArticleField,
    Claim,
    ClaimKind,
    Contradiction,
    ContradictionKind,
    Grade,
    PairStatus,
    PriorClaim,
    Reading,
    Relation,
    Scope,
    Speaker,
    Stance,
    ThreadedClaim,
)
from monitor.feeds.archive import ArchivedArticle, plan_versions, read_lines
from monitor.rulefiles import RulesWatcher
from monitor.store.database import Database, database_now
from monitor.store.feedback import give_feedback
from monitor.store.feedback_subjects import find_subjects
from monitor.store.ingest import save_imported
from monitor.store.notifications import close_groups
from monitor.store.queries import AlertRecord, Filters, list_alerts
from monitor.store.tables import notification
from workers import jobs
from workers.delivery import Postman
from workers.jobs import Toolbox, deliver_notifications, process_articles

RULES = """
version: 1
rules:
  - id: careful
    title: Said twice
    match: {any: [{keyword: dam}]}
    alert: {on: [new_claim, corroboration], min_origins: 2, min_score: 0}
  - id: disputed
    title: Both said twice
    match: {any: [{keyword: [safe, cracks]}]}
    alert: {on: [contradiction], min_origins: 2}
  - id: storm
    title: Storm
    match: {any: [{keyword: storm}]}
    alert: {on: [match], max_per_hour: 2}
  - id: fog
    title: Fog
    match: {any: [{keyword: fog}]}
    alert: {on: [match], group_by: [rule], group_wait: 30s}
"""


class NoWords:
    def parse(self, texts: Sequence[str]) -> tuple[tuple[Token, ...], ...]:
        return tuple(() for _ in texts)


def quoting(readings: Sequence[Reading], *_: object) -> tuple[tuple[Claim, ...], ...]:
    """The mayor says every sentence with a dam in it."""
    return tuple(tuple(_claims(reading)) for reading in readings)


def _claims(reading: Reading) -> list[Claim]:
    article = reading.article
    return [
        Claim(
            fingerprint=f"{article.version_id}:{start}",
            article_id=article.id,
            version_id=article.version_id,
            field=ArticleField.TEXT,
            start=start,
            end=end,
            quote=article.text[start:end],
            kind=ClaimKind.DIRECT,
            speaker=Speaker(name="The Mayor", surface="The mayor"),
            stance=Stance.ASSERT,
            hedged=False,
            cue="said",
            proposition=article.text[start:end],
            quantities=(),
            frames=(),
            keys=("dam",),
            said_at=article.at,
            rules=tuple(match.rule_id for match in reading.matches),
        )
        for start, end in sentence_spans(article.text)
        if "dam" in article.text[start:end]
    ]


def a_contradiction(left: str, right: str) -> Contradiction:
    return Contradiction(
        left=left,
        right=right,
        kind=ContradictionKind.DENIAL,
        scope=Scope.CROSS,
        relation=Relation.CONTRADICTION,
        grade=Grade.STRONG,
        score=0.9,
        reason="One calls the dam safe, the other finds cracks.",
        comparator="denial",
        group="is-the-dam-safe",
        disputed="whether the dam is safe",
    )


class Newsroom:
    def __init__(self, db: Database, folder: Path, receiver: Receiver) -> None:
        rules = folder / "rules"
        (rules / "topics").mkdir(parents=True)
        (rules / "topics" / "a.yml").write_text(RULES)
        (rules / "routes.yml").write_text(
            f"version: 1\nreceivers:\n  desk: {receiver.url}\nroute:\n  - receivers: [desk]\n"
        )
        settings = Settings(rules=rules, data_dir=folder, allow_networks="127.0.0.0/8")  # type: ignore[arg-type]  # read as from the environment
        self.db = db
        self.receiver = receiver
        self.tools = Toolbox(db=db, watcher=RulesWatcher(rules), parsers={"en": NoWords()}, settings=settings)
        self.published = 0

    def publish(self, *texts: str) -> None:
        lines = []
        for text in texts:
            self.published += 1
            url = f"https://a.example/{self.published}"
            article = {"url": url, "title": "T", "text": text, "publisher": f"Paper {self.published}"}
            lines.append(json.dumps(article).encode())
        articles = [line for line in read_lines(lines) if isinstance(line, ArchivedArticle)]
        save_imported(self.db, plan_versions(articles, {}), backfill=False)
        while process_articles(self.tools):
            pass

    def deliver(self) -> list[dict[str, object]]:
        """What the receiver got since the last time."""
        close_groups(self.db, intervals=True)
        before = len(self.receiver.accepted())
        with Postman(self.tools.settings) as postman:
            while deliver_notifications(self.tools, postman):
                pass
        return [dict(body) for body in list(self.receiver.accepted().values())[before:]]

    def wait_for_all(self) -> None:
        """What waits is due."""
        with self.db.write() as connection:
            connection.execute(
                update(notification)
                .where(notification.c.state == "waiting")
                .values(due_at=database_now(connection), restraint=None)
            )

    def waiting(self, rule: str) -> list[str]:
        """Why alerts of the rule wait for origins."""
        return [
            alert.notifications[0].detail
            for alert in self.alerts()
            if rule in alert.rules and alert.notifications[0].reason == "waiting_for_origins"
        ]

    def alerts(self) -> list[AlertRecord]:
        """The oldest first."""
        return sorted(list_alerts(self.db, Filters(limit=0)), key=lambda alert: alert.id)


@pytest.fixture
def newsroom(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Newsroom]:
    monkeypatch.setattr(jobs, "extract_claims", quoting)
    receiver = Receiver()
    try:
        yield Newsroom(database, tmp_path, receiver)
    finally:
        receiver.close()


def test_a_claim_is_told_when_its_second_origin_comes_and_copies_do_not_count(newsroom: Newsroom) -> None:
    said = "The old dam in the valley is perfectly safe today."
    newsroom.publish(said)
    newsroom.publish(said)  # a copy
    assert newsroom.deliver() == []
    (waiting,) = newsroom.alerts()
    (held,) = waiting.notifications
    assert (held.state, held.reason, held.detail) == (
        "suppressed",
        "waiting_for_origins",
        "1 of 2 independent origins",
    )
    newsroom.publish(f"It was a sunny morning in town. {said}")
    (told,) = newsroom.deliver()  # it says itself that it is corroborated
    assert (told["kind"], told["reason"]) == ("new_claim", "2 independent origins: Paper 1, Paper 3")
    waited = newsroom.alerts()[0].notifications[0]
    assert waited.detail == f"the origins came: told as alert {told['id']}"
    newsroom.publish(f"Another reporter was there in the evening. {said}")
    assert newsroom.deliver() == []
    assert len(newsroom.alerts()) == 3


def test_a_claim_that_was_called_noise_while_it_waited_is_not_told(newsroom: Newsroom) -> None:
    said = "The old dam in the valley is perfectly safe today."
    newsroom.publish(said)
    (waiting,) = newsroom.alerts()
    (subject,) = find_subjects(newsroom.db, f"thread:{waiting.claims[0].thread}")
    give_feedback(newsroom.db, subject, PairStatus.NOISE)
    newsroom.publish(f"It was a sunny morning in town. {said}")
    assert newsroom.deliver() == []


def test_a_conflict_that_waits_for_origins_is_told_by_an_article_that_shows_no_conflict(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[Contradiction] = []

    def once(
        threads: Sequence[ThreadedClaim], prior: Sequence[PriorClaim], *_: object
    ) -> list[Contradiction]:
        """The first two claims contradict each other; nobody sees it a second time."""
        if found or not prior or not threads:
            return []
        left, right = prior[0].claim.fingerprint, threads[0].claim.fingerprint
        found.append(a_contradiction(left, right))
        return found

    monkeypatch.setattr(jobs, "find_contradictions", once)
    safe, cracked = "The old dam in the valley is safe.", "Deep cracks run through that concrete dam wall."
    newsroom.publish(safe)
    newsroom.publish(cracked)
    assert newsroom.deliver() == []
    newsroom.publish(f"A sunny morning in the town of Oak. {safe}")
    assert newsroom.waiting("disputed") == ["1 and 1 of 2 independent origins"]
    newsroom.deliver()
    newsroom.publish(f"A long evening with many people. {cracked}")
    told = [one for one in newsroom.deliver() if one["kind"] == "contradiction"]
    assert [one["rules"] for one in told] == [["disputed"]]
    assert [claim["quote"] for claim in told[0]["claims"]] == [safe, cracked]  # type: ignore[attr-defined]  # JSON
    newsroom.publish(f"And once more, from the harbour. {cracked}")
    assert [one for one in newsroom.deliver() if one["kind"] == "contradiction"] == []


def test_over_the_limit_of_a_rule_file_the_rest_comes_in_one_digest(newsroom: Newsroom) -> None:
    newsroom.publish(*(f"A storm came, number {n}." for n in range(7)))
    assert [one["kind"] for one in newsroom.deliver()] == ["match", "match"]
    assert newsroom.deliver() == []
    assert [alert.notifications[0].reason for alert in newsroom.alerts()].count("throttled") == 5
    newsroom.wait_for_all()
    (digest,) = newsroom.deliver()
    assert (digest["kind"], digest["count"], len(digest["alerts"])) == ("digest", 5, 5)  # type: ignore[arg-type]  # a list
    assert all(alert.notifications[0].state == "sent" for alert in newsroom.alerts())


def test_what_a_rule_file_groups_is_posted_once(newsroom: Newsroom) -> None:
    newsroom.publish("Fog in the morning.", "Fog in the evening.")
    newsroom.publish("More fog at night.")
    with Postman(newsroom.tools.settings) as postman:
        assert deliver_notifications(newsroom.tools, postman) == 0
    (group,) = newsroom.deliver()
    assert (group["kind"], group["count"]) == ("group", 3)
    assert group["headline"] == "3 alerts of rule fog, the most severe first: 3 match"
