"""Which English sentences of the outlet's own tell a fact, and which only lead up to what somebody says."""

from __future__ import annotations

import re

from monitor.core.claims import grammar
from monitor.core.claims.cues import ACCUSING, DENYING, DOCUMENTS, NAMING
from monitor.core.claims.draft import Draft
from monitor.core.claims.parsed import Sentence
from monitor.core.types import ArticleField
from monitor.core.wording import word_set

# Whoever does this to one of these is about to speak, or has kept silent: "took questions", "gave a
# different account", "the minister broke her silence", "corrected herself".
_SPEAKING = {
    "take": word_set("question"),
    "break": word_set("silence"),
    "keep": word_set("silence counsel"),
    "hold": word_set("conference briefing tongue"),
    "give": word_set("account version answer picture description interview explanation comment statement"),
    "offer": word_set("account version answer picture description explanation comment"),
    "have": word_set("answer explanation comment time"),
    "find": word_set("word"),
    "raise": word_set("stake tone voice question"),
    "sound": word_set("note alarm"),
    "strike": word_set("note tone"),
    "issue": word_set("reply statement denial response apology correction"),
    "welcome": word_set("news decision verdict move result announcement step ruling"),
    "eat": word_set("word"),
    "close": word_set("rank"),
    "cut": word_set("visit trip holiday"),
    "change": word_set("course tone tune story line mind position tack version account"),
    "shift": word_set("course ground position story line tone"),
    "soften": word_set("tone line position stance"),
    "harden": word_set("tone line position stance"),
    "join": word_set("dispute row debate fray argument chorus quarrel"),
    "enter": word_set("dispute row debate fray argument quarrel"),
    "urge": word_set("caution calm restraint patience"),
    "distance": word_set("himself herself itself themselves"),
    "contradict": word_set("himself herself itself themselves"),
    "correct": word_set(
        "himself herself itself themselves impression figure report version statement account"
    ),
    "read": word_set("statement sheet text declaration"),
    "decline": frozenset[str](),
}
# "Declined to comment", "refused to say", "would not answer", "did not reply".
_UTTERING = word_set("say comment speak talk answer reply respond discuss elaborate disclose reveal tell")
_REFUSING = word_set("decline refuse")
# "On Friday the ministry shifted", "that changed": how, is said next.
_TURNING = word_set("shift change weep fume relent backtrack")
# "Hits back", "comes clean", "gives way".
_TURNING_WITH = {"hit": "back", "fire": "back", "come": "clean", "give": "way", "climb": "down"}
# "Could not check either story."
_VERIFYING = word_set("verify confirm reach establish check authenticate")
# "This page was corrected", "Updated November 9": of the outlet's own work.
_OWN_WORK = re.compile(
    r"(?i)(?:this|our|an earlier version of (?:this|the|our)) "
    r"(?:article|report|story|headline|post|piece|page)\b"
    r"|(?:first |last )?(?:updated|corrected|amended|published|correction|clarification|editor['’]s note)\b"
)
# What people hold, and no deed: "the figure is disputed", "she was asked about the goat".
_NO_DEEDS = (
    word_set(
        """
        contest dispute regard consider ask astonish surprise know expect lose hear believe suppose think say
        understand want need feel tell claim report announce
        """
    )
    | DENYING
    | ACCUSING
    | NAMING
)
# "Was blunter", "is in no doubt": what follows says of what.
_TONES = word_set(
    """
    blunt blunter brisk curt adamant unequivocal emphatic careful cautious terse clear categorical firm frank
    unrepentant defiant silent tight-lipped dismissive scathing unmoved conciliatory outspoken weary critical
    unconvinced unimpressed sceptical skeptical gobsmacked furious
    """
)
# What is looked at: "pictures made in May show".
_PICTURES = word_set(
    """
    photograph photo picture image footage film video clip recording tape x-ray scan radar satellite
    screenshot
    """
)
# Who has none of it has shown nothing.
_EVIDENCE = word_set("proof evidence trace sign confirmation")
_PROOFS = _EVIDENCE | word_set("document record witness paper picture photograph")
_PROVING = word_set("be exist produce offer show present provide publish give come back support emerge")
# "In hospital", "on the run", where a headline leaves out "is".
_STATES = {
    "in": word_set(
        "hospital coma custody prison jail hiding exile ruin flame court intensive care tatter detention"
    ),
    "on": word_set("run ventilator trial bail strike loose fire"),
    "at": word_set("large"),
    "under": word_set("arrest investigation fire siege water"),
    "behind": word_set("bar"),
}
_SHOWING = word_set("show reveal carry bear list name record log place put give depict have say")


