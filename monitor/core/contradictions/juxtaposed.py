"""Two accounts that a report sets side by side: 'All notes were encrypted, the chief executive said.
"Plain text, every line of it," said the head of security.'

Half of all conflicts share no word, but reporters put rival accounts next to each other, in one paragraph,
with nothing claimed between them (docs/claims.md has the figures). Standing there is most of the evidence;
how the second one is introduced and what the two say adds to it or takes from it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from monitor.core.contradictions.camps import one_camp
from monitor.core.contradictions.candidates import following
from monitor.core.contradictions.pairs import NUMBER, Finding, says_something, shown, whether
from monitor.core.contradictions.subjects import Frames
from monitor.core.types import Claim, ClaimKind, ContradictionKind, Grade, Stance
from monitor.core.wording import content_words, denies, jaccard

#: At least so much makes a finding; less is only a place in the text.
_ENOUGH = 0.55
#: At least so much is told to people who are on duty.
_TELLING = 0.7
# Code points around the second claim that introduce it.
_INTRODUCED = 90

_CONTRAST = re.compile(
    r"(?i)\b(?:but|however|although|though|yet|while|whereas|instead|until (?:then|now|recently)|by contrast|"
    r"on the contrary|in fact|a different (?:story|account|version|picture)|not so|"
    r"но|однако|между тем|тем временем|хотя|тогда как|напротив|на самом деле|иначе|другую версию)\b"
)
# Says of itself that it is another account: this reaches over a paragraph's end.
_CONTRARY = re.compile(
    r"(?i)\bcontradict\w*|\b(?:different|another|rival) (?:story|account|version|picture|figure)s?\b|"
    r"\bthe opposite\b|"
    r"\b(?:remember|recall|tell|told|see|saw|describe)(?:s|d|ed)? (?:it|things|this|that) differently\b|"
    r"\bon the contrary\b|\bdisput(?:ed?|es|ing) (?:that|this|it)\b|\bbegs? to differ\b|"
    r"\b(?:другую|иную) (?:версию|картину)|\bиначе\b|\bпротивополож\w+|\bнапротив\b"
)
_DISPUTE = re.compile(
    r"(?i)\b(?:disput|contradict|den(?:y|ies|ied)|reject|dismiss|insist|refut|rebut|rebuff|disagree|"
    r"counter(?:ed|s)|retort|hit back|blunt|bristl|shakes? h(?:is|er)|scoff|laugh|"
    r"опроверг|отверг|отриц|возра[зж]|оспор|не согла[сш]|парировал|настаива)\w*"
)
#: The second voice goes on in the direction of the first.
AGREEMENT = re.compile(
    r"(?i)\b(?:also|added?|adds|adding|too|as well|separately|confirm\w*|agree[sd]?|echo\w*|support(?:s|ed)|"
    r"likewise|similarly|explain\w*|back(?:s|ed)(?: up)?|endors\w+|asked (?:about|whether|if)|for example|"
    r"також|также|тоже|добав\w+|подтвер\w+|уточн\w+|пояснил\w*|согласил\w*|поддержал\w*)\b"
)
_POINTS_BACK = re.compile(
    r"(?i)^\W*(?:it|they|there|that|this|these|those|no|not|never|nobody|nothing|none|every|all|"
    r"это|там|их|все|ни|не|никто|никаких|ничего|никогда)\b"
)


_SENTENCE_END = re.compile(r"[.;!?](?:\s|$)")
# Cut out of its sentence, or with somebody's saying left in it: it says nothing whole.
_FRAGMENT = re.compile(
    r"^(?:to|was|were|is|are|had|has|have|been|being|remains?|remained)\b|"
    r"\b(?:he|she|they|it) (?:said|says|told|added|adds|wrote|claimed|insisted)\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sign:
    """Something about two neighbours that speaks for a conflict, or against one."""

    weight: float
    # In words, for the reason; empty for what speaks against.
    words: str
    # The first claim, the second, what introduces the second.
    holds: Callable[[Claim, Claim, str], bool]


def _opposed(a: Claim, b: Claim, introduction: str) -> bool:
    shared = content_words(a.proposition) & content_words(b.proposition)
    return bool(shared) and denies(a) != denies(b)


def _narrated(claim: Claim) -> bool:
    return claim.kind is ClaimKind.OWN_VOICE


#: What is asked of two neighbours, in the order of the reason; the weights add up. One row adds a sign.
_SIGNS = (
    _Sign(
        weight=0.3,
        words="the second is told as another account",
        holds=lambda a, b, introduction: _CONTRARY.search(introduction) is not None,
    ),
    _Sign(
        weight=0.3,
        words="the report sets them against each other",
        holds=lambda a, b, introduction: _CONTRAST.search(introduction) is not None,
    ),
    _Sign(
        weight=0.2,
        words="the second is said against the first",
        holds=lambda a, b, introduction: (
            b.stance is Stance.DENY or _DISPUTE.search(f"{introduction} {b.cue}") is not None
        ),
    ),
    _Sign(weight=0.15, words="one affirms and the other denies", holds=_opposed),
    _Sign(
        weight=0.05,
        words="",
        holds=lambda a, b, introduction: _POINTS_BACK.search(b.quote) is not None,
    ),
    _Sign(
        weight=0.05,
        words="",
        holds=lambda a, b, introduction: bool(content_words(a.proposition) & content_words(b.proposition)),
    ),
    # The outlet tells on: what it says next is seldom meant against the speaker before.
    _Sign(weight=-0.4, words="", holds=lambda a, b, introduction: _narrated(b)),
    _Sign(weight=-0.4, words="", holds=lambda a, b, introduction: _narrated(a)),
    _Sign(weight=-0.3, words="", holds=lambda a, b, introduction: a.hedged or b.hedged),
    _Sign(
        weight=-0.15,
        words="",
        holds=lambda a, b, introduction: any(_FRAGMENT.search(claim.quote) for claim in (a, b)),
    ),
    _Sign(weight=-0.15, words="", holds=lambda a, b, introduction: a.stance is Stance.DENY),
    _Sign(
        weight=-0.4,
        words="",
        holds=lambda a, b, introduction: (
            b.stance is Stance.CONFIRM or AGREEMENT.search(f"{introduction} {b.cue}") is not None
        ),
    ),
)
_STANDING_THERE = 0.5
# How alike two contents must be to be about one thing; what no model has read needs a sign instead.
_ALIKE = 0.18
_VERY_ALIKE = 0.25
# From here on two contents say one thing, where no negation and no number tells them apart.
_THE_SAME = 0.55
_SAME_WORDS = 0.5


def compare_juxtaposed(a: Claim, b: Claim, known: Frames) -> Finding | None:
    """A finding where two camps speak right after one another in one paragraph, with signs enough."""
    if not (says_something(a) and says_something(b)) or a.setting is None or b.setting is None:
        return None
    if a.setting.place > b.setting.place:
        a, b = b, a
    if not _side_by_side(a, b):
        return None
    brought_in = introduction(b)
    likeness = known.likeness.between(a, b)
    if _agree(a, b, likeness):
        return None
    signs = [sign for sign in _SIGNS if sign.holds(a, b, brought_in)]
    score = _STANDING_THERE + _topic(likeness) + sum(sign.weight for sign in signs)
    if score < _ENOUGH:
        return None
    told = [sign.words for sign in signs if sign.words]
    return Finding(
        kind=ContradictionKind.DENIAL if b.stance is Stance.DENY else ContradictionKind.OTHER,
        # Where nothing but their place speaks for a conflict, people may look at it and are not woken.
        grade=Grade.MEDIUM if score >= _TELLING else Grade.SOFT,
        score=min(score, 0.9),
        reason=f"Side by side in one report: {a.speaker.name} says {shown(a)}, "
        f"{b.speaker.name} says {shown(b)}{''.join(f'; {words}' for words in told)}.",
        about="",
        disputed=whether(a),
    )


def side_by_side(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Those that may be compared here, in no order: all whose likeness will be asked for."""
    pairs = (pair for pair in following(claims) if _side_by_side(*pair))
    return tuple({claim.fingerprint: claim for pair in pairs for claim in pair}.values())


