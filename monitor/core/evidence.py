"""Why a claim or a pair is what it is, step by step, in neutral words: never who is right.

Steps are made from what is stored; a trace, where there is one, adds what was worked out again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from monitor.core.claims.naming import how_named
from monitor.core.claims.tracing import Trace
from monitor.core.lines import quoted
from monitor.core.threads import sameness
from monitor.core.types import Article, Claim, Contradiction, Entity, FrameUse, PriorClaim, Quantity
from monitor.core.wording import content_words, jaccard, rebuttal_key

_SHOWN_KEYS = 12
_SHOWN_QUOTE = 160
_BOUNDS = {
    "at_least": "at least ",
    "at_most": "at most ",
    "more_than": "more than ",
    "less_than": "less than ",
    "about": "about ",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of an explanation: what it is about, and sentences for people."""

    name: str
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownClaim:
    """A stored claim with all that explaining it needs."""

    claim: Claim
    article: Article
    thread: str
    # Other claims of the thread that were said before, the oldest first.
    earlier: tuple[PriorClaim, ...]
    # In how many articles the thread stands, of how many origins.
    appearances: int
    origins: int
    # What found it, by name; empty: not kept then.
    versions: Mapping[str, str]
    # What people said that bears on it, in words.
    marks: tuple[str, ...] = ()


def explain_claim(
    known: KnownClaim,
    entities: Mapping[str, Entity] | None,
    trace: Trace | None,
    now: Mapping[str, str],
) -> tuple[Step, ...]:
    """The steps from the text to the thread; `now`: versions of this program, those that are known.

    `entities` None: the rules are not at hand. `trace` None: nothing was read again.
    """
    claim = known.claim
    steps = [
        Step(name="text", says=_text(known, trace)),
        Step(name="attribution", says=_attribution(claim, trace)),
        Step(name="speaker", says=_speaker(claim, known.article, entities)),
        Step(name="content", says=_content(claim)),
        Step(name="frames", says=tuple(_frames(claim, trace))),
        Step(name="numbers", says=tuple(_number(q, claim) for q in claim.quantities) or ("none",)),
        Step(name="compared by", says=(_keys(claim.keys),)),
        Step(name="thread", says=tuple(_thread(known))),
        Step(name="feedback", says=known.marks or ("nobody has said anything about it",)),
        Step(name="found by", says=tuple(_versions(known.versions, now))),
    ]
    if trace is not None:
        steps.append(Step(name="read again", says=_again(claim, trace)))
    return tuple(steps)


def explain_pair(
    pair: Contradiction,
    left: KnownClaim,
    right: KnownClaim,
    *,
    versions: Mapping[str, str],
    now: Mapping[str, str],
    again: Sequence[Contradiction] | None,
    in_group: int,
    marks: Sequence[str],
) -> tuple[Step, ...]:
    """The steps from two claims to one conflict; `again`: what comparing gives now (None: not done)."""
    shared = tuple(key for key in left.claim.keys if key in set(right.claim.keys))
    steps = [
        Step(name="said first", says=(_side(left),)),
        Step(name="said then", says=(_side(right),)),
        Step(name="met by", says=(_keys(shared) if shared else "they no longer share a key",)),
        Step(name="compared", says=tuple(_compared(left.claim, right.claim))),
        Step(name="finding", says=(f"comparator {pair.comparator}: {pair.reason}",)),
        Step(
            name="judged",
            says=(
                f"{pair.relation} of kind {pair.kind}, {pair.grade}, score {pair.score:.2f}",
                f"between: {pair.scope.replace('_', ' ')}",
            ),
        ),
        Step(
            name="conflict",
            says=(f"{pair.disputed or 'not named'}", f"group {pair.group}, {_count(in_group, 'pair')} in it"),
        ),
        Step(name="feedback", says=tuple(marks) or ("nobody has said anything about it",)),
        Step(name="found by", says=tuple(_versions(versions, now))),
    ]
    if again is not None:
        steps.append(Step(name="compared again", says=(_compared_again(pair, again),)))
    return tuple(steps)


# ---------------------------------------------------------------- a claim


def _text(known: KnownClaim, trace: Trace | None) -> tuple[str, ...]:
    claim, article = known.claim, known.article
    stands = article.field(claim.field)[claim.start : claim.end] == claim.quote
    place = f"{claim.field} {claim.start}–{claim.end} of article {article.id}, version {article.version}"
    says = [
        f"“{claim.quote}”",
        f"{place} ({article.publisher}); the quote {'stands' if stands else 'does NOT stand'} there",
    ]
    if trace is not None and trace.sentence:
        says.append(f"in the sentence: “{trace.sentence}” (from {trace.sentence_start})")
    return tuple(says)


def _attribution(claim: Claim, trace: Trace | None) -> tuple[str, ...]:
    cue = f"cue “{claim.cue}”" if claim.cue else "no cue"
    detector = ""
    if trace is not None:
        detector = (
            f", detector {trace.detector}" if trace.detector else ", by no detector on exactly this stretch"
        )
    return (f"{claim.kind.replace('_', ' ')}, {cue}{detector}",)


def _speaker(claim: Claim, article: Article, entities: Mapping[str, Entity] | None) -> tuple[str, ...]:
    speaker = claim.speaker
    says = [f"“{speaker.surface}” → {speaker.name}: {how_named(claim, article.text, entities)}"]
    if speaker.entity:
        says.append(f"entity {speaker.entity}")
    if speaker.side:
        says.append(f"on the side of {speaker.side}")
    return tuple(says)


