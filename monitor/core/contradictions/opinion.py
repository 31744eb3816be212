"""What a model says about pairs that no comparator named: off where there is no model.

A model is one voice and never the judge: it says "contradiction" of most unrelated pairs and has no sense of
time, so it is asked about the likeliest pairs only, about no figures (they have a comparator), and what it
finds is graded soft, or medium where somebody has measured it or a second model agrees.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from monitor.core.contradictions.candidates import scope_of, sharing_a_key
from monitor.core.contradictions.pairs import says_something, shown, whether
from monitor.core.contradictions.statements import statement
from monitor.core.contradictions.subjects import other_time
from monitor.core.language_models import Embedder, Scorer, cosine
from monitor.core.types import (
    Claim,
    Contradiction,
    ContradictionKind,
    Grade,
    PriorClaim,
    Relation,
    Scope,
    ThreadedClaim,
)
from monitor.core.wording import content_words, is_cyrillic, jaccard

#: The name under which its pairs are stored.
MODEL = "model"
#: How alike two claims must be for a model to be asked: cosine where there is an embedder, else the share of
#: common content words. Measured on tests/data/stories/tune: see docs/models.md.
MIN_COSINE = 0.5
MIN_JACCARD = 0.1
#: Content words of a claim that says enough to be contradicted.
_MIN_WORDS = 3
#: Weight of such a finding: what comparators give one of the same grade.
_WEIGHTS = {Grade.SOFT: 0.4, Grade.MEDIUM: 0.65}


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPair:
    """Two claims that may conflict, and that no comparator named; `left` was said first."""

    left: Claim
    right: Claim
    scope: Scope
    # Of the two claims, sorted.
    threads: tuple[str, str]
    # Copies of one text are one origin; empty: the article that is being judged.
    origin: str
    # How alike they are, 0 to 1.
    likeness: float

    @property
    def key(self) -> tuple[str, str]:
        """Fingerprints of left and right."""
        return self.left.fingerprint, self.right.fingerprint

    @property
    def lang(self) -> str:
        """ "ru" where one of them is in Cyrillic letters, else "en": what a model must be able to read."""
        return "ru" if any(is_cyrillic(text) for text in self.texts) else "en"

    @property
    def texts(self) -> tuple[str, str]:
        """What a model is given."""
        return statement(self.left), statement(self.right)


Scores = Mapping[tuple[str, str], float]


def open_pairs(
    claims: Sequence[ThreadedClaim],
    prior: Sequence[PriorClaim],
    named: Iterable[Contradiction],
    *,
    cap: int,
    embedder: Embedder | None = None,
) -> tuple[OpenPair, ...]:
    """Pairs that share a key, speak of like things, and are in none of the `named`; the most alike first.

    At most `cap`, one for each two threads and origin. Nothing is compared that shares no key.
    """
    threads = {known.claim.fingerprint: known.thread for known in prior}
    threads |= {one.claim.fingerprint: one.thread for one in claims}
    taken = {
        tuple(sorted((threads[pair.left], threads[pair.right])))
        for pair in named
        if pair.left in threads and pair.right in threads
    }
    best: dict[tuple[str, ...], OpenPair] = {}
    for first, second in sharing_a_key(claims, prior):
        left, right, origin = first.claim, second.claim, first.origin
        scope = scope_of(left, right)
        between = sorted((first.thread, second.thread))
        if scope is None or between[0] == between[1] or tuple(between) in taken:
            continue
        if left.article_id == right.article_id and scope in {Scope.SELF, Scope.REVISION}:
            # Of one speaker in one article a model would mostly find what we misread.
            continue
        if not _comparable(left, right):
            continue
        likeness = _likeness(left, right, embedder)
        if likeness is None:
            continue
        if left.said_at > right.said_at:
            left, right = right, left
        place = (*between, origin)
        if place not in best or likeness > best[place].likeness:
            best[place] = OpenPair(
                left=left,
                right=right,
                scope=scope,
                threads=(between[0], between[1]),
                origin=origin,
                likeness=likeness,
            )
    return tuple(sorted(best.values(), key=lambda pair: (-pair.likeness, pair.key))[:cap])


def _comparable(a: Claim, b: Claim) -> bool:
    """Both say something flatly, of one time, and not the same kind of figure."""
    if not (says_something(a) and says_something(b)) or a.hedged or b.hedged or other_time(a, b):
        return False
    if {q.unit for q in a.quantities} & {q.unit for q in b.quantities}:
        return False
    return all(len(content_words(one.proposition)) >= _MIN_WORDS for one in (a, b))


def _likeness(a: Claim, b: Claim, embedder: Embedder | None) -> float | None:
    """0 to 1; None: too little."""
    # The embedding models at hand read English; to them all Russian looks alike.
    if embedder is not None and not (is_cyrillic(a.proposition) or is_cyrillic(b.proposition)):
        near = cosine(*embedder.embed([a.proposition, b.proposition]))
        return near if near >= MIN_COSINE else None
    shared = jaccard(content_words(a.proposition), content_words(b.proposition))
    return shared if shared >= MIN_JACCARD else None


def second_opinion(pairs: Sequence[OpenPair], scorer: Scorer, cap: int) -> dict[tuple[str, str], float]:
    """The scorer's score for each of the first `cap` pairs, by their keys; what it did not answer is left
    out.

    A contradiction holds both ways round, so a local model is asked both and the lower score counts.
    """
    some = pairs[:cap]
    forth = scorer.score([pair.texts for pair in some])
    back = scorer.score([pair.texts[::-1] for pair in some]) if scorer.is_local else forth
    return {
        pair.key: min(one, other)
        for pair, one, other in zip(some, forth, back, strict=True)
        if one is not None and other is not None
    }


def opinions(
    pairs: Sequence[OpenPair], scores: Scores, *, model: str, threshold: float, grade: Grade
) -> tuple[Contradiction, ...]:
    """The pairs that scored at least `threshold`, as contradictions of this grade, soft or medium; best
    first.
    """
    found = [
        Contradiction(
            left=pair.left.fingerprint,
            right=pair.right.fingerprint,
            kind=ContradictionKind.OTHER,
            scope=pair.scope,
            relation=Relation.CONTRADICTION,
            grade=grade,
            score=round(_WEIGHTS[grade] * scores[pair.key], 3),
            reason=(
                f"The model {model} reads {shown(pair.left)} and {shown(pair.right)} as statements that "
                f"cannot both be true (score {scores[pair.key]:.2f}); no rule of ours names the conflict."
            ),
            comparator=MODEL,
            group=blake2b("|".join((MODEL, *pair.threads)).encode(), digest_size=12).hexdigest(),
            disputed=whether(pair.left),
        )
        for pair in pairs
        if scores.get(pair.key, 0) >= threshold
    ]
    return tuple(sorted(found, key=lambda one: (-one.score, one.left, one.right)))