def _side_by_side(a: Claim, b: Claim) -> bool:
    over_paragraphs = _CONTRARY.search(introduction(b)) is not None
    return neighbours(a, b, over_paragraphs=over_paragraphs) and not one_camp(a, b)


def _agree(a: Claim, b: Claim, likeness: float | None) -> bool:
    """They say the same, in the same or in other words."""
    if denies(a) != denies(b) or set(NUMBER.findall(a.quote)) != set(NUMBER.findall(b.quote)):
        return False
    words = jaccard(content_words(a.proposition), content_words(b.proposition))
    return words >= _SAME_WORDS or (likeness is not None and likeness >= _THE_SAME)


def introduction(claim: Claim) -> str:
    """The words around a claim that bring it in: 'But X insisted that', '," said X, bluntly'."""
    if claim.setting is None:
        return ""
    # What comes after the sentence brings in somebody else.
    after = _SENTENCE_END.split(claim.setting.after[:_INTRODUCED], maxsplit=1)[0]
    return f"{claim.setting.before[-_INTRODUCED:]} {after}"


def _topic(likeness: float | None) -> float:
    """What the likeness of their contents adds."""
    if likeness is None:
        return 0.0
    return 0.2 if likeness >= _VERY_ALIKE else 0.1 if likeness >= _ALIKE else -0.1


def neighbours(a: Claim, b: Claim, *, over_paragraphs: bool = False) -> bool:
    """Whether nothing is claimed between them, in one paragraph of one text."""
    x, y = a.setting, b.setting
    return (
        x is not None
        and y is not None
        and (a.version_id, a.field) == (b.version_id, b.field)
        and (over_paragraphs or x.paragraph == y.paragraph)
        and abs(x.place - y.place) == 1
    )
