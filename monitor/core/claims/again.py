"""Whom a definite phrase means again: 'the company', 'the coast guard', 'the official', 'the 54-year-old'."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from monitor.core.claims import grammar
from monitor.core.claims.cues import DOCUMENTS
from monitor.core.claims.hearing import Known
from monitor.core.claims.introductions import SHORT_OFFICES, Introductions, is_body, is_public, singular
from monitor.core.claims.known_names import known_names
from monitor.core.claims.names import ANY_ORG, FIRM_WORDS, PERSON_NOUNS, names_person, without_article
from monitor.core.claims.parsed import Sentence
from monitor.core.types import Article, ArticleField, Entity, EntityType, Speaker
from monitor.core.wording import word_set

# "The British", "the Chinese" are many.
_OF_NATIVES = ("an", "ard", "er", "ne", "de", "nn", "ole", "urk", "i", "lav", "rab", "reek")
# Any of the firms may be called so.
_ANY_FIRM = word_set("company firm group organisation organization")
# Words for one kind of firm.
_CALLED_TOO = {
    word: row
    for row in (
        word_set("bank lender"),
        word_set("airline carrier"),
        word_set("maker manufacturer producer"),
        word_set("retailer shop store supermarket chain"),
    )
    for word in row
}
_ANY_GROUP = word_set("group organisation organization club charity broadcaster bank operator")
# Say of nobody more than that it is one person: whoever was spoken of last.
_ANYBODY = word_set(
    """
    man woman person source native veteran newcomer
    democrat republican conservative socialist liberal nationalist tory communist
    """
)
# Of these a report has several, and one who is something else is none: "the prosecutor", after a lawyer.
_OFFICES = word_set(
    "prosecutor judge minister mayor governor president ambassador general spokesman spokeswoman"
)
_ANY_PAPER = word_set("document paper text")
_PARENTS = word_set(
    "mother father grandmother grandfather mum mom dad gran granny nan grandma grandad granddad parent"
)
_OF_WHAT = re.compile(r"\s(?:for|of)\s")
# "The former aide" is "the ex-aide", "the same aide" the aide.
_FORMER = word_set("ex - former then same")


def organisation_again(
    s: Sentence,
    i: int,
    named: Iterable[Known],
    who: Introductions,
    entities: Mapping[str, Entity],
    article: Article,
) -> Known | None:
    """'The company', said of the one named last; another noun only where the name carries it.

    `named` is everybody named before, the last one first.
    """
    tokens = grammar.noun_phrase(s, i)
    phrase = [s.tokens[n].lemma for n in tokens]
    # "A company spokesman": he speaks for the company.
    of_it = s.tokens[i].dep == "compound" and len(phrase) == 1
    phrase = ["the", *phrase] if of_it else phrase
    if len(phrase) != 2 or phrase[0] != "the" or s.tokens[i].tag != "NN" or phrase[1] in PERSON_NOUNS:
        return None
    surface = s.words(tokens)
    bodies = [k for k in named if not k.is_person and not k.is_plural]
    if phrase[1] in ANY_ORG - _ANY_FIRM:
        # "The bank", after "the mill's lender, Banca Orlo".
        wanted = _CALLED_TOO.get(phrase[1], frozenset({phrase[1]}))
        called = {
            k.speaker.name: k for k in bodies if not wanted.isdisjoint(who.roles.get(k.speaker.name, ()))
        }
        if len(called) == 1:
            return next(iter(called.values())).as_written(surface)
    firms = {k.speaker.name: k for k in bodies if _may_be_a_firm(k, who, article, phrase[1] in _ANY_FIRM)}
    only = next(iter(firms.values())) if len(firms) == 1 and phrase[1] in ANY_ORG else None
    for known in bodies:
        if known is only:
            return known.as_written(surface)
        entity = entities.get(known.speaker.entity)
        is_org = entity is not None and entity.type is EntityType.ORG and entity.side in {"", entity.id}
        name = known.speaker.name.casefold()
        carries = phrase[1] in name.split() or (len(phrase[1]) > 3 and name.endswith(phrase[1]))
        # The Union is a group, and no utility.
        fits = phrase[1] in ANY_ORG and (not is_public(known.speaker.name) or phrase[1] in _ANY_GROUP)
        if name != phrase[1] and (carries or (is_org and fits)):
            return Known(replace(known.speaker, surface=surface), False, False)
    if phrase[1] not in ANY_ORG:
        return None
    known_to_rules = known_names(entities)
    read = [name for name in who.firms if not is_public(name) and not known_to_rules.entity_named(name)]
    single = not firms and len(read) == 1
    return Known(Speaker(name=read[0], surface=surface), False, False) if single else None


def _may_be_a_firm(known: Known, who: Introductions, article: Article, any_firm: bool) -> bool:
    """A name that the article repeats, of no person, place or public body, nor its own: 'Vantor'."""
    name = known.speaker.name
    if (
        known.speaker.entity
        or name in article.publisher
        or not name.split()[-1][:1].isupper()
        or who.is_person(name)
        # Compiling a pattern for each name costs more than looking for it.
        or (f"n {name}" in article.text and re.search(rf"\b[Ii]n {re.escape(name)}\b", article.text))
    ):
        # "In Brack" is a place, however often it is named.
        return False
    # "The trade union Vantor" is called a union, not a company.
    called = " ".join([name, *who.titles.get(name, ()), *who.roles.get(name, ())])
    if is_public(called):
        return False
    any_firm = any_firm or any(singular(word) in FIRM_WORDS for word in name.casefold().split())
    return (any_firm and who.is_person(name) is False) or article.text.count(name) > 1


def body_again(
    surface: str, named: Iterable[Known], who: Introductions, speaker: Callable[[str, str], Speaker]
) -> Known | None:
    """The body of the text whose name ends with these words: 'the coast guard', 'the ministry'.

    `speaker` makes one of a name and of how it is written.
    """
    words = [singular(w) for w in without_article(surface).casefold().split()]
    if not words or not surface[:4].casefold().startswith("the ") or not is_body(words[-1]):
        return None

    def ends_so(name: str) -> bool:
        # "The committee" is the State Committee for National Security.
        parts = [singular(w) for w in _OF_WHAT.split(name.casefold())[0].split()]
        return len(name.split()) > len(words) and parts[-len(words) :] == words

    # Of several the one that spoke last; of bodies only read of the one that there is.
    for known in named:
        if known.is_person is not True and ends_so(known.speaker.name):
            return known.as_written(surface)
    bodies = [name for name in who.bodies.values() if ends_so(name)]
    return Known(speaker(bodies[0], surface), False, False) if len(bodies) == 1 else None


def person_again(
    s: Sentence,
    i: int,
    named: Iterable[Known],
    near: Known | None,
    holder: str,
    *,
    may_be_new: bool = False,
    has_trade: bool = False,
) -> Known | None:
    """'The official', after 'a ministry official'; 'the man', 'the 54-year-old' of whoever spoke just before.

    `named` is everybody named before, the last one first; `near` whoever spoke last in the same paragraph;
    `holder` the name whose office this is, which nobody named before it takes away; `may_be_new` says that
    the article did not have the noun before, and `near` speaks for nobody; `has_trade` that the article told
    what `near` is. None: nobody is meant.
    """
    token = s.tokens[i]
    tokens = [n for n in grammar.noun_phrase(s, i) if n <= i]
    aged = "-year-old" in s.text[s.tokens[tokens[0]].start : token.end] and token.tag != "NNS"
    # "The mum-of-two".
    aged = aged or (token.lemma in _PARENTS and s.text[token.end :].startswith("-of-"))
    this = s.tokens[tokens[0]].lemma in {"this", "that"} and token.lemma in _ANYBODY
    if s.tokens[tokens[0]].lemma != "the" and not this:
        return None
    surface = s.words(tokens)
    if token.tag == "NNS" and len(tokens) == 2:
        # "The people", after "two people briefed on the talks".
        several = (k for k in named if k.is_plural and token.text.casefold() in _words(k.speaker.name))
        return next((k.as_written(surface) for k in several if k.speaker.name.count(" ")), None)
    if token.tag not in {"NN", "NNP"} and not aged:
        return None
    bare = [n for n in tokens if s.tokens[n].lemma not in _FORMER]
    if names_person(token.lemma) and len(bare) == 2:
        for known in named:
            if known.speaker.name == holder:
                return None
            head = known.speaker.name.casefold().split()
            if not known.is_plural and len(head) > 1 and token.lemma in _heads(head):
                return known.as_written(surface)
    told_apart = any(
        s.tokens[c].dep in {"relcl", "acl"} and s.tokens[i + 1].text != "," for c in s.children[i]
    )
    if told_apart or near is None or near.is_person is False or near.is_plural:
        return None
    # "The mother of three".
    parent = token.lemma in _PARENTS and any(s.tokens[n].pos == "NUM" for n in grammar.noun_phrase(s, i))
    # "The nurse", of whom nothing but a name was said so far.
    of_somebody = any(s.tokens[c].lemma in {"for", "of"} for c in s.children[i] if c > i)
    named_only = near.speaker.name[:1].isupper() and not of_somebody
    fresh = (
        len(bare if surface.casefold().startswith("the ex-") else tokens) == 2
        and names_person(token.lemma)
        and not holder
        and near.is_person
        and may_be_new
        and named_only
        and not (token.lemma in _OFFICES and has_trade)
    )
    return near.as_written(surface) if token.lemma in _ANYBODY or aged or parent or fresh else None


def may_go_far_back(s: Sentence, i: int) -> bool:
    """'The mum-of-two', 'the ex-mayor', 'the 19-year-old': whoever spoke last, in a paragraph before, too."""
    words = grammar.noun_phrase(s, i)
    before = s.text[s.tokens[words[0]].start : s.tokens[i].end].casefold()
    of_some = s.tokens[i].lemma in _PARENTS and s.text[s.tokens[i].end :].startswith("-of-")
    return of_some or before.startswith("the ex-") or "-year-old" in before


def paper_again(s: Sentence, i: int, named: Iterable[Known]) -> Known | None:
    """'The document', after 'a report of the commission': whose report that was; None: nobody's yet."""
    token = s.tokens[i]
    if not any(s.tokens[c].lemma == "the" for c in s.children[i]) or token.tag != "NN":
        return None
    wanted = DOCUMENTS if token.lemma in _ANY_PAPER else {token.lemma}
    for known in named:
        heads = _heads(known.speaker.surface.casefold().split() or [""])
        if heads[0] in wanted and known.speaker.name.casefold().split()[-1] not in DOCUMENTS:
            return known
    return None


