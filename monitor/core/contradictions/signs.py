"""What speaks for a conflict between two voices that stand side by side, and what against one: a table.

Each sign is something that reporters write where they set rival accounts against each other, or where they go
on in one direction. No sign decides alone; the weights add up (juxtaposed.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from monitor.core.contradictions.camps import in_person, names_of, titles_of
from monitor.core.facts import NOTHING, facts_of
from monitor.core.types import Claim, ClaimKind, Stance
from monitor.core.wording import WORD, content_words, denies, stem

# Code points around the second claim that introduce it.
_INTRODUCED = 90
_ACCOUNT = (
    r"(?:stor(?:y|ies)|accounts?|versions?|pictures?|figures?|tales?|reasons?|explanations?|dates?|numbers?|"
    r"totals?|views?|causes?|counts?|tall(?:y|ies)|recollections?|answers?)"
)
_CONTRAST = re.compile(
    rf"(?i)\b(?:but|however|although|though|yet|while|whereas|instead|until (?:then|now|recently)|"
    rf"by contrast|on the contrary|in fact|a different {_ACCOUNT}|not so|"
    r"но|однако|между тем|тем временем|хотя|тогда как|напротив|на самом деле|иначе|другую версию)\b"
)
# Joins two clauses, and not always the two claims.
_JOINING = frozenset(["but", "although", "though", "yet", "while", "whereas", "но", "хотя"])
# Says of itself that it is another account.
_CONTRARY = re.compile(
    rf"(?i)\bcontradict\w*|\b(?:different|another|rival|conflicting|opposite) {_ACCOUNT}\b|"
    r"\bthe opposite\b|\bdisagree[ds]?\b|"
    r"\b(?:remember|recall|tell|told|see|saw|describe|put)(?:s|d|ed)? (?:it|things|this|that) differently\b|"
    r"\b(?:has|have|had) it (?:differently|otherwise)\b|"
    r"\b(?:not|n't) (?:how|what|the way) \w+(?: \w+){0,6} (?:remember|recall|see|saw|say|tell|told)\w*\b|"
    r"\bon the contrary\b|\bdisput(?:ed?|es|ing) (?:that|this|it)\b|\bbegs? to differ\b|"
    r"\b(?:другую|иную|другое|другие) (?:версию|картину|причину|цифру|число|дату|цифры|данные)|"
    r"\bиначе\b|\bпротивополож\w+|\bнапротив\b|\bне соглас\w+"
)
_DISPUTE = re.compile(
    r"(?i)\b(?:disput|contradict|den(?:y|ies|ied)|reject|dismiss|insist|refut|rebut|rebuff|disagree|"
    r"counter(?:ed|s)|retort|hit back|blunt|bristl|shakes? h(?:is|er)|scoff|laugh|nonsense|rubbish|"
    r"опроверг|отверг|отриц|возра[зж]|оспор|не согла[сш]|парировал|настаива|чушь|неправд)\w*"
)
# The reporter vouches for nothing: seldom used of what nobody disputes.
_DISTANCE = re.compile(
    r"(?i)\b(?:claim(?:s|ed|ing)?|maintain(?:s|ed)?|swears?|swore|asserts?|contends?|"
    r"утвержда(?:ет|ют|л|ла|ли)|уверя(?:ет|ют|л|ла|ли))\b"
)
#: The second voice goes on in the direction of the first.
AGREEMENT = re.compile(
    r"(?i)\b(?:also|added?|adds|adding|too|as well|separately|confirm\w*|agree[sd]?|echo\w*|support(?:s|ed)|"
    r"one of (?:them|whom)|among them|"
    r"likewise|similarly|explain\w*|back(?:s|ed)(?: up)?|endors\w+|sid(?:es|ed) with|stood by|stands by|"
    r"(?:came|come|comes) to (?:\w+ )?(?:help|aid|defen[cs]e|rescue)|asked (?:about|whether|if)|for example|"
    r"также|також|тоже|добав\w+|подтвер\w+|уточн\w+|пояснил\w*|согласил\w*|поддержал\w*)\b"
)
# "The yard denies it too".
_AS_WELL = re.compile(r"(?i)\b(?:too|as well|тоже|также)\W*$")
# Denies flatly, and points back at what was said: "nothing of the sort", "not one such report".
_NONE_SUCH = re.compile(
    r"(?i)\b(?:nothing|anything|no \w+|not one) of the (?:kind|sort)\b|\b(?:no|not one|any) such\b|"
    r"\bничего подобного\b|\bникак(?:их|ого|ой) таки[хмй]\b"
)
_FLATLY = re.compile(
    r"(?i)^\W*(?:no|none|there (?:was|were|is|are|had been) no)\b|"
    r"\b(?:never|not (?:one|a single)|nobody|no one|nothing|none of)\b|"
    r"\bни (?:один|одна|одного|одной|разу)\b|\b(?:никто|никогда|ничего)\b"
)
# "The cook, a woman of 51".
_SOMEBODY = re.compile(r"(?i)\b(?:the|his|her|its|their) (\w{4,})")
# What somebody wishes, plans or praises is no account of anything.
_OPINION = re.compile(
    r"(?i)\b(?:proud|hopes?|hoped|believes?|great|good|bad|better|best|must|should|would|will|wants?|wanted|"
    r"expects?|expected|планиру\w+|надее\w+|долж(?:ен|на|ны|но)|хорош\w+|будет|будут)\b"
)
# "…, his agency said; he says …": one sentence for both.
_ONE_SENTENCE = re.compile(r";\s[^;.]{0,90}$")
SENTENCE_END = re.compile(r"[.;!?][”»\"]?(?:\s|$)")
# Cut out of its sentence, or with somebody's saying left in it: it says nothing whole, as far as words tell.
_FRAGMENT = re.compile(
    r"^(?:to|was|were|is|are|had|has|have|been|being|remains?|remained)\b|"
    r"\b(?:he|she|they|it) (?:said|says|told|added|adds|wrote|claimed|insisted)\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """Something about two neighbours that speaks for a conflict, or against one."""

    name: str
    weight: float
    # In words, for the reason; empty for what speaks against.
    words: str = ""
    # Enough, where the score is, to tell people who are on duty.
    tells: bool = True
    # Enough to hold two of one side against each other.
    splits: bool = False
    # The first claim, the second, what introduces the second.
    holds: Callable[[Claim, Claim, str], bool]


def signs_of(a: Claim, b: Claim) -> tuple[Sign, ...]:
    """The signs that hold of two claims, a before b in the text, in the order of the table."""
    brought_in = introduction(b)
    return tuple(sign for sign in SIGNS if sign.holds(a, b, brought_in))


def introduction(claim: Claim) -> str:
    """The words around a claim that bring it in: 'But X insisted that', '," said X, bluntly'."""
    if claim.setting is None:
        return ""
    # What comes after the sentence brings in somebody else.
    after = SENTENCE_END.split(claim.setting.after[:_INTRODUCED], maxsplit=1)[0]
    return f"{claim.setting.before[-_INTRODUCED:]} {after}"


def _contrasted(a: Claim, b: Claim, brought_in: str) -> bool:
    """Whether a word such as "but" stands between the two, and not between the second and what comes before
    it in its own sentence.
    """
    found = _CONTRAST.search(brought_in)
    if found is None or found.group().casefold() not in _JOINING:
        return found is not None
    # The first claim stands right before these words, in the same sentence or in the one before.
    *sentences, clause = SENTENCE_END.split(brought_in[: found.start()])
    return not sentences or not clause.strip(" “”«»\"'")


def _opposed(a: Claim, b: Claim, brought_in: str) -> bool:
    shared = content_words(a.proposition) & content_words(b.proposition)
    return bool(shared) and denies(a) != denies(b)


def _disputes(a: Claim, b: Claim, brought_in: str) -> bool:
    return b.stance is Stance.DENY or _DISPUTE.search(f"{brought_in} {b.cue}") is not None


def _agrees(a: Claim, b: Claim, brought_in: str) -> bool:
    said = f"{brought_in} {b.cue}"
    return b.stance is Stance.CONFIRM or (AGREEMENT.search(said) or _AS_WELL.search(b.quote)) is not None


def _speaks_of(a: Claim, b: Claim, brought_in: str) -> bool:
    """Whether the first claim is about who makes the second: 'the cook was sent home'."""
    named = {stem(word) for word in WORD.findall(a.quote) if word[:1].isupper()}
    called = {stem(word) for word in _SOMEBODY.findall(a.quote)}
    return bool(named & names_of(b) or called & titles_of(b))


def _other_times(a: Claim, b: Claim, brought_in: str) -> bool:
    return bool(a.times and b.times) and not any(x.meets(y) for x in a.times for y in b.times)


def _other_figures(a: Claim, b: Claim, brought_in: str) -> bool:
    """Figures of one thing, and none in common."""
    return any(p.unit == q.unit for p in a.quantities for q in b.quantities) and not any(
        p.value == q.value for p in a.quantities for q in b.quantities
    )


def _opinion(a: Claim, b: Claim, brought_in: str) -> bool:
    return _OPINION.search(a.quote) is not None or _OPINION.search(b.quote) is not None


def _denies_flatly(a: Claim, b: Claim, brought_in: str) -> bool:
    """The second says that there was nothing of a kind, and the first tells of something."""
    said, none = ([fact.aspect == NOTHING for fact in facts_of(claim)] for claim in (a, b))
    flat = any(none) or _FLATLY.search(b.quote) is not None
    return flat and not any(said) and not denies(a)


def _narrated(claim: Claim) -> bool:
    # What goes on after a semicolon has no cue of its own: as often as not the outlet says it.
    return claim.kind is ClaimKind.OWN_VOICE or not claim.cue


#: What is asked of two neighbours, in the order of the reason; the weights add up. One row adds a sign.
SIGNS = (
    Sign(
        name="contrary",
        weight=0.1,
        words="the second is told as another account",
        splits=True,
        holds=lambda a, b, brought_in: _CONTRARY.search(brought_in) is not None,
    ),
    Sign(
        name="contrast",
        weight=0.1,
        words="the report sets them against each other",
        tells=False,
        holds=_contrasted,
    ),
    Sign(
        name="dispute",
        weight=0.2,
        words="the second is said against the first",
        splits=True,
        holds=_disputes,
    ),
    Sign(name="opposed", weight=0.15, words="one affirms and the other denies", holds=_opposed),
    Sign(
        name="none_such",
        weight=0.3,
        words="the second says there was nothing of the kind",
        splits=True,
        holds=lambda a, b, brought_in: _NONE_SUCH.search(b.quote) is not None,
    ),
    Sign(
        name="flatly",
        weight=0.15,
        words="the second denies flatly",
        holds=_denies_flatly,
    ),
    Sign(
        name="one_sentence",
        weight=0.1,
        words="one sentence sets them beside each other",
        holds=lambda a, b, brought_in: (
            b.setting is not None and _ONE_SENTENCE.search(b.setting.before) is not None
        ),
    ),
    Sign(
        name="answers",
        weight=0.1,
        words="the first speaks of who says the second",
        tells=False,
        holds=_speaks_of,
    ),
    Sign(
        name="distance",
        weight=0.2,
        words="the report vouches for neither",
        holds=lambda a, b, brought_in: _DISTANCE.search(f"{brought_in} {b.cue}") is not None,
    ),
    Sign(name="figures", weight=0.05, words="they give different figures", tells=False, holds=_other_figures),
    Sign(name="times", weight=0.1, words="they name different times", holds=_other_times),
    Sign(
        name="one_thing",
        weight=0.1,
        words="they speak of one thing",
        tells=False,
        holds=lambda a, b, brought_in: bool(content_words(a.proposition) & content_words(b.proposition)),
    ),
    Sign(name="in_person", weight=0.05, holds=lambda a, b, brought_in: in_person(a) and in_person(b)),
    Sign(name="own_words", weight=0.05, holds=lambda a, b, brought_in: b.kind is ClaimKind.DIRECT),
    # Counts that conflict have a comparator of their own; most others are of different things.
    Sign(name="counts", weight=-0.1, holds=lambda a, b, brought_in: bool(b.quantities)),
    # The outlet tells on: what it says next is seldom meant against the speaker before.
    Sign(name="told_second", weight=-0.6, holds=lambda a, b, brought_in: _narrated(b)),
    Sign(name="told_first", weight=-0.6, holds=lambda a, b, brought_in: _narrated(a)),
    Sign(name="opinion", weight=-0.1, holds=_opinion),
    Sign(name="hedged", weight=-0.3, holds=lambda a, b, brought_in: a.hedged or b.hedged),
    Sign(
        name="fragment",
        weight=-0.15,
        holds=lambda a, b, brought_in: any(_FRAGMENT.search(claim.quote) for claim in (a, b)),
    ),
    Sign(
        name="no_clause",
        weight=-0.3,
        holds=lambda a, b, brought_in: any(c.setting is not None and not c.setting.whole for c in (a, b)),
    ),
    Sign(name="denied_first", weight=-0.15, holds=lambda a, b, brought_in: a.stance is Stance.DENY),
    Sign(name="agrees", weight=-0.4, holds=_agrees),
)
