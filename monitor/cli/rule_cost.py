"""What a rule costs: its evaluation measured, here and now, over a sample of stored articles.

The working service counts nothing for this: a clock around each rule of each article would cost more than
most rules do. Measured is what a rule adds; the one scan for all rules' words is shared by all.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from monitor.core.matching import passes, scan
from monitor.core.operators import evaluate
from monitor.core.rules.ruleset import RuleSet
from monitor.core.types import Article

#: Each evaluation is timed so often, and the median counts.
ROUNDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """CPU time of one rule on a sample; all zero where no article of it has the words that the rule needs."""

    # Articles looked at, and those in which the rule had to be evaluated.
    sample: int
    candidates: int
    # Microseconds of CPU for a candidate: on average, and at worst.
    mean_us: float
    worst_us: float

    @property
    def per_article_us(self) -> float:
        """Averaged over all articles of the sample."""
        return self.mean_us * self.candidates / self.sample if self.sample else 0.0


def measure(
    articles: Sequence[Article],
    rules: RuleSet,
    wanted: Iterable[str],
    told: Callable[[int, int], None] = lambda done, of: None,
) -> dict[str, Cost]:
    """The cost of each wanted rule. `told` hears how many articles are done."""
    times: dict[str, list[float]] = {rule: [] for rule in wanted}
    for number, article in enumerate(articles):
        rounds: dict[str, list[int]] = {}
        for _ in range(ROUNDS):
            # Evidence remembers sentences and patterns for the next rule, so each round starts afresh.
            (evidence,) = scan([article], rules)
            for compiled in evidence.candidates:
                if compiled.rule.id not in times:
                    continue
                started = time.thread_time_ns()
                if passes(compiled.rule.where, article):
                    evaluate(compiled.condition, evidence)
                rounds.setdefault(compiled.rule.id, []).append(time.thread_time_ns() - started)
        for rule, spent in rounds.items():
            times[rule].append(median(spent) / 1000)
        told(number + 1, len(articles))
    return {
        rule: Cost(
            sample=len(articles),
            candidates=len(spent),
            mean_us=sum(spent) / len(spent) if spent else 0.0,
            worst_us=max(spent, default=0.0),
        )
        for rule, spent in times.items()
    }
