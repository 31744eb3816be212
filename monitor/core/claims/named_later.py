"""Whom an article names only when they speak again: 'The port's chief resigned. “I am tired,” Ana Ruiz said.'

Agencies begin with a role and keep the name for the quotation behind it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from monitor.core.claims.between import Spoken
from monitor.core.claims.hearing import Known
from monitor.core.claims.languages import Cast
from monitor.core.claims.names import looks_like_person, names_person, without_article
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.types import ArticleField, ClaimKind, Speaker

# What tells who somebody is: ", the mayor,", ", 31,", ", who", " of the union".
_TOLD = re.compile(r"\s*(?:,\s+(?!said|told|as|adding|in|on|at)|\((?!\w+ said)|of\b|from\b)")
# What may stand between the quotation and the name: ',” said Dr. '.
_BARE = re.compile(r"(?:^|[\"”»'’,]\s*)(?:(?:said|says|added|adds)\s+)?(?:(?:Mr|Mrs|Ms|Dr)\.?\s+)?$")

_OWNER = re.compile(r"^.*['’]s? ")


def with_later_names(page: Page, cast: Cast, spoken: Spoken) -> Spoken:
    """The same, those of a role by the name that the next sentence has for it."""
    before = {s.start: b for b, s in pairwise(x for x in page.sentences if x.field is ArticleField.TEXT)}
    names: dict[str, Speaker] = {}
    for d, who in spoken:
        s = d.sentence
        if d.kind is not ClaimKind.DIRECT or d.speaker is None or s.start not in before:
            continue
        if d.named_in is None and _is_new(page, s, d.speaker, who):
            role = _role_in(cast, before[s.start])
            # "A diplomat saw it. || “No,” said Ana Ruiz": two people, where a paragraph begins.
            near = before[s.start].paragraph == s.paragraph
            if role is not None and (near or not role.speaker.surface.startswith(("A ", "a ", "An ", "an "))):
                # "Oskavia's harbour minister" is "the harbour minister" further on.
                names.setdefault(role.speaker.name, who)
                names.setdefault(_OWNER.sub("", role.speaker.name), who)
    if not names:
        return spoken
    return [
        (d, replace(names[who.name], surface=who.surface) if who.name in names else who) for d, who in spoken
    ]


def _is_new(page: Page, s: Sentence, i: int, who: Speaker) -> bool:
    """Whether this name is new to the text here, which says nothing of who its bearer is."""
    if s.field is not ArticleField.TEXT or not looks_like_person(who.name) or who.entity:
        return False
    if not all(word[0].isupper() for word in who.name.split()):
        # "Its captain".
        return False
    text, end = page.article.text, s.start + s.tokens[i].end
    start = end - len(who.name)
    first = text.find(who.name.split()[-1])
    alone = text[start:end] == who.name and start <= first < end
    return alone and _TOLD.match(text, end) is None and _BARE.search(text[s.start : start]) is not None


def _role_in(cast: Cast, s: Sentence) -> Known | None:
    """The one person whom a sentence has only a role for; None: nobody, or several people."""
    people = {
        known.speaker.name: known
        for at, known in cast.heard
        if s.start <= at < s.end and known.is_person and not known.is_plural
    }
    if len(people) != 1:
        return None
    known = next(iter(people.values()))
    name = without_article(known.speaker.name)
    head = re.split(r" (?:of|at|in|for|from|on|who) ", name)[0].split()[-1]
    return known if head.islower() and names_person(head) and not known.speaker.entity else None
