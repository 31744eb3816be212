"""What alerts depend on beyond one article: how often a claim was said, what waits, what was told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from monitor.core.alerting.asking import Rules, known_rules
from monitor.core.alerting.lifecycle import Acknowledgement
from monitor.core.types import Alert, AlertKind, Contradiction, PriorClaim, Reading, ThreadedClaim


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingAlert:
    """An alert that was recorded because too few origins had said it."""

    # As it will be raised: its plain fingerprint, not suppressed.
    alert: Alert
    # Threads of its claims, and the origins that each of them needs.
    threads: tuple[str, ...]
    origins: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldAlert:
    """An alert on a conflict that people were told, or will be at this time."""

    fingerprint: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the ledger knows about threads and conflicts, without the article that is being judged.

    Empty: nothing is known, and the article stands alone.
    """

    # The origin of the article that is being judged.
    origin: str = ""
    # Thread → origin → publisher of its first text, first said first.
    origins: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    # Thread → rules that matched an article of it.
    rules: Mapping[str, Sequence[str]] = field(default_factory=dict)
    waiting: Sequence[WaitingAlert] = ()
    # The conflict's group → alerts on it that were not suppressed.
    told: Mapping[str, Sequence[ToldAlert]] = field(default_factory=dict)
    # The conflict's group → the acknowledgement that stands.
    acknowledged: Mapping[str, Acknowledgement] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The standing once the article counts: which threads it has a claim of, and how they stand with it."""

    standing: Standing
    threads: frozenset[str]
    publisher: str

    def before(self, thread: str) -> int:
        """Independent origins of the thread without this article."""
        return len(self.standing.origins.get(thread, ()))

    def after(self, thread: str) -> int:
        """And with it; at least one."""
        return len(self.publishers(thread))

    def publishers(self, thread: str) -> Mapping[str, str]:
        """Origin → publisher, this article's last where it is another one."""
        known = self.standing.origins.get(thread, {})
        if thread in self.threads or not known:
            return {**known, self.standing.origin: known.get(self.standing.origin, self.publisher)}
        return known


def needs_standing(
    reading: Reading,
    claims: Iterable[ThreadedClaim],
    contradictions: Iterable[Contradiction],
    prior: Iterable[PriorClaim],
    rules: Rules,
) -> bool:
    """Does a rule that may ask here want to know more than the article and the claims say?"""
    sides = {side for found in contradictions for side in (found.left, found.right)}
    threads = {threaded.thread for threaded in claims}
    rule_ids = [match.rule_id for match in reading.matches]
    for known in prior:
        if known.claim.fingerprint in sides or known.thread in threads:
            rule_ids += known.claim.rules
    return any(
        rule.alert.min_origins > 1
        or rule.alert.repeat_every is not None
        or AlertKind.CORROBORATION in rule.alert.on
        for rule in known_rules(rule_ids, rules)
    )