def is_native(s: Sentence, i: int, place: Entity | None) -> bool:
    """'The Italian', said of one person: no name of the country itself, nor of all its people."""
    token = s.tokens[i]
    word = token.text
    the = any(s.tokens[c].lemma == "the" for c in s.children[i])
    one = token.tag in {"NN", "NNP", "JJ"} and word[:1].isupper() and word[1:].islower()
    of_place = word not in place.name if place is not None else token.entity_type == "NORP"
    return the and one and of_place and word.endswith(_OF_NATIVES)


def is_new_noun(text: str, s: Sentence, i: int) -> bool:
    """Whether an article's text has this noun for the first time here."""
    before = text[: s.start + s.tokens[i].start].casefold()
    return s.field is ArticleField.TEXT and s.tokens[i].lemma not in before


def may_mean_again(s: Sentence, i: int) -> bool:
    """Whether a word in capitals may be a role: 'the Democrat', 'the Labour MP', 'the COO'."""
    low = s.tokens[i].text.casefold()
    the = any(s.tokens[c].lemma == "the" for c in s.children[i])
    return the and (low in _ANYBODY or low in SHORT_OFFICES or (low in PERSON_NOUNS and not low.istitle()))


def _words(name: str) -> list[str]:
    return name.casefold().split()


def _heads(words: list[str]) -> list[str]:
    """The noun of 'source close to the talks', 'former salesman': the last word before a preposition."""
    for n, word in enumerate(words):
        if n and word in {
            "of",
            "at",
            "in",
            "for",
            "from",
            "with",
            "by",
            "who",
            "close",
            "familiar",
            "briefed",
        }:
            return [words[n - 1]]
    return [words[-1]]
