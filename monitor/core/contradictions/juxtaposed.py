"""Two accounts that a report sets side by side: 'All notes were encrypted, the chief executive said.
"Plain text, every line of it," said the head of security.'

Half of all conflicts share no word, but reporters put rival accounts next to each other, in one paragraph,
with nothing claimed between them (docs/claims.md has the figures). Standing there is most of the evidence;
how the second one is introduced and what the two say adds to it or takes from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from monitor.core.contradictions.camps import is_anybody, one_camp, one_voice
from monitor.core.contradictions.candidates import following
from monitor.core.contradictions.counters import only_points
from monitor.core.contradictions.likeness import Likeness
from monitor.core.contradictions.pairs import NUMBER, Finding, says_something, shown, whether
from monitor.core.contradictions.signs import is_another_account, likelihood, sets_apart, signs_of
from monitor.core.contradictions.statements import statement
from monitor.core.contradictions.subjects import Frames
from monitor.core.language_models import Scorer
from monitor.core.types import Claim, ContradictionKind, Grade, Stance
from monitor.core.wording import REBUTTAL_MARK, content_words, denies, is_cyrillic, jaccard, rebuttal_key

#: As likely as this makes a finding; less is only a place in the text.
_ENOUGH = 0.5
#: As likely as this is told to people who are on duty.
_TELLING = 0.6
# How surely a scorer must say so, and below what it speaks against it.
_CONTRARY = 0.5
_NOT_CONTRARY = 0.1
# "To guard the valley": what somebody is after is no account of anything; "to have guarded it" is.
_AIM = re.compile(r"(?i)to (?!have\b|be\b)\w")
# "The office advises parents to keep the receipts": nor is this.
_ADVICE = re.compile(r"(?i)\b(?:advis|urg|recommend|encourag)\w* (?:\w+ ){1,3}(?:not )?to\b")
# "See for yourself": nor is a challenge.
_CHALLENGE = re.compile(
    r"(?i)\W*(?:look|see|ask|show|go|come|tell|let|wait|смотрите|спросите|пусть)\b(?! \w+ed\b)"
)
# From here on two contents say one thing, where no negation and no number tells them apart.
_THE_SAME = 0.55
_SAME_WORDS = 0.5


def compare_juxtaposed(a: Claim, b: Claim, known: Frames) -> Finding | None:
    """A finding where two camps speak right after one another in one paragraph, with signs enough."""
    if not (says_something(a) and says_something(b)) or a.setting is None or b.setting is None:
        return None
    if any(_AIM.match(c.quote) or _ADVICE.search(c.quote) or _CHALLENGE.match(c.quote) for c in (a, b)):
        return None
    if a.setting.place > b.setting.place:
        a, b = b, a
    if only_points(a) or not _side_by_side(a, b):
        # What is said right after a bare denial is hardly ever against it.
        return None
    likeness = known.likeness.between(a, b)
    if _agree(a, b, likeness):
        return None
    signs = signs_of(a, b, likeness)
    heard = known.likeness.contradicting(a, b)
    score = likelihood(signs, _voice(heard))
    if score < _ENOUGH:
        return None
    told = [sign.words for sign in signs if sign.words]
    telling = _voice(heard) > 0 or any(sign.words and sign.tells for sign in signs)
    if _voice(heard) > 0:
        told.append(f"the model {known.likeness.scorer} reads them as contradicting (score {heard:.2f})")
    return Finding(
        kind=ContradictionKind.DENIAL if b.stance is Stance.DENY else ContradictionKind.OTHER,
        # Where nothing but their place speaks for a conflict, nobody is woken: in stories full of conflicts
        # two of three such pairs are right, in ordinary news hardly any.
        grade=Grade.MEDIUM if score >= _TELLING and telling else Grade.SOFT,
        score=score,
        reason=f"Side by side in one report: {a.speaker.name} says {shown(a)}, "
        f"{b.speaker.name} says {shown(b)}{''.join(f'; {words}' for words in told)}.",
        about="",
        disputed=whether(a),
        announced=is_another_account(b),
    )


def heard_beside(
    claims: Iterable[Claim], likeness: Likeness, scorer: Scorer, *, languages: str, cap: int
) -> Likeness:
    """The likeness with the scorer's word on neighbours that may be in conflict; a scorer takes tens of
    milliseconds a pair, so it comes before any lock. At most `cap` pairs, the most alike first.

    A contradiction holds both ways round: both are asked, and the lower score counts. A scorer that is not
    local is asked nothing: nobody outside is to read all of this.
    """
    if not scorer.is_local:
        return likeness
    pairs = {
        (statement(a), statement(b)): likeness.between(a, b) or 0.0
        for a, b in following(claims)
        if says_something(a)
        and says_something(b)
        and _side_by_side(a, b)
        and ("ru" if is_cyrillic(a.proposition + b.proposition) else "en") in languages
    }
    asked = sorted(pairs, key=lambda pair: (-pairs[pair], pair))[:cap]
    scores = zip(scorer.score(asked), scorer.score([pair[::-1] for pair in asked]), strict=True)
    contrary = {
        pair: min(one, other)
        for pair, (one, other) in zip(asked, scores, strict=True)
        if one is not None and other is not None
    }
    return replace(likeness, contrary=contrary, scorer=scorer.name)


def side_by_side(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Those that may be compared here, in no order: all whose likeness will be asked for."""
    pairs = (pair for pair in following(claims) if _side_by_side(*pair))
    return tuple({claim.fingerprint: claim for pair in pairs for claim in pair}.values())


def _side_by_side(a: Claim, b: Claim) -> bool:
    if is_anybody(a) or is_anybody(b) or not neighbours(a, b) or _is_against_another(b, a):
        return False
    return not one_camp(a, b) or _is_split(a, b)


def _is_split(a: Claim, b: Claim) -> bool:
    """'His deputy disagreed': two of one side, and the report sets one against the other."""
    return not one_voice(a, b) and sets_apart(a, b)


def _is_against_another(denial: Claim, claim: Claim) -> bool:
    """'The port dismissed the pilot's charge': whatever stands before it, it is against the pilot."""
    denied = {k for k in denial.keys if k.startswith(REBUTTAL_MARK)} - {rebuttal_key(denial.fingerprint)}
    return bool(denied) and rebuttal_key(claim.fingerprint) not in denied


def _agree(a: Claim, b: Claim, likeness: float | None) -> bool:
    """They say the same, in the same or in other words."""
    if denies(a) != denies(b) or set(NUMBER.findall(a.quote)) != set(NUMBER.findall(b.quote)):
        return False
    words = jaccard(content_words(a.proposition), content_words(b.proposition))
    return words >= _SAME_WORDS or (likeness is not None and likeness >= _THE_SAME)


def _voice(contrary: float | None) -> float:
    """What a scorer's word adds, in log odds: with it alike contents are told, without it only listed."""
    if contrary is None:
        return 0.0
    return 1.2 if contrary >= _CONTRARY else -0.2 if contrary < _NOT_CONTRARY else 0.0


def neighbours(a: Claim, b: Claim) -> bool:
    """Whether nothing is claimed between them, in one paragraph of one text."""
    x, y = a.setting, b.setting
    return (
        x is not None
        and y is not None
        and (a.version_id, a.field) == (b.version_id, b.field)
        and x.paragraph == y.paragraph
        and abs(x.place - y.place) == 1
    )
