"""What somebody says in their own words right after a denial that only points back: 'The port rejected that
account. "Our cranes stood still all night," it said.'

The bare denial tells readers nothing; what follows it is the other side.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from monitor.core.contradictions.camps import one_camp, one_voice
from monitor.core.contradictions.pairs import says_something
from monitor.core.contradictions.signs import SENTENCE_END
from monitor.core.types import Claim, ClaimKind, Stance
from monitor.core.wording import content_words, denies

# "Let her bring a receipt": a challenge is no account.
_CALLS_FOR = re.compile(r"(?i)\W*(?:let|пусть|пускай)\b")
# "Swept the story aside": the verb's own; "called the charge a lie", "both claims false": no more than "no".
_PARTICLES = content_words(
    """
    aside away call calls called describe describes described both these lie lies false untrue nonsense
    rubbish slander fabrication invention baseless groundless unfounded untruth joke absurd
    назвать назвал назвала назвали ложь ложью ложным ложными неправда неправдой выдумка выдумкой
    """
)
# "Dismissed the charge": whatever that was.
_POINTERS = content_words(
    """
    accusation accusations allegation allegations claim claims charge charges report reports rumour rumours
    suggestion suggestions insinuation insinuations assertion assertions account accounts story stories
    version versions reproach reproaches
    обвинение обвинения утверждение утверждения сообщение сообщения слухи упрёк упрёки версия версии
    """
)
# "As a nursery tale", ': "Rubbish"'.
_EPITHET = re.compile(r"(?i)\bas (?=[“\"«]|an? |the |being |mere |pure |sheer |\w+$)|[“\"«:]|\bкак\b")
_WHEN = re.compile(
    r"(?i)\b(?:with)?in (?:the |an? )?(?:\w+ )?(?:minutes?|hours?|days?)\b|\b(?:on )?\w+day\b|\b\w+ly\b|"
    r"\bat once\b|\b(?:last|the same) (?:night|evening|day|week)\b"
)
# Words that a denial has where it says nothing of its own: "rejected", "account".
_BARE_WORDS = 2
# And a charge: "accused", "guild", "fire".
_CHARGE_WORDS = 4


def is_bare(claim: Claim) -> bool:
    """Whether the claim says that something is denied and nothing else, or next to nothing: 'dismissed the
    charge on Monday as "a nursery tale"'.
    """
    return _is_denial(claim) and len(_own(claim)) <= _BARE_WORDS


def _is_bare_charge(claim: Claim) -> bool:
    """Whether it says who is accused, and hardly of what: 'blamed the guild for the fire'."""
    return (
        claim.stance is Stance.ACCUSE
        and claim.kind is ClaimKind.INDIRECT
        and len(_own(claim)) <= _CHARGE_WORDS
    )


def only_points(claim: Claim) -> bool:
    """Whether it does not even name what is denied: 'rejected the charge', not 'denied a part in it all'."""
    return _is_denial(claim) and len(_own(claim) - _POINTERS) < _BARE_WORDS


def _is_denial(claim: Claim) -> bool:
    return claim.stance is Stance.DENY and claim.kind is not ClaimKind.DIRECT


def _own(claim: Claim) -> frozenset[str]:
    # What stands before the verb says who denies, what it is called tells nothing of the matter.
    told = claim.quote[max(0, claim.quote.find(claim.cue)) :]
    own = content_words(_WHEN.sub(" ", _EPITHET.split(told, maxsplit=1)[0]))
    return own - _PARTICLES - content_words(f"{claim.speaker.name} {claim.speaker.surface}")


def with_own_words(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """The claims of one article, in order; what somebody says right behind a bare denial or charge of theirs
    tells of the same: "Tessara accused the guild of the raid. “They came by night,” its spokesman said."
    """
    told_of = {}
    for bare in claims:
        own = in_own_words(bare, claims) if bare.frames else None
        if own is None or not (own.kind is ClaimKind.DIRECT or _is_bare_charge(bare) or denies(own)):
            # What follows without marks may be about something else.
            continue
        if not {use.frame for use in own.frames} & {use.frame for use in bare.frames}:
            frames = (*own.frames, *bare.frames)
            keys = dict.fromkeys((*own.keys, *(key for key in bare.keys if key.startswith("f|"))))
            told_of[own.fingerprint] = replace(own, frames=frames, keys=tuple(keys))
            told_of[bare.fingerprint] = replace(bare, frames=())
    return tuple(told_of.get(claim.fingerprint, claim) for claim in claims)


def in_own_words(bare: Claim, claims: Iterable[Claim], against: Claim | None = None) -> Claim | None:
    """The claim that follows a bare denial or charge and speaks for the same side, in its paragraph or, as a
    quotation, at the start of the next; None: none does. `claims` are those of the article; with `against`,
    the other side, words of the report must have something to do with that.
    """
    here, charges = bare.setting, _is_bare_charge(bare)
    if here is None or not (charges or is_bare(bare)):
        return None
    for claim in claims:
        place = claim.setting
        if (
            place is not None
            and (claim.version_id, claim.field) == (bare.version_id, bare.field)
            and place.place == here.place + 1
            and (place.paragraph == here.paragraph or _opens_the_next(bare, claim))
            and says_something(claim)
            and claim.kind is not ClaimKind.OWN_VOICE
            and not is_bare(claim)
            and not _CALLS_FOR.match(claim.quote)
            and (one_camp(bare, claim) or _goes_on(claim))
            and (not charges or _goes_on(claim) or place.before.strip() == ":")
            # What follows without marks may be about something else.
            and (claim.kind is ClaimKind.DIRECT or charges or _speaks_of_it(bare, claim, against))
        ):
            return claim
    return None


def _opens_the_next(bare: Claim, claim: Claim) -> bool:
    """'Ms Vale disputed this.', and the next paragraph begins: '"Nobody was asked," Ms Vale said.'"""
    here, place = bare.setting, claim.setting
    if here is None or place is None or claim.kind is not ClaimKind.DIRECT or not one_voice(bare, claim):
        return False
    return place.paragraph == here.paragraph + 1 and not content_words(place.before)


def _speaks_of_it(bare: Claim, claim: Claim, against: Claim | None) -> bool:
    """Whether it denies something itself, or has a word in common with what is denied."""
    if _EPITHET.search(bare.quote):
        return False
    if against is None or denies(claim):
        return True
    return bool(content_words(against.proposition) & content_words(claim.proposition))


def _goes_on(claim: Claim) -> bool:
    """Whether it is a quotation, and no sentence before it brings in somebody else."""
    before = claim.setting.before if claim.setting is not None else ""
    return claim.kind is ClaimKind.DIRECT and len(SENTENCE_END.findall(before)) <= 1
