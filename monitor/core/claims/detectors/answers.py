"""Answers without a verb: 'How many came? Some 900, said Ana Ruiz.', 'Where is he? With his aunt,
the ministry says.'
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from monitor.core.claims.draft import Draft, reported, roots_within
from monitor.core.claims.page import Page
from monitor.core.claims.parentheticals import VERB
from monitor.core.claims.parsed import Sentence
from monitor.core.numerals import BOUND, NUMERAL
from monitor.core.types import Stance
from monitor.core.wording import STOP_WORDS, WORD, word_set

_NUMBER = rf"(?:{NUMERAL}|nobody|not one|all of them)"
_ANSWER = re.compile(
    rf"(?P<what>(?:{BOUND} )?(?:a )?{_NUMBER}(?: (?:hundred|thousand|million|billion))?(?: \w+){{0,2}}),"
    r" (?P<cue>says?|said|answers?|answered|repl(?:y|ies|ied)|insists?|insisted)"
    r" (?P<who>[^,;:“”\"]{2,80}(?:, [^,;:“”\"]{2,60}){0,2})[.!]?",
    re.IGNORECASE,
)
# "Fourteen, the council accepted on Monday."
_TURNED = re.compile(
    rf"(?P<what>(?i:(?:{BOUND} )?{_NUMBER}(?: (?:hundred|thousand|million|billion))?(?: \w+)?)),"
    rf" (?P<who>(?:the|an?|his|her|its|their|[A-Z])[^,;:“”\"]{{1,60}}?) (?P<cue>{VERB}|accept(?:s|ed))"
    r"(?: (?:on|in|at|late|early|after)\b[^;:“”\"]{2,80})?[.!]?"
)
# "Nine, per the coast guard."
_BY = re.compile(
    rf"(?P<what>(?i:(?:{BOUND} )?{_NUMBER}(?: (?:hundred|thousand|million|billion))?(?: \w+)?)),"
    r" (?P<cue>according to|per) (?P<who>[^,;:“”\"]{2,80}?)[.!]?"
)
# Anything right behind a question.
_WHO = r"(?:the|an?|his|her|its|their|[A-Z])[^,;:“”\"]{1,60}?"
_ACCOUNT = r"account|count|reckoning|telling|estimate|version|evidence|showing|view"
_ANSWERED = tuple(
    re.compile(rf"(?P<what>[^;:“”\"]{{3,160}}?), {pattern}[.!]?")
    for pattern in (
        rf"(?P<cue>{VERB}) (?P<who>[^,;:“”\"]{{2,80}}?)(?:, [^;:“”\"]{{2,90}})?",
        rf"(?P<who>{_WHO}) (?P<cue>{VERB})",
        rf"(?:on|by|in) (?P<who>{_WHO})['’]s? (?:own )?(?P<cue>{_ACCOUNT})",
    )
)
_TWO_FIGURES = 2
# A longer sentence sets no two figures beside each other, and would be searched for long.
_LONGEST = 400
_SHORT_WHO = r"(?:the|an?|his|her|its|their|[A-Z])[^,;:]{1,40}?"
_SAYS = r"(?:says?|said|answers?|answered|insists?|insisted|maintains?|maintained|repl(?:y|ies|ied))"
_HOW_MANY = rf"(?i:(?:{BOUND} )?{_NUMBER}(?: (?:hundred|thousand|million|billion))?(?: people)?)"
# "The port says nine.", "The guild admits to two."
_SAYS_NUMBER = re.compile(
    rf"(?P<who>{_WHO})(?:, [^,;:“”\"]{{2,50}},)? "
    rf"(?P<cue>{_SAYS}|(?:admit|own|confess|stick|cling|keep|hold)(?:s|ed)?(?: up)? to|"
    r"(?:stuck|clung|kept|held) to|(?:acknowledge|concede|admit|give|name|remember|recall)(?:s|d|ed)?) "
    rf"(?P<what>{_HOW_MANY}|\d{{1,2}} [A-Z][a-z]{{2,8}})[.!]?"
)
# "The port's figure is nine.", "The guild's own count was 40 metres."
_THEIR_FIGURE = re.compile(
    rf"(?P<who>{_WHO})['’]s? (?:own |latest |official )?(?P<cue>figure|count|number|estimate|tally|total) "
    rf"(?:is|was|stands at|stood at) (?P<what>{_HOW_MANY}(?: \w+)?)[.!]?"
)
# "Was it so? Yes, says the port."
_YES_OR_NO = re.compile(
    rf"(?P<what>(?i:yes|no|never|nothing|nobody|none)(?:, \w+)?), (?P<cue>{_SAYS}) "
    r"(?P<who>[^,;:“”\"]{2,60})(?:, [^;:“”\"]{2,60})?[.!]?"
)
# "Tosh, says the abbey: he went by train."
_REBUFF = re.compile(
    r"(?P<what>(?:(?:utter|total|complete|absolute|pure) )?"
    r"(?:rubbish|nonsense|bunkum|hogwash|poppycock|tosh|lies)|"
    r"not (?:so|true|at all|in the least)|untrue|wrong|a lie|far from it|no way|nothing of the (?:kind|sort))"
    rf"[,!] (?:(?P<cue>{VERB}) (?P<who>[^,;:“”\"]{{2,80}}?)|(?P<before>{_WHO}) (?P<said>{VERB}))"
    r"(?:, [^;:“”\"]{2,90})?(?: (?:on|in|at|last|late|yesterday|today)\b[^,;:“”\"]{0,60})?"
    r"(?:: (?P<rest>.{12,}?))?[.!]?",
    re.IGNORECASE,
)
# "When was it? The bank says early March."
_SAYS_WHAT = re.compile(rf"(?P<who>{_WHO}) (?P<cue>{_SAYS}) (?P<what>[^,;:“”\"]{{2,60}}?)[.!]?")
# "The port put the dead at nine, the guild at 40", "The port counts nine dead, the guild 40".
_GIVES = re.compile(
    rf"\b(?P<cue>puts?|estimate[ds]?|counts?|counted|speaks?|spoke)\b[^.;]*?(?:\b(?P<by>at|of) )?{_HOW_MANY}"
    rf"\b[^.;]*?[,;](?: and| while| but| whereas)? (?P<who>{_SHORT_WHO}) (?:(?P<too>at|of) )?"
    rf"(?P<what>{_HOW_MANY})[.!]?$"
)
# "Nine were hurt, the port says, while the guild says 40."
_WHILE = re.compile(
    rf"{_HOW_MANY}\b[^.;]*?[,;] (?:and|while|but|whereas) (?P<who>{_SHORT_WHO}) (?P<cue>{_SAYS}) "
    rf"(?P<what>{_HOW_MANY})[.!]?$"
)
_ASKING = word_set("did does do was were is are has have had will would could should")
_NO_ANSWER = re.compile(r"(?i)(?:so|this|that|it|something|little|more|otherwise|as|what|how|why)\b")
# As long as this a line may be to be a heading.
_HEADING = 80
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})


def detect_answers(page: Page) -> Iterator[Draft]:
    for s in page.parsed:
        if page.quotations_in(s):
            continue
        text = s.text.strip()
        if not _asked_before(page, s) and (rebuff := _REBUFF.fullmatch(text)):
            yield from _rebuffed(s, rebuff)
            continue
        found, beside = _answer(page, s, text), _given_beside(s, text)
        speaker = named_within(s, *found.span("who")) if found is not None else None
        if found is not None and speaker is not None:
            span = s.start + found.start("what"), s.start + found.end("what")
            yield reported(s, span, found["cue"], speaker, roots_within(s, *span), "answers")
        if beside is not None:
            # The parse takes "the hospital at 40" for one thing.
            who, span = ((s.start + a, s.start + b) for a, b in (beside.span("who"), beside.span("what")))
            draft = reported(s, span, beside["cue"], None, roots_within(s, *span), "answers")
            yield replace(draft, speaker_span=who)


def _rebuffed(s: Sentence, found: re.Match[str]) -> Iterator[Draft]:
    """What is waved away in a word or two, and what is said instead behind a colon."""
    who, cue = ("who", "cue") if found["who"] else ("before", "said")
    speaker = named_within(s, *found.span(who))
    for part in ("what", "rest") if speaker is not None and _is_somebody(found[who]) else ():
        if found[part]:
            span = s.start + found.start(part), s.start + found.end(part)
            draft = reported(s, span, found[cue], speaker, roots_within(s, *span), "answers")
            yield draft if part == "rest" else replace(draft, stance=Stance.DENY, heads=())


def _answer(page: Page, s: Sentence, text: str) -> re.Match[str] | None:
    shapes = (_ANSWER, _TURNED, _BY, _SAYS_NUMBER, _THEIR_FIGURE)
    found = next((m for shape in shapes if (m := shape.fullmatch(text))), None)
    if found is None and _asked_before(page, s):
        found = next((m for p in _ANSWERED if (m := p.fullmatch(text)) and _says_alone(s, m)), None)
    if found is None and _is_asked_here(page, s):
        found = _YES_OR_NO.fullmatch(text) or _SAYS_WHAT.fullmatch(text)
        found = found if found is not None and _is_answer(s, found) else None
    return found


def _given_beside(s: Sentence, text: str) -> re.Match[str] | None:
    """What the second one gives, who has no verb of their own."""
    if len(text) > _LONGEST or sum(t.pos == "NUM" for t in s.tokens) < _TWO_FIGURES:
        return None
    found = _GIVES.search(text) or _WHILE.search(text)
    if found is None or not _may_say(found):
        return None
    told = found.groupdict()
    return found if told.get("by") == told.get("too") else None


def _asked_before(page: Page, s: Sentence) -> bool:
    """Whether a question stands right before it in its paragraph."""
    before = page.article.field(s.field)[: s.start].rstrip(" ")
    return before.endswith("?")


def _is_asked_here(page: Page, s: Sentence) -> bool:
    """Whether there is a question before it in its paragraph, or in a heading of one line above that."""
    before = page.article.field(s.field)[: s.start]
    *above, here = before.split("\n")
    heading = next((line for line in reversed(above) if line.strip()), "")
    return "? " in here or (len(heading) <= _HEADING and heading.rstrip().endswith("?"))


def _is_answer(s: Sentence, found: re.Match[str]) -> bool:
    """'Early March', and no clause of its own; "says so" and "says nothing" answer nothing."""
    start, end = found.span("what")
    verb = any(t.tag in _FINITE and start <= t.start and t.end <= end for t in s.tokens)
    return not verb and _may_say(found) and _NO_ANSWER.match(found["what"]) is None


def _may_say(found: re.Match[str]) -> bool:
    """Whether who is found to speak is somebody: no "Did Norvik", and nothing that breaks off."""
    return _is_somebody(found["who"])


def _is_somebody(who: str) -> bool:
    words = who.casefold().split()
    return bool(words) and words[0] not in _ASKING and words[-1] not in STOP_WORDS


def _says_alone(s: Sentence, found: re.Match[str]) -> bool:
    """An answer that only its question makes a sentence: 'To Oslo', and no 'Nonsense'."""
    end = found.end("what")
    verb = any(t.tag in _FINITE and t.end <= end for t in s.tokens)
    words = WORD.findall(found["what"])
    if not _may_say(found):
        # "The talk of the town."
        return False
    return not verb and len(words) > 1 and any(w.casefold() not in STOP_WORDS for w in words)


def named_within(s: Sentence, start: int, end: int) -> int | None:
    """Who is named first behind the verb."""
    inside = [n for n, t in enumerate(s.tokens) if start <= t.start and t.end <= end]
    return next(
        (
            n
            for n in inside
            if s.tokens[n].pos in {"NOUN", "PROPN", "PRON"} and s.tokens[n].head not in inside
        ),
        None,
    )