def announces(s: Sentence, i: int) -> bool:
    """Whether the clause of this verb only says that somebody speaks, keeps silent or mends what he said."""
    lemma = s.tokens[i].lemma
    thing = grammar.child(s, i, "dobj")
    if lemma in _SPEAKING and thing is not None and s.tokens[thing].lemma in _SPEAKING[lemma]:
        return True
    if lemma in _TURNING and thing is None and not grammar.is_passive(s, i):
        return True
    if lemma in _TURNING_WITH and any(
        s.tokens[c].lemma == _TURNING_WITH[lemma] and c > i for c in s.children[i]
    ):
        return True
    if lemma in _REFUSING:
        then = grammar.child(s, i, "xcomp")
        return then is not None and s.tokens[then].lemma in _UTTERING
    if lemma in _UTTERING and grammar.is_negated(s, i):
        return True
    if lemma in _VERIFYING and grammar.is_negated(s, i):
        return any(s.tokens[c].lemma in {"could", "can"} for c in s.children[i])
    toned = (s.tokens[c].lemma in _TONES and s.tokens[c].dep in {"acomp", "attr"} for c in s.children[i])
    return (lemma == "be" and any(toned)) or _is_short_of_it(s, i)


def _is_short_of_it(s: Sentence, i: int) -> bool:
    """'Was not convinced', 'is not buying it', 'hears nothing of that'."""
    lemma = s.tokens[i].lemma
    if lemma in {"convince", "persuade"}:
        return grammar.is_passive(s, i) and grammar.is_negated(s, i)
    thing = grammar.child(s, i, "dobj") if lemma == "buy" else None
    if lemma == "hear":
        of = next(
            (c for at in (i, *s.children[i]) for c in s.children[at] if s.tokens[c].lemma == "of"), None
        )
        thing = grammar.child(s, of, "pobj") if of is not None else None
    return thing is not None and grammar.is_negated(s, i) and s.tokens[thing].lemma in {"it", "that"}


def of_own_work(s: Sentence) -> bool:
    """Whether the outlet tells of the article itself."""
    return _OWN_WORK.match(s.text) is not None


def tells(draft: Draft) -> bool:
    """Whether it says what was done to somebody or something, or what a paper or a picture shows."""
    s = draft.content
    # "Contrary to what the port maintains, no diver found it."
    return s.tokens[0].lemma == "contrary" or any(
        _is_done(s, h) or _is_seen(s, h) or _is_unproved(s, h) or _is_in_a_state(s, h) for h in draft.heads
    )


def _is_done(s: Sentence, i: int) -> bool:
    """'Has been suspended', 'nobody was charged'; 'is run by a charity' tells who somebody is."""
    helper = grammar.child(s, i, "auxpass")
    if helper is None or grammar.child(s, i, "nsubjpass") is None or s.tokens[i].lemma in _NO_DEEDS:
        return False
    if any(s.tokens[c].tag == "MD" for c in s.children[i]):
        return False
    return s.tokens[helper].tag not in {"VBZ", "VBP"} or grammar.child(s, i, "agent") is None


def _is_unproved(s: Sentence, i: int) -> bool:
    """'There was no sign of rust', 'the mill published no evidence'."""
    if s.tokens[i].lemma not in _PROVING or any(s.tokens[c].tag == "MD" for c in s.children[i]):
        return False
    who = grammar.child(s, i, "nsubj")
    if who is not None and s.tokens[who].pos == "PRON":
        # "He showed no proof": for his own words.
        return False
    below = [n for n in s.subtree(i) if n > i]
    proof = next((n for n in below if s.tokens[n].lemma in _PROOFS), None)
    if proof is None:
        return False
    single = any(s.tokens[n].lemma in {"single", "any", "shred"} for n in s.subtree(proof))
    negated = grammar.is_negated(s, i) or any(
        s.tokens[n].lemma in {"yet", "without", "nothing"} for n in below
    )
    return grammar.says_no(s, proof) or (negated and (single or s.tokens[proof].lemma in _EVIDENCE))


def _is_in_a_state(s: Sentence, i: int) -> bool:
    """'Mayor in coma after stabbing', 'two men on the run': headlines leave out "is"."""
    if s.field is not ArticleField.TITLE or s.tokens[i].pos not in {"NOUN", "PROPN"} or s.tokens[i].head != i:
        return False
    if grammar.child(s, i, "det") is not None:
        # "A night in hospital."
        return False
    return any(
        s.tokens[state].lemma in _STATES.get(s.tokens[c].lemma, frozenset())
        for c in s.children[i]
        for state in s.children[c]
    )


def _is_seen(s: Sentence, i: int) -> bool:
    """'Photographs show a chain', 'the certificate names the owner'."""
    who = grammar.child(s, i, "nsubj")
    shown = grammar.child(s, i, "dobj", "ccomp")
    if who is None or shown is None or s.tokens[i].lemma not in _SHOWING:
        return False
    return s.tokens[who].lemma in _PICTURES | DOCUMENTS
