"""Second opinions on the path: slow scoring before the lock, and under it only what is new and quick.

A local model scores the likeliest pairs; where an endpoint is configured too, it is asked about the best of
those only, within its caps, and its word counts. What goes wrong with a model costs its opinion and nothing
else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import structlog

from monitor.config import Settings
from monitor.core.contradictions import Likeness, heard_beside
from monitor.core.contradictions.opinion import OpenPair, open_pairs, opinions, second_opinion
from monitor.core.language_models import Embedder, Scorer
from monitor.core.types import Claim, Contradiction, Grade, PriorClaim, ThreadedClaim
from monitor.errors import ConfigError
from monitor.feeds.answers import Answered
from monitor.feeds.egress import Egress
from monitor.feeds.transfers import ask
from monitor.models import load_scorer
from monitor.models.endpoint import EndpointScorer, load_endpoint
from monitor.store.database import Database
from monitor.store.opinions import begin_question, end_question, known_opinions

log = structlog.get_logger(__name__)

#: The endpoint calls it a contradiction and is at least so sure.
ENDPOINT_THRESHOLD = 0.7
#: Share of the lease that one question may take.
SHARE_OF_LEASE = 0.5

Found = Sequence[Contradiction]


@dataclass(slots=True)
class Opinions:
    """The models of one process that have a say in contradictions."""

    settings: Settings
    db: Database
    scorer: Scorer | None = None
    endpoint: EndpointScorer | None = None
    embedder: Embedder | None = None

    def __bool__(self) -> bool:
        """Whether there is anybody to ask."""
        return self.scorer is not None or self.endpoint is not None

    @property
    def versions(self) -> dict[str, str]:
        """Name and version of each model that has a say, by what it does."""
        models = {"scorer": self.scorer, "opinion": self.endpoint, "embedder": self.embedder}
        return {does: f"{one.name} {one.version}" for does, one in models.items() if one is not None}

    def beside(self, claims: Sequence[Claim], likeness: Likeness) -> Likeness:
        """The likeness with the local model's word on claims that stand side by side; takes a moment."""
        if self.scorer is None:
            return likeness
        asked = self.settings
        return heard_beside(
            claims, likeness, self.scorer, languages=asked.scorer_languages, cap=asked.scorer_pairs
        )

    def prepare(
        self,
        claims: Sequence[ThreadedClaim],
        prior: Sequence[PriorClaim],
        named: Found,
        *,
        keep: Callable[[], bool],
    ) -> Prepared:
        """Score the likeliest pairs; takes seconds. `keep` is asked between questions: False ends them."""
        pairs = self._pairs(claims, prior, named)
        local: dict[tuple[str, str], float] = {}
        if self.scorer is not None:
            local = self._score(pairs, self.settings.scorer_pairs)
            pairs = tuple(pair for pair in pairs if local.get(pair.key, 0) >= self.settings.scorer_threshold)
            pairs = tuple(sorted(pairs, key=lambda pair: -local[pair.key]))
        asked = self._ask(pairs, keep) if self.endpoint is not None else {}
        return Prepared(opinions=self, local=local, asked=asked)

    def _pairs(
        self, claims: Sequence[ThreadedClaim], prior: Sequence[PriorClaim], named: Found
    ) -> tuple[OpenPair, ...]:
        return open_pairs(claims, prior, named, cap=self.settings.scorer_pairs, embedder=self.embedder)

    def _score(self, pairs: Sequence[OpenPair], cap: int) -> dict[tuple[str, str], float]:
        """The local model's scores of what it can read."""
        assert self.scorer is not None
        readable = [pair for pair in pairs if pair.lang in self.settings.scorer_languages]
        return second_opinion(readable, self.scorer, cap)

    def _ask(self, pairs: Sequence[OpenPair], keep: Callable[[], bool]) -> dict[tuple[str, str], float]:
        """The endpoint's scores: from the record where it was asked before, else within the caps."""
        endpoint = self.endpoint
        assert endpoint is not None
        best = pairs[: self.settings.opinion_calls_per_article]
        model, version = endpoint.name, endpoint.version
        known = known_opinions(self.db, model=model, version=version, questions=[one.texts for one in best])
        scores = {one.key: known[one.texts] for one in best if one.texts in known}
        for pair in best:
            if pair.key in scores or endpoint.rests:
                continue
            if not keep():
                break
            limit = self.settings.opinion_calls_per_hour
            id = begin_question(self.db, model=model, version=version, texts=pair.texts, most_an_hour=limit)
            if id is None:
                log.info("opinion.budget_used_up", calls_per_hour=limit)
                break
            said = endpoint.ask(*pair.texts)
            if said.score is not None:
                scores[pair.key] = said.score
            else:
                log.warning("opinion.none", outcome=said.outcome.value, detail=said.detail)
            end_question(
                self.db, id, outcome=said.outcome.value, score=said.score, why=said.why, detail=said.detail
            )
        return scores


