"""How much a claim gives to check and to compare, as a sum that can be read off (docs/claims.md)."""

from __future__ import annotations

from collections.abc import Container

from monitor.core.types import Claim, ClaimKind, FrameUse, Stance
from monitor.core.wording import content_words, word_set

# What every attributed statement of several words starts with.
_BASE = 0.3
_FRAME = 0.25
_NAMED_FILLER = 0.15
_QUANTITY = 0.15
_NAMED_SPEAKER = 0.1
_NAMES_SOMETHING = 0.1
_ACCUSES_OR_DENIES = 0.1
# Taken off: what nobody can check today.
# Every outlet tells the event itself: that is what articles are, not news about who claims what.
_OWN_VOICE = -0.3
_HEDGED = -0.15
_OPINION = -0.25
_PLAN = -0.2
_TOO_SHORT = -0.2
_POINTS_AWAY = -0.1
_QUESTION_AT_MOST = 0.2
_MIN_WORDS = 3

_OPINIONS = word_set(
    """
    should must ought hope hopes hoped regret sad proud glad grateful sorry important cynical terrible
    shameful outrageous wonderful believe believes feel feels wish condemn condemns condemned
    condolences deserve deserves unacceptable justify
    """
)
_PLANS = word_set("will shall would plan plans planned intend intends intended promise vow 'll ’ll going")
_POINTERS = frozenset(
    {"it", "this", "that", "they", "these", "those", "he", "she", "there", "we", "i", "you"}
)


def score_of(claim: Claim, entities: Container[str] = ()) -> float:
    """0 (nothing to check) to 1 (names who, what and how many), of a claim that is otherwise complete."""
    words = claim.proposition.split()
    low = [w.strip(".,;:“”\"'").casefold() for w in words]
    total = _BASE
    total += _FRAME * bool(claim.frames)
    total += _NAMED_FILLER * any(_has_name(use, entities) for use in claim.frames)
    total += _QUANTITY * bool(claim.quantities)
    total += _NAMED_SPEAKER * bool(claim.speaker.entity or claim.speaker.name[:1].isupper())
    total += _NAMES_SOMETHING * any(w[:1].isupper() for w in words[1:])
    total += _ACCUSES_OR_DENIES * (claim.stance in {Stance.ACCUSE, Stance.DENY})
    total += _HEDGED * claim.hedged
    total += _OWN_VOICE * (claim.kind is ClaimKind.OWN_VOICE)
    total += _OPINION * (not claim.frames and not _OPINIONS.isdisjoint(low))
    total += _PLAN * (not claim.frames and not _PLANS.isdisjoint(low))
    total += _TOO_SHORT * (not claim.frames and len(content_words(claim.proposition)) < _MIN_WORDS)
    total += _POINTS_AWAY * (low[:1] != [] and low[0] in _POINTERS and not claim.frames)
    if claim.stance in {Stance.QUESTION, Stance.RETRACT}:
        total = min(total, _QUESTION_AT_MOST)
    return round(min(1.0, max(0.0, total)), 2)


def _has_name(use: FrameUse, entities: Container[str]) -> bool:
    """Whether a role is filled by an entity or a name."""
    return any(f[:1].isupper() or any(word in entities for word in f.split()) for _, f in use.roles)
