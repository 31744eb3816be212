"""Roles that one side leaves open (`open` in a frame file): 'no force was used' is said of everybody whom the
report names, and 'nobody told us' of whoever speaks.
"""

from __future__ import annotations

from functools import lru_cache

from monitor.core.types import Claim, Frame, FrameUse
from monitor.core.wording import WORD, stem, word_set

# Who answers for a body by the word for his office: "the minister: we were never told".
_BODY_OF = {
    stem(word): stem(row.split()[0])
    for row in (
        "ministry minister",
        "police policeman officer",
        "government premier",
        "family mother father widow wife brother sister son daughter husband parent relative",
        "министерство министр замминистра",
        "семья мать отец вдова жена брат сестра сын дочь муж родственник родные близкие",
    )
    for word in row.split()
}
# Between "the" and a name: what a name may be one of.
_LIGHT = word_set("the a an of in at all every each her his their its our my other another")


#: Fills a role that a phrase leaves to whoever speaks: "no call was received".
SPEAKER = "speaker"


def leaves_open(claim: Claim, use: FrameUse, frame: Frame) -> bool:
    """Whether the use says of nobody but, perhaps, its speaker."""
    speaker = claim.speaker
    told = {filler for role, filler in use.roles if role in frame.open and filler}
    return told <= {speaker.entity or speaker.side or speaker.name, SPEAKER}


def may_be_one(a: Claim, b: Claim, x: FrameUse, y: FrameUse, frame: Frame) -> bool:
    """Whether two uses of one report, one or both of which leave it open, may be of the same people."""
    left, right = _named(x, frame), _named(y, frame)
    if any(not named and use.roles for named, use in ((left, x), (right, y))):
        # "Nobody told them of the leak": whom, is not said.
        return False
    if not left or not right:
        return True
    if left & right - {SPEAKER}:
        return True
    return (leaves_open(a, x, frame) and _speaks_for(a, right, frame)) or (
        leaves_open(b, y, frame) and _speaks_for(b, left, frame)
    )


def one_of_a_kind(x: FrameUse, y: FrameUse, frame: Frame) -> bool:
    """Whether one names somebody, and the other the kind of people that he may be one of: 'Moran was beaten',
    'no detainee was beaten'.
    """
    kinds = {word for row in frame.same for word in row}
    return any(
        any(f[:1].isupper() for f in some) and any(kinds & set(f.casefold().split()) for f in of_kind)
        for some, of_kind in ((_named(x, frame), _named(y, frame)), (_named(y, frame), _named(x, frame)))
    )


def _named(use: FrameUse, frame: Frame) -> frozenset[str]:
    return frozenset(filler for role, filler in use.roles if role in frame.open and filler)


def _speaks_for(claim: Claim, others: frozenset[str], frame: Frame) -> bool:
    """Whether those whom the other side names are whom the speaker may mean by "us", as far as a word tells:
    'the ministry was told' – 'nobody called her ministry'; 'all workers were told' – 'nobody told us'.
    """
    told = _stems(f"{claim.speaker.name} {claim.speaker.surface} {claim.quote}")
    kinds = {word for row in frame.same for word in row}
    of_a_name = len(claim.speaker.name.split()) > 1 and claim.speaker.name.istitle()
    return any(
        bool(_stems(filler) & told) or (of_a_name and bool(kinds & set(filler.casefold().split())))
        for filler in others
    )


@lru_cache(maxsize=10_000)  # each claim is compared with many
def _stems(text: str) -> frozenset[str]:
    words = (w for w in WORD.findall(text.casefold()) if w not in _LIGHT)
    return frozenset(_BODY_OF.get(stem(word), stem(word)) for word in words)
