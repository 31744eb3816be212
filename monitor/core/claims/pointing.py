"""What "the allegations" and "that account" point at: the claims that somebody else made before."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from monitor.core.claims.filling import identity
from monitor.core.claims.keys import claim_keys
from monitor.core.types import ArticleField, Claim, ClaimKind, ContradictionKind, Speaker, Stance
from monitor.core.wording import WORD, content_words, denies, rebuttal_key, stem

if TYPE_CHECKING:  # the rules read frames with this package, so it cannot need them at run time
    from monitor.core.rules import RuleSet

# Points back at something said at most so many characters before.
_REACH = 600
# "The allegation" of nobody who blames anybody: what was said right before it.
_RIGHT_BEFORE = 250
# "“…,” it added, and it put the blast at noon": one breath.
_BESIDE = 60
_ACCUSATION = re.compile(r"(?i)\b(?:accus|alleg|blam|charge|обвин)")
# Names all that somebody told, not the last thing.
_WHOLE = re.compile(r"(?i)\b(?:accounts?|story|stories|versions?|narrative|tales?|рассказ\w*|верси\w+)\b")


def explained(
    claim: Claim,
    claims: Sequence[Claim],
    owner: Speaker | None,
    about: Sequence[str],
    rules: RuleSet,
    called: Callable[[Speaker], frozenset[str]],
) -> Claim:
    """A denial that only points back ('the allegations') as a denial of what somebody else said just before.

    `owner` is whose they are, where that is said; `called` gives the article's words for a speaker. As it is
    where nothing can be meant.
    """
    if claim.frames and claim.stance is not Stance.DENY:
        return claim
    if owner is not None:
        claims = [c for c in claims if _is_of(c.speaker, owner, called)]
    meant = _meant(claim, claims, rules)
    if meant is None:
        return claim
    # A denial takes back what was asserted, never what was denied along with it.
    # How many were killed is told along the way: whoever rejects the accusation does not dispute it.
    by_id = {frame.id: frame for frame in rules.frames}
    told = (u for u in meant.frames if by_id[u.frame].kind is not ContradictionKind.NUMERIC)
    uses = claim.frames or tuple(replace(u, affirmed=False) for u in told if u.affirmed)
    against = (rebuttal_key(c.fingerprint) for c in _told_along(claim, meant, claims))
    return replace(
        claim,
        frames=uses,
        proposition=meant.proposition,
        keys=(*dict.fromkeys(against), *claim_keys(uses, (), meant.proposition, about, by_id)),
    )


def _is_of(speaker: Speaker, owner: Speaker, called: Callable[[Speaker], frozenset[str]]) -> bool:
    named = {speaker.name, speaker.entity, speaker.side} & {owner.name, owner.entity, owner.side}
    if named - {""}:
        return True
    # "The workers' story" is that of a toll worker.
    words = {stem(word) for word in WORD.findall(owner.name.casefold())}
    return bool(words) and words <= {
        stem(word) for word in (*called(speaker), *speaker.name.casefold().split())
    }


def _told_along(claim: Claim, meant: Claim, claims: Sequence[Claim]) -> list[Claim]:
    """What is denied with the claim that is meant: 'that account' is all that its speaker told there."""
    if not _WHOLE.search(claim.quote):
        return [meant]
    return [
        meant,
        *(
            c
            for c in claims
            if c is not meant
            and c.speaker.name == meant.speaker.name
            and c.field is claim.field
            and 0 <= claim.start - c.end <= _REACH
            and c.stance in {Stance.ASSERT, Stance.ACCUSE}
        ),
    ]


def _meant(claim: Claim, claims: Sequence[Claim], rules: RuleSet) -> Claim | None:
    """The claim that 'the allegations' are: the nearest before that accuses the denier, in a title or where
    none is before the first after; else the last thing that somebody else asserted right before.
    """
    others = [
        c
        for c in claims
        if c.speaker.name != claim.speaker.name
        and c.stance in {Stance.ASSERT, Stance.ACCUSE, Stance.CONFIRM}
        and not (c.frames and not any(u.affirmed for u in c.frames))
    ]
    near = [c for c in others if c.field is claim.field and abs(c.end - claim.start) <= _REACH]
    before = [c for c in near if c.end <= claim.start]
    after = [c for c in near if c.start >= claim.end]
    if claim.field is ArticleField.TITLE:
        after = [c for c in others if c.field is ArticleField.TEXT]
    if before and claim.proposition.casefold().startswith(("that ", "this ", "it ")):
        # "Called that a lie": what was said last, rather in the speaker's own words than in passing beside
        # them.
        last = max(before, key=lambda c: (c.end, -c.start))
        beside = (c for c in before if c.speaker.name == last.speaker.name and last.start - c.end <= _BESIDE)
        return max(beside, key=lambda c: (c.kind is ClaimKind.DIRECT, c.end, -c.start), default=last)
    if claim.field is ArticleField.TITLE:
        # "Calls bomb plot claim a fairy tale": rather the plot than another accusation of the article.
        named = content_words(claim.proposition) - content_words(claim.speaker.surface)
        after = [c for c in after if named & content_words(c.proposition)] or after
    against = [_accuses(claim.speaker, c, rules) for c in before]
    if any(against):
        return next(c for c, yes in reversed(list(zip(before, against, strict=True))) if yes)
    later = next((c for c in after if _accuses(claim.speaker, c, rules)), None)
    if later is not None:
        return later
    if _ACCUSATION.search(claim.proposition):
        guilt = frozenset(f.id for f in rules.frames if f.kind is ContradictionKind.RESPONSIBILITY)
        # "The accusation" is hardly ever a remark on something else that happens to stand before.
        before = [
            c
            for c in before
            if c.stance is Stance.ACCUSE or _blames(c, guilt) or _right_before(c, claim, guilt)
        ]
    return next((c for c in reversed(before) if claim.start - c.end <= _REACH // 2), None)


def _right_before(c: Claim, claim: Claim, guilt: frozenset[str]) -> bool:
    """Whether somebody else's word stands right before; who says "it was us" or "it was not so" accuses
    nobody.
    """
    near = claim.start - c.end <= _RIGHT_BEFORE and c.kind is not ClaimKind.OWN_VOICE and not denies(c)
    return near and not any(use.affirmed and use.frame in guilt for use in c.frames)


def _blames(claim: Claim, guilt: frozenset[str]) -> bool:
    """Whether the claim makes somebody else responsible."""
    own = {identity(claim.speaker), claim.speaker.entity, claim.speaker.name}
    return any(
        use.affirmed and use.frame in guilt and not own & {filler for _, filler in use.roles}
        for use in claim.frames
    )


def _accuses(denier: Speaker, claim: Claim, rules: RuleSet) -> bool:
    """Whether the claim says that the denier, or somebody of their side, did or was something."""
    mine = {identity(denier), denier.entity, denier.side, denier.name} - {""}
    for use in claim.frames:
        for _, filler in use.roles if use.affirmed else ():
            known = rules.entities.get(filler)
            if filler in mine or (known is not None and known.side and known.side == denier.side):
                return True
    return False
