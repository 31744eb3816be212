"""How somebody stands to what was said before, in a verb that says no more: 'the mayor scoffed at that',
'his wife backed the clerk's version', 'on Friday he took it back'.

Whom they mean is not told: in six of ten of our reports it is not who spoke right before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from monitor.core.claims import grammar
from monitor.core.claims.draft import Draft, reported
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.things import cues
from monitor.core.claims.voices import may_speak
from monitor.core.types import Stance

_SAID = (
    r"(?:\w+ )?(?:claims?|accusations?|allegations?|charges?|story|stories|tale|accounts?|versions?|theory|"
    r"suggestions?|idea|notion|talk|rumou?rs?|reports?|statement|explanation|reading|interpretation|"
    r"portrayal|depiction|picture|description|analysis|narrative|view|denial|figures?|number|toll|count|"
    r"estimate|timeline|chronology)"
)
_THAT = (
    r"(?:it|that|this|all (?:of )?(?:that|this)|"
    rf"(?:that|this|the|his|her|its|their|any such|such an?) {_SAID})\b"
)
_READ = (
    r"(?:that|this|the|his|her|its|their) (?:\w+ )?(?:reading|interpretation|portrayal|picture|view|"
    r"depiction|analysis|logic|reasoning|chronology|timeline|sequence|comparison)\b"
)
_TOLD = r"(?:version|account|story|claim)\b"
_Row = tuple[tuple[str, Stance], ...]
_AT_IT: _Row = ((rf"(?:out loud )?at {_THAT}", Stance.DENY),)
# Verb → what follows it, and how its subject then stands to what was said.
_ROWS: dict[str, _Row] = {
    **dict.fromkeys(("scoff", "sneer", "laugh", "snort", "bristle"), _AT_IT),
    **dict.fromkeys(("reject", "dispute"), ((_READ, Stance.DENY),)),
    **dict.fromkeys(("withdraw", "retract"), ((_THAT, Stance.RETRACT),)),
    "have": ((r"none of (?:it|that|this)\b", Stance.DENY),),
    "give": ((rf"{_THAT} short shrift", Stance.DENY), (rf"short shrift to {_THAT}", Stance.DENY)),
    "take": ((r"(?:it|that|this) (?:all )?back\b", Stance.RETRACT), (rf"back {_THAT}", Stance.RETRACT)),
    "back": ((rf"(?:[\w'’-]+ ){{1,4}}{_TOLD}", Stance.CONFIRM),),
    "believe": ((rf"(?:[\w'’-]+ ){{1,3}}{_TOLD}", Stance.CONFIRM),),
    "support": ((rf"(?:[\w'’-]+ ){{1,3}}{_TOLD}", Stance.CONFIRM),),
    "agree": ((r"with (?:him|her|them|that|this)\b", Stance.CONFIRM),),
}
# "Agreed with her on the hour, but put the count at nine".
_UNTIL = re.compile(r"(?:(?! but )[^;:,])*")
_DOING = {
    verb: tuple((re.compile(pattern), stance) for pattern, stance in row) for verb, row in _ROWS.items()
}


def detect_standing(page: Page) -> Iterator[Draft]:
    for s, i, speaker in cues(page, frozenset(_DOING)):
        found = stance_of(s, i)
        if found is None or not may_speak(s, speaker) or speaker > i:
            continue
        stance, end = found
        own = s.span([*grammar.noun_phrase(s, speaker), i])
        told = _UNTIL.match(s.text, end)
        span = own[0], s.start + len(s.text[: told.end() if told else end].rstrip(" .!"))
        draft = reported(s, span, s.tokens[i].text, speaker, (i,), "standing")
        yield replace(draft, stance=stance, in_a_noun=True)


def stance_of(s: Sentence, i: int) -> tuple[Stance, int] | None:
    """How the subject of this verb stands to it, and where the words for that end."""
    at = s.tokens[i].end + 1
    for pattern, stance in _DOING.get(s.tokens[i].lemma, ()):
        if found := pattern.match(s.text, at):
            return stance, found.end()
    return None
