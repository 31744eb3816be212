"""Which verbs really report: not denied themselves, no condition, wish or question."""

from __future__ import annotations

from monitor.core.claims import grammar
from monitor.core.claims.cues import ACCUSING, DENYING, REPORTING
from monitor.core.claims.parsed import Sentence
from monitor.core.wording import word_set

_FINITE = frozenset({"VBD", "VBZ", "VBP"})
# Who does so to speak does speak: "used a briefing to say", "rang the paper to deny".
_TO_SPEAK = word_set(
    """
    use take go hasten rush hurry rise stand step phone ring telephone write emerge intervene interrupt return
    call summon seize break come appear choose
    """
)
# Who has to admit does: "had to admit", "was forced to concede".
_MADE_TO = word_set("have force oblige compel")
_ADMITTING = word_set("admit concede acknowledge confirm")
# "Was at pains to stress", "was the first to admit", "is keen to play down".
_BENT_ON = word_set("keen quick eager careful anxious prompt swift pain first happy glad")
_SPEAKING = REPORTING.keys() | DENYING | ACCUSING


def _is_asked(s: Sentence, i: int) -> bool:
    """'Did the minister say that…?': the reporter asks."""
    if not s.text.rstrip().endswith("?"):
        return False
    return any(s.tokens[c].dep in {"aux", "auxpass"} and c <= 1 for c in s.children[i])


def _is_left_out(s: Sentence, i: int) -> bool:
    """'Stopped short of saying', 'without saying', 'refrained from blaming', 'has stopped denying': nothing
    is said.
    """
    above = s.tokens[s.tokens[i].head]
    if s.tokens[i].dep != "pcomp" or above.lemma not in {"without", "from", "of"}:
        return s.tokens[i].tag == "VBG" and above.lemma in {"stop", "cease", "quit", "give"}
    near = {s.tokens[a].lemma for a in list(s.ancestors(i))[:3]} | {"without"} & {above.lemma}
    return bool(near & {"without", "stop", "short", "refrain", "shy", "fall", "abstain"})


def _goes_on_to(s: Sentence, i: int) -> bool:
    """'Went on to say', 'continues to insist': said."""
    above = s.tokens[s.tokens[i].head]
    goes_on = above.lemma in {"go", "proceed", "continue"} and above.tag in _FINITE
    return (goes_on and s.tokens[i].dep in {"xcomp", "advcl"}) or leads_to_speech(s, i) is not None


def _next_is(s: Sentence, i: int, word: str) -> bool:
    """'Said to be worth', 'told to leave': of somebody, by nobody."""
    return i + 1 < len(s.tokens) and s.tokens[i + 1].lemma == word and s.tokens[i].lemma in {"say", "tell"}


def _is_when(s: Sentence, i: int) -> bool:
    """'Was mocked when she said that…': she did say so."""
    asking = [c for c in s.children[i] if s.tokens[c].tag in {"WRB", "WP", "WDT"}]
    told = s.tokens[i].tag == "VBD" and s.tokens[i].dep == "advcl"
    return told and [s.tokens[c].lemma for c in asking] == ["when"] and grammar.child(s, i, "mark") is None


def usable_cue(s: Sentence, i: int) -> bool:
    """Whether a verb really reports: not denied itself, no condition, wish or question."""
    return not grammar.is_negated(s, i) and is_told(s, i)


def is_told(s: Sentence, i: int) -> bool:
    """As `usable_cue`, of a verb that may say no itself: 'has no record of it'."""
    token = s.tokens[i]
    if token.pos not in {"VERB", "AUX"} or (grammar.is_conditional(s, i) and not _is_when(s, i)):
        return False
    if _is_asked(s, i) or _is_left_out(s, i) or (token.tag in {"VBN", "VBD"} and _next_is(s, i, "to")):
        return False
    for c in s.children[i]:
        below = s.tokens[c]
        if below.dep == "aux" and (
            (below.lemma == "to" and not _goes_on_to(s, i)) or (below.tag == "MD" and below.lemma != "can")
        ):
            return False
    return not (token.tag == "VB" and token.dep == "xcomp") or _goes_on_to(s, i)


def leads_to_speech(s: Sentence, i: int) -> int | None:
    """The verb that says that somebody came to say something with this infinitive: 'used a briefing to say',
    'was at pains to stress', 'had to admit'; None: it is no such infinitive.
    """
    token = s.tokens[i]
    if token.tag != "VB" or token.lemma not in _SPEAKING or s.tokens[i - 1].lemma != "to":
        return None
    at = token.head
    lemma = s.tokens[at].lemma
    if lemma in _BENT_ON or lemma == "be":
        # "At pains to", "the first to", "keen to", wherever the parse hangs it.
        bent = lemma in _BENT_ON or any(
            s.tokens[n].lemma in _BENT_ON for c in s.children[at] if c < i for n in (c, *s.children[c])
        )
        being = next((a for a in (at, *s.ancestors(at)) if s.tokens[a].lemma == "be"), None)
        return being if bent and being is not None and _came_to_it(s, being) else None
    if lemma in _MADE_TO:
        made = token.lemma in _ADMITTING and (lemma == "have" or grammar.is_passive(s, at))
        return at if made and _came_to_it(s, at) else None
    speaks = lemma in _TO_SPEAK and token.dep in {"xcomp", "advcl", "acl"} and not grammar.is_passive(s, at)
    return at if speaks and _came_to_it(s, at) else None


def _came_to_it(s: Sentence, i: int) -> bool:
    """Whether what led to it happened: 'used', 'has used', and no 'may use'."""
    helpers = [s.tokens[c] for c in s.children[i] if s.tokens[c].dep == "aux"]
    happened = s.tokens[i].tag in _FINITE or bool(helpers) or grammar.is_passive(s, i)
    return happened and not grammar.is_negated(s, i) and not any(h.tag == "MD" for h in helpers)
