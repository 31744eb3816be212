"""How well the claims, contradictions, updates, threads and groups of one story were found.

The arithmetic is the same for any folder of labelled stories (docs/quality.md says it in words):
counts are kept, so that scores of several stories add up to one score of all.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from monitor.core.evaluation.gold import Story
from monitor.core.evaluation.locating import Located, locate
from monitor.core.evaluation.predictions import Predictions
from monitor.core.evaluation.verdicts import Verdict, gold_pairs, labelled, reported, verdicts_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """So many out of so many."""

    hits: float = 0
    of: float = 0

    @property
    def value(self) -> float | None:
        """Between 0 and 1; None: there was nothing to count."""
        return self.hits / self.of if self.of else None

    def __add__(self, other: Share) -> Share:
        return Share(hits=self.hits + other.hits, of=self.of + other.of)


#: Names of the shares of a score, in the order in which they are shown.
SHARES: Mapping[str, str] = {
    "core_recall": "core claims found, with the right speaker",
    "all_recall": "all labelled claims found, with the right speaker",
    "core_recall_any_speaker": "core claims found, whoever is said to speak",
    "claim_precision": "claims that stand on labelled words, with the right speaker",
    "strong_recall": "strong contradictions found",
    "medium_recall": "medium contradictions found",
    "precision": "reported contradictions (strong, medium) that are right",
    "look_alikes_fired": "look-alikes that were reported as contradictions",
    "updates_found": "updates reported as updates",
    "updates_confused": "updates reported as contradictions",
    "threads_precision": "threads, B-cubed precision",
    "threads_recall": "threads, B-cubed recall",
    "groups_found": "conflicts with an alert group of their own or shared",
    "groups_split": "found conflicts spread over several groups",
    "groups_merged": "reported groups that mix several conflicts",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryScore:
    """The counts of one story, or of several together."""

    shares: Mapping[str, Share]
    articles: int = 0
    words: int = 0
    cpu_seconds: float = 0.0
    # Ids of core claims that nothing found, and of listed contradictions that nothing reported.
    missed_claims: tuple[str, ...] = ()
    missed_pairs: tuple[str, ...] = ()
    verdicts: tuple[Verdict, ...] = field(default=())

    @property
    def threads_f1(self) -> float | None:
        """Harmonic mean of B-cubed precision and recall."""
        precision, recall = self.shares["threads_precision"].value, self.shares["threads_recall"].value
        if precision is None or recall is None:
            return None
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def total(scores: Iterable[StoryScore]) -> StoryScore:
    """All stories as one: every claim and every pair counts the same."""
    scores = list(scores)
    return StoryScore(
        shares={name: sum((s.shares[name] for s in scores), start=Share()) for name in SHARES},
        articles=sum(s.articles for s in scores),
        words=sum(s.words for s in scores),
        cpu_seconds=sum(s.cpu_seconds for s in scores),
    )


def score_story(story: Story, predictions: Predictions) -> StoryScore:
    """The counts of one story."""
    located = locate(story, predictions.claims)
    verdicts = verdicts_on(story, reported(predictions.pairs), located)
    shares: dict[str, Share] = {
        **claim_shares(story, located),
        **_pair_shares(story, predictions, located, verdicts),
        **_thread_shares(story, predictions, located),
        **_group_shares(story, verdicts),
    }
    found = {name for names in located.found.values() for name in names}
    right = {label for verdict in verdicts if verdict.outcome == "right" for label in verdict.labels}
    return StoryScore(
        shares=shares,
        articles=len(story.articles),
        words=sum(len(f"{a.title} {a.body}".split()) for a in story.articles),
        cpu_seconds=predictions.cpu_seconds,
        missed_claims=tuple(c.id for c in story.claims if c.tier == 1 and c.id not in found),
        missed_pairs=tuple(p.id for p in story.contradictions if p.grade != "soft" and p.id not in right),
        verdicts=verdicts,
    )


# ---------------------------------------------------------------- claims


def claim_shares(story: Story, located: Located) -> dict[str, Share]:
    """The shares of SHARES that are about claims alone."""
    found = {name for names in located.found.values() for name in names}
    on = {name for names in located.on.values() for name in names}
    core = {claim.id for claim in story.claims if claim.tier == 1}
    right = sum(1 for names in located.found.values() if names)
    return {
        "core_recall": Share(hits=len(core & found), of=len(core)),
        "all_recall": Share(hits=len(found), of=len(story.claims)),
        "core_recall_any_speaker": Share(hits=len(core & on), of=len(core)),
        "claim_precision": Share(hits=right, of=len(located.found)),
    }


# ---------------------------------------------------------------- pairs


def _pair_shares(
    story: Story, predictions: Predictions, located: Located, verdicts: tuple[Verdict, ...]
) -> dict[str, Share]:
    right = {label for v in verdicts if v.outcome == "right" for label in v.labels}
    counted = [v for v in verdicts if v.outcome != "unjudged"]
    fired = {label for v in verdicts if v.outcome == "look-alike" for label in v.labels}
    listed = labelled(story.updates)
    told: dict[str, set[str]] = defaultdict(set)
    for pair in predictions.pairs:
        if pair.relation == "update" or pair.grade != "soft":
            told[pair.relation].update(listed[one] for one in gold_pairs(pair, located) if one in listed)
    shares = {
        f"{grade}_recall": Share(
            hits=sum(1 for p in story.contradictions if p.grade == grade and p.id in right),
            of=sum(1 for p in story.contradictions if p.grade == grade),
        )
        for grade in ("strong", "medium")
    }
    return shares | {
        "precision": Share(hits=sum(1 for v in counted if v.outcome == "right"), of=len(counted)),
        "look_alikes_fired": Share(hits=len(fired), of=len(story.non_contradictions)),
        "updates_found": Share(hits=len(told["update"]), of=len(listed)),
        "updates_confused": Share(hits=len(told["contradiction"] - told["update"]), of=len(listed)),
    }


# ---------------------------------------------------------------- threads and groups


def _thread_shares(story: Story, predictions: Predictions, located: Located) -> dict[str, Share]:
    """B-cubed (Bagga & Baldwin, LREC 1998) over the labelled claims that were found."""
    gold = story.thread_of()
    threads = {claim.id: claim.thread for claim in predictions.claims}
    assigned: dict[str, str] = {}
    for id, names in located.found.items():
        if names:
            assigned.setdefault(names[0], threads[id])
    sizes = Counter(assigned.values())
    gold_sizes = Counter(gold[name] for name in assigned)
    both = Counter((thread, gold[name]) for name, thread in assigned.items())
    precision = sum(both[thread, gold[name]] / sizes[thread] for name, thread in assigned.items())
    recall = sum(both[thread, gold[name]] / gold_sizes[gold[name]] for name, thread in assigned.items())
    return {
        "threads_precision": Share(hits=precision, of=len(assigned)),
        "threads_recall": Share(hits=recall, of=len(assigned)),
    }


def _group_shares(story: Story, verdicts: tuple[Verdict, ...]) -> dict[str, Share]:
    """Conflicts and reported groups, by the right pairs in them."""
    conflict_of = {name: group.id for group in story.expected_alert_groups for name in group.contradictions}
    reported: dict[str, set[str]] = defaultdict(set)
    for verdict in verdicts:
        conflicts = {conflict_of[label] for label in verdict.labels if label in conflict_of}
        if verdict.outcome == "right" and conflicts:
            reported[verdict.pair.group] |= conflicts
    times = Counter(conflict for conflicts in reported.values() for conflict in conflicts)
    return {
        "groups_found": Share(hits=len(times), of=len(story.expected_alert_groups)),
        "groups_split": Share(hits=sum(1 for count in times.values() if count > 1), of=len(times)),
        "groups_merged": Share(hits=sum(1 for c in reported.values() if len(c) > 1), of=len(reported)),
    }
