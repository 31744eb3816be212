"""Headlines that attribute by a colon or dash: 'Port chief: crane was overloaded', 'Crane was overloaded –
port'.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from monitor.core.claims import grammar
from monitor.core.claims.cues import DOCUMENTS
from monitor.core.claims.draft import Draft, headline, reported, roots_within
from monitor.core.claims.names import ORG_WORDS, PERSON_NOUNS, is_address
from monitor.core.claims.page import Page
from monitor.core.claims.voices import may_speak
from monitor.core.types import ArticleField
from monitor.core.wording import word_set

_BEFORE = re.compile(r"^(?P<who>[^:\"“«]{2,60}):\s+(?P<what>.{10,})$")
# "Vantor to cut 500 jobs: sources".
_TAIL = re.compile(r"^(?P<what>[^:\"“«]{10,}):\s+(?P<who>[^:\"“«]{2,30})$")
# "Vantor to cut 500 jobs -sources", as agencies write it.
_DASHED = re.compile(r"^(?P<what>.{10,}?)\s+-{1,2}\s?(?P<who>[^\s–—:\"“”«»-][^–—:\"“”«»]{1,30})$")
_AFTER = re.compile(r"^(?P<what>.{10,}?)\s+[–—]\s+(?P<who>[^–—:\"“”«»]{2,40})$")
# "Mum's fury: nobody told us".
_WHOSE = re.compile(
    r"(?P<who>.+)['’]s\s(?:fury|anger|agony|anguish|grief|horror|plea|warning|message|vow|verdict|claim|denial|"
    r"answer|reply|story|account)"
)
# Whoever does so behind the colon has said what stands before it.
_TELLS = word_set(
    "defy contradict challenge dispute refute rebut expose reveal tell blow speak warn embarrass accuse"
)
_FINDINGS = word_set("dossier autopsy test finding exam examination inspection probe leak")
_ENOUGH = 3
# What stands before a colon without speaking.
_LABELS = re.compile(
    r"(?i)^(?:live|breaking|exclusive|analysis|opinion|explainer|video|watch|update\w*|factbox|q&a|editorial|review|"
    r"timeline|in pictures|photos?|podcast|interview|profile|what|why|how|who|when|where|as it happened)\b"
)


def detect_headlines(page: Page) -> Iterator[Draft]:
    title = page.article.title
    tail = _TAIL.match(title)
    found = _BEFORE.match(title) or _AFTER.match(title) or _DASHED.match(title)
    if tail is not None and _names_somebody(page, tail["who"].strip()):
        # "Minister: she keeps her post" has him in front, whatever her post is.
        shorter = found is None or len(tail["who"]) < len(found["who"])
        found = tail if shorter or found is None or not _names_somebody(page, found["who"].strip()) else found
    if found is None or not _names_somebody(page, found["who"].strip()):
        yield from _told_behind(page)
    if found is None:
        return
    whose = _WHOSE.fullmatch(found["who"])
    who = (whose or found)["who"].strip()
    what = found["what"].strip(" \"“”«»'‘’")
    if _LABELS.match(who) or _LABELS.match(what) or len(who.split()) > 6 or title.rstrip().endswith("?"):
        return
    start = found.start("what") + found["what"].index(what)
    end = start + len(what)
    sentence = next(
        (s for s in page.parsed if s.field is ArticleField.TITLE and s.start <= start < s.end), None
    )
    if sentence is None or not _names_somebody(page, who):
        return
    end = min(end, sentence.end)
    who_at = found.start("who"), found.start("who") + len(found["who"].rstrip() if whose is None else who)
    yield headline(sentence, who_at, (start, end), ":" if found.re in {_BEFORE, _TAIL} else "–")


def _told_behind(page: Page) -> Iterator[Draft]:
    """'Lead in the flour: a laboratory defies the ministry': what whoever stands behind the colon says."""
    titles = [s for s in page.parsed if s.field is ArticleField.TITLE]
    for label, s in pairwise(titles):
        words = label.text.rstrip()
        between = page.article.title[label.start + len(words) : s.start]
        if between.strip() != ":" or len(words.split()) < _ENOUGH or _LABELS.match(words):
            continue
        if not any(t.pos == "ADP" and t.lemma != "of" for t in label.tokens) or label.tokens[0].dep == "det":
            # "Norvik harbour dispute", "Anatomy of a fall".
            continue
        top = next((i for i, t in enumerate(s.tokens) if t.head == i and t.lemma in _TELLS), None)
        who = grammar.child(s, top, "nsubj") if top is not None else None
        if top is None or who is None or page.quotations_in(label) or s.text.rstrip().endswith("?"):
            continue
        if not (may_speak(s, who) or s.tokens[who].lemma in DOCUMENTS | _FINDINGS):
            continue
        draft = reported(
            label,
            (label.start, label.start + len(words)),
            s.tokens[top].text,
            who,
            roots_within(label, label.start, label.end),
            "headline",
        )
        yield replace(draft, named_in=s)


_SAYS = re.compile(r"\b(?:says?|said|admits?|confirms?|reports?|den(?:y|ies)|claims?|insists?|finds)\b")
_VAGUE = word_set(
    """
    officials sources reports police media witnesses experts documents prosecutors residents lawyers doctors
    scientists rebels ministers lawmakers survivors relatives family report study poll survey analysts
    villagers neighbours neighbors bosses chiefs hackers medics rescuers activists critics families parents
    campaigners insiders watchdog
    """
)


# Offices by their first letters.
_SHORT = frozenset({"PM", "FM", "DPM", "CEO", "COO", "CFO", "CTO", "MP", "MD", "DG", "AG"})
_ABOUT = re.compile(r"\s(?:at|over|after|as|about|against|amid|behind)\s")


def _names_somebody(page: Page, who: str) -> bool:
    """A label that is a name or a role: an entity at its end, a speaker's noun, or a name that the text
    repeats.
    """
    title = page.article.title
    if any(
        m.field is ArticleField.TITLE and who.endswith(title[m.start : m.end]) for m in page.reading.mentions
    ):
        return True
    if _ABOUT.search(who):
        # "‘He was drunk’: fury at captain".
        return False
    # "Captain of the Aurora".
    words = who.split(" of ")[0].split()
    if words[-1] in _SHORT or words[-1].casefold().removeprefix("ex-") in PERSON_NOUNS | ORG_WORDS | _VAGUE:
        return True
    if len(words) > 1 and words[-1][:1].isupper() and (is_address(words[-2]) or words[-2] in _SHORT):
        # "Deputy mayor Ruiz".
        return True
    if _SAYS.search(title):
        # "Norvik: police say two men fled": where it happened.
        return False
    return len(words) <= 3 and all(w[:1].isupper() for w in words) and " ".join(words) in page.article.text
