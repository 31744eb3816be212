"""Which sentences of a Russian article are worth a tree, and which go on or turn what was said."""

from __future__ import annotations

import re
from dataclasses import replace

from monitor.core.claims.draft import Draft
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.russian import grammar
from monitor.core.claims.russian.cues import ANAPHORIC_NOUNS, CUE, FALSE_WORDS
from monitor.core.claims.russian.drafts import SPEECH
from monitor.core.claims.russian.evoking import beginning
from monitor.core.types import ArticleField, Stance
from monitor.core.wording import WORD

_MARKS = re.compile(r"[\"“”«»„]|(?:^|\s)[—–]\s")
# "Жена торговца Анна Ли в это не верит": "она" of the next sentence means her.
_NAME_INSIDE = re.compile(r"\s[А-ЯЁA-Z]")
_SO_TO_SAY = frozenset({"мол", "дескать"})
# "Ключи, дескать, лежали на месте".
_OPENING = 5
_NUMBER = re.compile(
    r"(?i)\d|\b(?:дв[аеоу]|тр[иеё]|четыр|четвер|пят|шест|сем[ьи]|восем|восьм|девят|десят|одиннадцат|двенадцат|"
    r"\w+надцат|двадцат|тридцат|сорок|сто\b|ста\b|сотн|тысяч|миллион|миллиард)"
)
# "Ключей не видели", "узнали о штрафе из газет": what somebody saw, heard or learned.
_SENSED = re.compile(
    r"(?i)\bне (?:ви[дж]|слы[хш]|помн|припомн|наход|наш[её]?л|обнаруж|получа|замет|замеч)"
    r"|\b(?:виде|увиде|слыша|услыша|замети|наблюда)\w*, (?:как|что)\b|\b(?:узна\w+ об?|впервые)\b"
)
# "Музей: холст вернулся в марте".
_NAMED_BEFORE = re.compile(r"^[А-ЯЁ][^.!?,:«»]{1,60}: [а-яё]")


def may_claim(page: Page, s: Sentence, telling: frozenset[str]) -> bool:
    """Somebody may speak in it, or it tells a number or something that a frame knows."""
    if CUE.search(s.text) or _MARKS.search(s.text) or _NUMBER.search(s.text):
        return True
    if _SENSED.search(s.text) or _NAMED_BEFORE.search(s.text):
        return True
    if s.field is ArticleField.TITLE or _NAME_INSIDE.search(s.text):
        return True
    if page.quotations_in(s):
        return True
    return any(beginning(word)[:n] in telling for word in WORD.findall(s.text) for n in (4, 5, 6, 7))


def may_go_on(text: str) -> bool:
    """Whether a sentence after one that attributes is worth a tree: those with a number have one."""
    return False


def goes_on(s: Sentence, last: Draft) -> bool:
    """Whether the sentence goes on with what a body was said to say before: "сообщили в центре. В больнице
    остаются 38 человек"; "мол, все уехали".
    """
    if any(t.lemma in _SO_TO_SAY for t in s.tokens[:_OPENING]):
        return True
    at = last.sentence
    cue = next((i for i, t in enumerate(at.tokens) if t.text == last.cue and t.pos == "VERB"), None)
    top = next((i for i, t in enumerate(s.tokens) if t.head == i and t.pos == "VERB"), None)
    if cue is None or top is None or last.speaker is None or s.tokens[top].lemma in SPEECH:
        return False
    if grammar.feature(at, cue, "Number") != "Plur" or grammar.preposition(at, last.speaker) not in {
        "в",
        "на",
    }:
        return False
    contrast = any(t.lemma in {"однако", "но", "между", "тем", "ранее"} for t in s.tokens)
    return grammar.feature(s, top, "Tense") == "Pres" and not contrast


def turned(d: Draft) -> Draft:
    """The draft as a denial of what it calls untrue ("обвинения — ложь"); else as it is."""
    if d.stance is not Stance.ASSERT:
        return d
    s = d.content
    for head in d.heads:
        said = next(
            (
                c
                for c in s.children[head]
                if s.tokens[c].dep.startswith("nsubj") and s.tokens[c].lemma in ANAPHORIC_NOUNS
            ),
            None,
        )
        words = {s.tokens[n].lemma for n in (head, *s.children[head]) if n != said}
        if said is not None and words & FALSE_WORDS and not grammar.is_negated(s, head):
            return replace(d, stance=Stance.DENY, heads=(), cue_token=None, implied=None, points_back=True)
    return d