@dataclass(frozen=True, slots=True)
class Prepared:
    """The scores of one article, ready before its judgement."""

    opinions: Opinions
    local: dict[tuple[str, str], float] = field(default_factory=dict)
    asked: Mapping[tuple[str, str], float] = field(default_factory=dict)

    def findings(
        self, claims: Sequence[ThreadedClaim], prior: Sequence[PriorClaim], named: Found
    ) -> tuple[Contradiction, ...]:
        """What the models find, beside what is named already. Asks a local model about what was stored
        since, and nobody outside.
        """
        here = self.opinions
        pairs = here._pairs(claims, prior, named)
        if here.scorer is not None:
            new = [pair for pair in pairs if pair.key not in self.local]
            self.local.update(here._score(new, max(0, here.settings.scorer_pairs - len(self.local))))
        found: list[Contradiction] = []
        if here.endpoint is not None:
            heard = [pair for pair in pairs if pair.key in self.asked]
            found += opinions(
                heard,
                self.asked,
                model=here.endpoint.name,
                threshold=ENDPOINT_THRESHOLD,
                grade=Grade.MEDIUM,
            )
        if here.scorer is not None:
            rest = [pair for pair in pairs if pair.key not in self.asked]
            found += opinions(
                rest,
                self.local,
                model=here.scorer.name,
                threshold=here.settings.scorer_threshold,
                grade=Grade(here.settings.scorer_grade),
            )
        return tuple(sorted(found, key=lambda one: (-one.score, one.left, one.right)))


class Asker:
    """The way out for questions: one event loop and one set of connections for the life of a process."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._runner = asyncio.Runner()
        self._egress: Egress | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._egress is not None:
            self._runner.run(self._egress.aclose())
        self._runner.close()

    def __call__(
        self, url: str, body: bytes, headers: Mapping[str, str], timeout: float, most_bytes: int
    ) -> Answered:
        """One question, as monitor.models.endpoint wants it. Raises FetchError."""
        if self._egress is None:
            self._egress = Egress.from_settings(self._settings)
        seconds = min(timeout, SHARE_OF_LEASE * self._settings.lease_seconds)
        return self._runner.run(ask(self._egress, url, body, headers, timeout=seconds, most_bytes=most_bytes))


def load_opinions(
    settings: Settings, db: Database, post: Asker, embedder: Embedder | None = None
) -> Opinions:
    """The models that the settings name. One that cannot be loaded is logged, and the work goes on without.

    `claimwatch doctor` and `claimwatch models check` show what is wrong with it.
    """
    opinions = Opinions(settings, db, embedder=embedder)
    try:
        opinions.scorer = load_scorer(settings)
        opinions.endpoint = load_endpoint(settings, post)
    except ConfigError as error:
        log.warning("model.missing", error=str(error), remedy=error.remedy)
    if opinions:
        log.info("models.in_use", **opinions.versions)
    return opinions
