"""What speaks for a conflict between two voices that stand side by side, and what against one: a table.

Each sign is something that reporters write where they set rival accounts against each other, or where they go
on in one direction. No sign decides alone. The weights are log odds, fitted to the neighbours in our labelled
stories (scripts/weigh_signs.py): added up, they say how often such neighbours are in conflict.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from monitor.core.contradictions.camps import in_person, one_camp
from monitor.core.contradictions.unlike import no_time_in_common
from monitor.core.facts import NOTHING, facts_of
from monitor.core.types import Claim, ClaimKind, Stance
from monitor.core.wording import content_words, denies

# Code points around the second claim that introduce it.
_INTRODUCED = 90
_ACCOUNT = (
    r"(?:stor(?:y|ies)|accounts?|versions?|pictures?|figures?|tales?|reasons?|explanations?|dates?|numbers?|"
    r"totals?|views?|causes?|counts?|tall(?:y|ies)|recollections?|answers?)"
)
_CONTRAST = re.compile(
    rf"(?i)\b(?:but|however|although|though|yet|while|whereas|instead|until (?:then|now|recently)|"
    rf"by contrast|on the contrary|in fact|a different {_ACCOUNT}|not so|"
    r"но|однако|между тем|тем временем|хотя|тогда как|напротив|на самом деле|иначе|другую версию|"
    # "Сторож же", and no "тот же", "там же".
    r"(?<!тот )(?<!того )(?<!той )(?<!том )(?<!та )(?<!те )(?<!тех )(?<!там )(?<!туда )(?<!так )(?<!то )же)\b"
)
# Joins two clauses, and not always the two claims.
_JOINING = frozenset(["but", "although", "though", "yet", "while", "whereas", "но", "хотя"])
_TELLS_RU = (
    r"(?:рассказ|говор|вспомина|помн|рису|назыв|назва|вид|выстро|излага|описыва|приводит|привод|насчит)\w*"
)
# Says of itself that it is another account.
_CONTRARY = re.compile(
    rf"(?i)\bcontradict\w*|\b(?:different|another|rival|conflicting|opposite) {_ACCOUNT}\b|"
    r"\bthe opposite\b|\bdisagree[ds]?\b|"
    r"\b(?:remember|recall|tell|told|see|saw|describe|put)(?:s|d|ed)? (?:it|things|this|that) differently\b|"
    r"\b(?:has|have|had) it (?:differently|otherwise)\b|"
    r"\b(?:not|n't) (?:how|what|the way) \w+(?: \w+){0,6} (?:remember|recall|see|saw|say|tell|told)\w*\b|"
    r"\bon the contrary\b|\bdisput(?:ed?|es|ing) (?:that|this|it)\b|\bbegs? to differ\b|"
    r"\b(?:другую|иную|другое|другие) (?:версию|картину|причину|цифру|число|дату|цифры|данные)|"
    r"\bиначе\b|\bпротивополож\w+|\bнапротив\b|\bне соглас\w+|\bобратно[ем]\b|"
    # "Рисуют иную картину", "рассказали другое", "у вдовы своя версия", "стоит на своём".
    rf"\b{_TELLS_RU} (?:\w+ )?(?:по-друг\w+|по-ин\w+|друг(?:ое|ую|ой|ие)|ин(?:ое|ую|ой|ые)|сво[йюеё]\w*)\b|"
    r"\bсво[йя] (?:сч[её]т|верси\w+|правда)\b|\bна сво[её]м\b"
)
_DISPUTE = re.compile(
    r"(?i)\b(?:disput|contradict|den(?:y|ies|ied)|reject|dismiss|insist|refut|rebut|rebuff|disagree|"
    r"counter(?:ed|s)|retort|hit back|blunt|bristl|shakes? h(?:is|er)|scoff|laugh|nonsense|rubbish|"
    r"опроверг|отверг|отриц|возра[зж]|оспор|не согла[сш]|парир|настаива|чушь|неправд|поправил|отрез|"
    r"отмахн|отмахив|возмущ|недоум|удивл|усмех|смехом|смеетс|смеётс|не хоч|вздор|выдумк|фальшивк|ложь|"
    r"развел|развёл|развод|в ответ|отвеча|ответил|показал|предъявил|положил|прислал|готов\w* показать)\w*"
)
# Of two of one side whoever insists or is curt says the same.
_CURTLY = re.compile(r"(?i)\b(?:insist|blunt|настаива|отрез)\w*")
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
_AS_WELL = re.compile(r"(?i)\b(?:too|as well|either|тоже|также)\W*$")
# Denies flatly, and points back at what was said: "nothing of the sort", "not one such report".
_NONE_SUCH = re.compile(
    r"(?i)\b(?:nothing|anything|no \w+|not one) of the (?:kind|sort)\b|\b(?:no|not one|any) such\b|"
    r"\bничего подобного\b|\bникак(?:их|ого|ой) таки[хмй]\b"
)
# When it was so, and of whom at all, is left aside where two say whether it was.
_WHEN = re.compile(
    r"(?i)\b(?:january|february|march|april|may|june|july|august|september|october|november|december|"
    r"\w+day|week|month|year|night|morning|evening|since|ever|any(?:one|body|thing|where)?|\d+\S*)\b"
)
_FLATLY = re.compile(
    r"(?i)^\W*(?:no|none|there (?:was|were|is|are|had been) no)\b|"
    r"\b(?:never|not (?:one(?! that\b)|a single)|nobody|no one|nothing|none of)\b|"
    r"\bни (?:один|одна|одного|одной|разу)\b|\b(?:никто|никогда|ничего)\b"
)
# What somebody wishes, plans or praises is no account of anything.
_OPINION = re.compile(
    r"(?i)\b(?:proud|hopes?|hoped|believes?|great|good|bad|better|best|must|should|would|will|wants?|wanted|"
    r"expects?|expected|планиру\w+|надее\w+|долж(?:ен|на|ны|но)|хорош\w+|будет|будут)\b"
)
# "Norvik must be punished if it was behind the raid" does not say that it was.
_IF = re.compile(r"(?i)\b(?:if|unless|whether|если|ли)\b")
# "Yes, twice".
_YES_OR_NO = re.compile(r"^\W*(\w+)(?:, \w+)?\W*$")
_ANSWERS = ({"yes", "no"}, {"yes", "never"}, {"да", "нет"})
# "…, his agency said; he says …": one sentence for both.
_ONE_SENTENCE = re.compile(r";\s[^;.]{0,90}$")
# ", a number that Ms Vale has disputed", ", contradicting his own office".
_BY_OTHERS = re.compile(
    r"(?i)\bcontradict(?:ing|s|ed)? (?:his|her|its|their) own\b|"
    r"\b(?:has|have|had|been|was|were|is|are) (?:\w+ )?"
    r"(?:contradicted|disputed|denied|rejected|dismissed|challenged)\b"
)
SENTENCE_END = re.compile(r"[.;!?][”»\"]?(?:\s|$)")
# Contents that an embedding model finds at least so alike speak of one thing.
_ALIKE = 0.18
_SPOKESPEOPLE = frozenset(["spokesman", "spokeswoman", "spokesperson"])
# Cut out of its sentence, or with somebody's saying left in it: it says nothing whole, as far as words tell.
_FRAGMENT = re.compile(
    r"^(?:to|was|were|is|are|had|has|have|been|being|remains?|remained)\b|"
    r"\b(?:he|she|they|it) (?:said|says|told|added|adds|wrote|claimed|insisted)\b"
)


@dataclass(frozen=True, slots=True)
class Beside:
    """Two claims with nothing claimed between them, the first one first."""

    first: Claim
    second: Claim
    # What introduces the second.
    brought_in: str
    # How alike an embedding model finds their contents; None: none has read them.
    alike: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """Something about two neighbours that speaks for a conflict, or against one."""

    name: str
    # Log odds that it adds.
    weight: float
    # In words, for the reason; empty for what speaks against.
    words: str = ""
    # Enough, where the score is, to tell people who are on duty.
    tells: bool = True
    # Enough to hold two of one side against each other.
    splits: bool = False
    holds: Callable[[Beside], bool]


def signs_of(a: Claim, b: Claim, alike: float | None = None) -> tuple[Sign, ...]:
    """The signs that hold of two claims, a before b in the text, in the order of the table."""
    beside = Beside(a, b, introduction(b), alike)
    return tuple(sign for sign in SIGNS if sign.holds(beside))


def likelihood(signs: Iterable[Sign], more: float = 0.0) -> float:
    """How often neighbours with these signs are in conflict, in a report on a disputed matter: 0 to 1.

    `more` is what else is known, in log odds.
    """
    return 1 / (1 + math.exp(-(ANY_NEIGHBOURS + more + sum(sign.weight for sign in signs))))


def introduction(claim: Claim) -> str:
    """The words around a claim that bring it in: 'But X insisted that', '," said X, bluntly'."""
    if claim.setting is None:
        return ""
    # What comes after the sentence brings in somebody else, and so does who else disputes what is said.
    after = SENTENCE_END.split(claim.setting.after[:_INTRODUCED], maxsplit=1)[0]
    after = _BY_OTHERS.split(after, maxsplit=1)[0]
    return f"{claim.setting.before[-_INTRODUCED:]} {after}"


def _contrasted(p: Beside) -> bool:
    """Whether a word such as "but" stands between the two, and not between the second and what comes before
    it in its own sentence.
    """
    # What comes after the second sets it against something else: "…, however nobody in town spoke of it".
    between = p.second.setting.before[-_INTRODUCED:] if p.second.setting is not None else ""
    found = _CONTRAST.search(between)
    if found is None or found.group().casefold() not in _JOINING:
        return found is not None
    # The first claim stands right before these words, in the same sentence or in the one before.
    *sentences, clause = SENTENCE_END.split(between[: found.start()])
    return not sentences or not clause.strip(" “”«»\"'")


def _disputes(p: Beside) -> bool:
    if _speaks_for_them(p.first, p.second):
        # Whoever speaks for a ministry denies what others say of it.
        return False
    said = f"{p.brought_in} {p.second.cue}"
    return p.second.stance is Stance.DENY or _DISPUTE.search(said) is not None


def sets_apart(a: Claim, b: Claim) -> bool:
    """Whether the report itself sets two of one side against each other: 'his deputy disagreed'."""
    beside = Beside(a, b, introduction(b), None)
    said = _CURTLY.sub(" ", f"{beside.brought_in} {b.cue}")
    disputed = b.stance is Stance.DENY or _DISPUTE.search(said) is not None
    if disputed and not _speaks_for_them(a, b):
        return True
    return any(sign.splits and sign.holds(beside) for sign in SIGNS)


def _speaks_for_them(a: Claim, b: Claim) -> bool:
    """'Its spokesman', right after it."""
    return b.setting is not None and bool(_SPOKESPEOPLE & b.setting.called) and one_camp(a, b)


def _agrees(p: Beside) -> bool:
    said = f"{p.brought_in} {p.second.cue}"
    return (
        p.second.stance is Stance.CONFIRM
        or (AGREEMENT.search(said) or _AS_WELL.search(p.second.quote)) is not None
    )


def _denies_flatly(p: Beside) -> bool:
    """The second says that there was nothing of a kind, and the first tells of something."""
    said = any(fact.aspect == NOTHING for fact in facts_of(p.first))
    return says_none(p.second) and not said and not denies(p.first)


def says_none(claim: Claim) -> bool:
    """Whether it says that there was nothing of a kind, that nobody did it: "not one of them was armed"."""
    return any(fact.aspect == NOTHING for fact in facts_of(claim)) or _FLATLY.search(claim.quote) is not None


def _conditional(p: Beside) -> bool:
    return any(_IF.search(c.quote) for c in (p.first, p.second))


def is_another_account(claim: Claim) -> bool:
    """Whether it is brought in as one: "tells another story", "disagreed", "remembers it differently"."""
    return _CONTRARY.search(introduction(claim)) is not None


def is_opinion(claim: Claim) -> bool:
    """Whether it tells of a wish, a plan or a praise."""
    return _OPINION.search(claim.quote) is not None


def _turned_round(p: Beside) -> bool:
    """'The bridge was looked at in May'; 'it had not been looked at': all words of one, and a "not"."""
    if denies(p.first) == denies(p.second) or _conditional(p):
        return False
    said, then = (c.proposition for c in (p.first, p.second))
    a, b = (content_words(_WHEN.sub(" ", words)) for words in (said, then))
    # What somebody is told of stands in what is said of that: "he rang her to say that …".
    return bool(a and b) and (a <= b or b <= a) and said not in then and then not in said


def _narrated(claim: Claim) -> bool:
    # What goes on after a semicolon has no cue of its own: as often as not the outlet says it.
    return claim.kind is ClaimKind.OWN_VOICE or not claim.cue


#: The log odds of neighbours of whom nothing else is known.
ANY_NEIGHBOURS = -0.88
#: What is asked of two neighbours, in the order of the reason; the weights add up. One row adds a sign.
SIGNS = (
    Sign(
        name="contrary",
        weight=1.05,
        words="the second is told as another account",
        splits=True,
        holds=lambda p: is_another_account(p.second),
    ),
    Sign(
        name="contrast",
        weight=0.95,
        words="the report sets them against each other",
        holds=_contrasted,
    ),
    Sign(
        name="dispute",
        weight=0.55,
        words="the second is said against the first",
        holds=_disputes,
    ),
    Sign(
        name="none_such",
        weight=1.25,
        words="the second says there was nothing of the kind",
        splits=True,
        holds=lambda p: _NONE_SUCH.search(p.second.quote) is not None,
    ),
    # Too few of these two stand in the labelled stories for a fit; all of them were in conflict.
    Sign(
        name="yes_and_no",
        weight=2.5,
        words="one answers yes, the other no",
        holds=lambda p: {_YES_OR_NO.sub(r"\1", c.quote).casefold() for c in (p.first, p.second)} in _ANSWERS,
    ),
    Sign(
        name="turned_round",
        weight=1.5,
        words="one says that it is so, the other that it is not",
        holds=_turned_round,
    ),
    Sign(name="flatly", weight=0.75, words="the second denies flatly", holds=_denies_flatly),
    Sign(
        name="one_sentence",
        weight=0.25,
        words="one sentence sets them beside each other",
        holds=lambda p: (
            p.second.setting is not None and _ONE_SENTENCE.search(p.second.setting.before) is not None
        ),
    ),
    Sign(
        name="distance",
        weight=0.4,
        words="the report vouches for neither",
        holds=lambda p: _DISTANCE.search(f"{p.brought_in} {p.second.cue}") is not None,
    ),
    Sign(
        name="times",
        weight=0.3,
        words="they name different times",
        holds=lambda p: no_time_in_common(p.first, p.second),
    ),
    Sign(
        name="one_thing",
        weight=0.6,
        words="they speak of one thing",
        tells=False,
        holds=lambda p: bool(content_words(p.first.proposition) & content_words(p.second.proposition)),
    ),
    Sign(name="alike", weight=0.7, holds=lambda p: p.alike is not None and p.alike >= _ALIKE),
    Sign(name="unread", weight=0.35, holds=lambda p: p.alike is None),
    Sign(name="in_person", weight=0.45, holds=lambda p: in_person(p.first) and in_person(p.second)),
    Sign(name="own_words", weight=0.35, holds=lambda p: p.second.kind is ClaimKind.DIRECT),
    # The outlet tells on: what it says next is seldom meant against the speaker before.
    Sign(name="told_second", weight=-1.6, holds=lambda p: _narrated(p.second)),
    Sign(name="told_first", weight=-2.2, holds=lambda p: _narrated(p.first)),
    Sign(
        name="opinion",
        weight=-0.35,
        holds=lambda p: any(is_opinion(c) for c in (p.first, p.second)),
    ),
    Sign(name="conditional", weight=-0.9, holds=_conditional),
    Sign(name="hedged", weight=-0.6, holds=lambda p: p.first.hedged or p.second.hedged),
    Sign(
        name="fragment",
        weight=-0.25,
        holds=lambda p: any(_FRAGMENT.search(c.quote) for c in (p.first, p.second)),
    ),
    Sign(name="both_deny", weight=-0.45, holds=lambda p: denies(p.first) and denies(p.second)),
    Sign(name="agrees", weight=-1.1, holds=_agrees),
)
