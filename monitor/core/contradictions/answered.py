"""Said, and denied a little further on: '“They fired live rounds at us,” said the foreman', and in the next
paragraph 'none of his officers had carried live ammunition, the commander said'.

What stands right beside the other is juxtaposed.py's. Further apart nothing but the words shows that the two
are about one thing: an embedding model has to find them alike, and one of them has to say no. Over a
paragraph's end that is the second, flatly, with a word in common: reporters answer forwards. Or the next
paragraph begins with what is told as another account ("the crew remembers it differently").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from monitor.core.contradictions.camps import is_anybody, one_camp
from monitor.core.contradictions.juxtaposed import neighbours, side_by_side
from monitor.core.contradictions.pairs import Finding, says_something, shown, whether
from monitor.core.contradictions.signs import is_another_account, is_opinion, says_none
from monitor.core.contradictions.subjects import Frames, other_time
from monitor.core.contradictions.unlike import no_time_in_common, other_when
from monitor.core.types import Claim, ClaimKind, ContradictionKind, Grade, Stance
from monitor.core.wording import content_words, denies

# How alike, in one paragraph and over its end, an embedding model has to find the contents.
_ALIKE = {0: 0.45, 1: 0.5}
# And what is told as another account.
_ALIKE_ENOUGH = 0.25


def compare_answered(a: Claim, b: Claim, known: Frames) -> Finding | None:
    """A finding where one denies what another camp has said in this paragraph or the one before."""
    if a.setting is None or b.setting is None:
        return None
    if a.setting.place > b.setting.place:
        a, b = b, a
    likeness = known.likeness.between(a, b)
    if likeness is None or not _within_reach(a, b):
        return None
    another = _begins_anew(a, b)
    if likeness < (_ALIKE_ENOUGH if another else _ALIKE[_paragraphs_between(a, b)]):
        return None
    if one_camp(a, b) or other_time(a, b) or no_time_in_common(a, b) or other_when(a, b, turns=False):
        return None
    no, yes = (b, a) if another or _says_no(b) else (a, b)
    return Finding(
        kind=ContradictionKind.DENIAL,
        grade=Grade.MEDIUM,
        score=0.7,
        reason=f"{yes.speaker.name} says {shown(yes)}, and in the same part of the report "
        f"{no.speaker.name} {'gives another account' if another else 'denies something alike'}: {shown(no)}.",
        about="",
        disputed=whether(yes),
        announced=another,
    )


def likened(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Those whose likeness to another one will be asked for, in no order."""
    claims = tuple(claims)
    apart = {c.fingerprint: c for pair in within_reach(claims) for c in pair}
    return tuple((apart | {c.fingerprint: c for c in side_by_side(claims)}).values())


def within_reach(claims: Iterable[Claim]) -> Iterator[tuple[Claim, Claim]]:
    """Each two claims of one text that may be compared here, the first one first."""
    told = sorted(
        (c for c in claims if c.setting is not None), key=lambda c: (c.version_id, c.field.value, c.start)
    )
    for n, a in enumerate(told):
        for b in told[n + 1 :]:
            if (a.version_id, a.field) != (b.version_id, b.field) or _paragraphs_between(a, b) > max(_ALIKE):
                break
            if _within_reach(a, b):
                yield a, b


def _paragraphs_between(a: Claim, b: Claim) -> int:
    here, there = a.setting, b.setting
    return there.paragraph - here.paragraph if here is not None and there is not None else -1


def _within_reach(a: Claim, b: Claim) -> bool:
    if (a.version_id, a.field) != (b.version_id, b.field) or neighbours(a, b):
        return False
    if not (_is_an_account(a) and _is_an_account(b)):
        return False
    if _paragraphs_between(a, b) == 0:
        return _says_no(a) != _says_no(b)
    return _begins_anew(a, b) or (
        _paragraphs_between(a, b) == 1
        and says_none(b)
        and not _says_no(a)
        and bool(content_words(a.proposition) & content_words(b.proposition))
    )


def _begins_anew(a: Claim, b: Claim) -> bool:
    """Whether the paragraph behind the first claim begins with the second, told as another account."""
    here, there = a.setting, b.setting
    follows = here is not None and there is not None and there.place == here.place + 1
    return follows and _paragraphs_between(a, b) == 1 and is_another_account(b)


def _says_no(claim: Claim) -> bool:
    return says_none(claim) or denies(claim)


def _is_an_account(claim: Claim) -> bool:
    """Whether somebody vouches for it in words of their own: a bare denial is of what it points at."""
    return (
        says_something(claim)
        and not claim.hedged
        and not is_opinion(claim)
        and claim.stance is not Stance.DENY
        and claim.kind is not ClaimKind.OWN_VOICE
        and bool(claim.cue)
        and not is_anybody(claim)
    )