def _content(claim: Claim) -> tuple[str, ...]:
    hedged = "hedged (weakened in its own words, or said at second hand)" if claim.hedged else "not hedged"
    return (f"stance {claim.stance}, {hedged}", f"content: {claim.proposition}")


def _frames(claim: Claim, trace: Trace | None) -> Iterator[str]:
    if not claim.frames:
        yield "none"
    phrases = (trace.phrases if trace is not None else None) or {}
    for use in claim.frames:
        phrase = f" by “{phrases[use.frame]}”" if use.frame in phrases else ""
        yield f"{_use(use)}{phrase}"


def _use(use: FrameUse) -> str:
    roles = ", ".join(f"{role} = {filler}" for role, filler in use.roles) or "no role filled"
    return f"{use.frame} {'affirmed' if use.affirmed else 'denied'} ({roles})"


def _number(one: Quantity, claim: Claim) -> str:
    bound = _BOUNDS.get(one.bound, "exactly ")
    return f"“{one.surface}”: {bound}{one.value:g} {one.unit}, as of {claim.said_at:%Y-%m-%d %H:%M} UTC"


def _keys(keys: Sequence[str]) -> str:
    """Never all: a claim has up to 64."""
    more = f" and {len(keys) - _SHOWN_KEYS} more" if len(keys) > _SHOWN_KEYS else ""
    return f"{_count(len(keys), 'key')}: {', '.join(keys[:_SHOWN_KEYS])}{more}" if keys else "no key"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _thread(known: KnownClaim) -> Iterator[str]:
    spread = f"in {_count(known.appearances, 'article')} of {_count(known.origins, 'origin')}"
    if not known.earlier:
        yield f"{known.thread}: opened by this claim; {spread}"
        return
    ranked = [(sameness(known.claim, other.claim), other) for other in known.earlier]
    score, nearest = max(ranked, key=lambda row: row[0])
    yield f"{known.thread}: joined; {spread}"
    said = f"claim {nearest.id}, {nearest.publisher}: {quoted(nearest.claim.quote, _SHOWN_QUOTE)}"
    yield f"nearest before: {said}"
    yield _why_same(known.claim, nearest.claim) if score else "compared now, the two would not be one claim"


def _why_same(a: Claim, b: Claim) -> str:
    uses = [
        u.frame for u in a.frames if any((u.frame, u.affirmed) == (v.frame, v.affirmed) for v in b.frames)
    ]
    overlap = jaccard(content_words(a.proposition), content_words(b.proposition))
    words = f"{overlap:.0%} of the content words in common"
    return f"the same use of frame {uses[0]}, {words}" if uses else words


def _again(claim: Claim, trace: Trace) -> tuple[str, ...]:
    now = trace.now
    if now is None:
        return ("this program finds no claim in this stretch any more",)
    if now.fingerprint == claim.fingerprint:
        differs = [
            name
            for name in ("cue", "hedged", "frames", "quantities", "proposition")
            if _differ(claim, now, name)
        ]
        return (f"found again; changed since: {', '.join(differs)}" if differs else "found again, the same",)
    return (
        f"this program finds another claim there: {now.speaker.name} ({now.stance}): "
        f"{quoted(now.quote, _SHOWN_QUOTE)}",
    )


def _differ(claim: Claim, now: Claim, name: str) -> bool:
    return bool(getattr(claim, name) != getattr(now, name))


def _versions(stored: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    if not stored:
        yield "not kept when this was found"
    for name, version in stored.items():
        current = now.get(name)
        other = f" (this program: {current})" if current is not None and current != version else ""
        yield f"{name} {version}{other}"


# ---------------------------------------------------------------- a pair


def _side(known: KnownClaim) -> str:
    claim = known.claim
    hedged = ", hedged" if claim.hedged else ""
    return (
        f"{claim.speaker.name} ({claim.stance}{hedged}), {known.article.publisher}, "
        f"{claim.said_at:%Y-%m-%d %H:%M} UTC: {quoted(claim.quote, _SHOWN_QUOTE)}"
    )


def _compared(a: Claim, b: Claim) -> Iterator[str]:
    """What of both can be held against each other."""
    none = True
    for no, yes in ((a, b), (b, a)):
        if rebuttal_key(yes.fingerprint) in no.keys and rebuttal_key(yes.fingerprint) in yes.keys:
            none = False
            yield f"in the article {no.speaker.name} speaks against what {yes.speaker.name} says there"
    for use in a.frames:
        for other in b.frames:
            if use.frame == other.frame:
                none = False
                yield f"{_use(use)} against {_use(other)}"
    for one in a.quantities:
        for number in b.quantities:
            if one.unit == number.unit:
                none = False
                yield f"{_number(one, a)} against {_number(number, b)}"
    if none:
        left, right = (quoted(claim.proposition, _SHOWN_QUOTE) for claim in (a, b))
        yield f"no frame and no unit in common: {left} against {right}"


def _compared_again(pair: Contradiction, again: Sequence[Contradiction]) -> str:
    if not again:
        return "compared by themselves, this program finds nothing between the two"
    now = again[0]
    same = (now.comparator, now.kind, now.grade, now.relation) == (
        pair.comparator,
        pair.kind,
        pair.grade,
        pair.relation,
    )
    if same:
        return "found again, the same"
    return (
        f"now: {now.relation} of kind {now.kind}, {now.grade}, by comparator {now.comparator}: {now.reason}"
    )
