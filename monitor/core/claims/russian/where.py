"""Where, in Russian: "на высотах у Чорбога", "из посёлка", "к северу от села"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.russian import grammar
from monitor.core.claims.russian.cues import PERSON_NOUNS
from monitor.core.claims.russian.names import nominative
from monitor.core.claims.where import MOST_PLACES
from monitor.core.types import ClaimPlace, Entity, EntityType
from monitor.core.wording import word_set

# Preposition and case → relation.
_RELATIONS = {
    ("в", "Loc"): "in", ("внутри", "Gen"): "in", ("на", "Loc"): "at", ("в", "Acc"): "to", ("на", "Acc"): "to",
    ("до", "Gen"): "to", ("к", "Dat"): "toward", ("из", "Gen"): "from", ("с", "Gen"): "from",
    ("от", "Gen"): "from", ("под", "Ins"): "near", ("у", "Gen"): "near", ("около", "Gen"): "near",
    ("возле", "Gen"): "near", ("близ", "Gen"): "near", ("рядом", "Ins"): "near", ("недалеко", "Gen"): "near",
    ("над", "Ins"): "over", ("через", "Acc"): "through", ("за", "Ins"): "behind", ("вне", "Gen"): "outside",
}  # fmt: skip
_COMPASS = {"север": "north", "юг": "south", "восток": "east", "запад": "west"}
_NOUNS = word_set(
    """
    аэропорт аэродром база барак больница бункер вагон вокзал водозабор высота гавань гараж город
    граница двор деревня дом дорога завод здание зал зона институт казарма квартира клиника комната корабль
    край кухня лагерь лес магазин метро море морг мост мечеть музей набережная область общежитие озеро окоп
    остров отель отделение офис палата парк перекресток площадь побережье подвал позиция поле поселок пост
    порт предприятие причал пункт район резервуар река рынок садик сад село склад собор спортзал стадион
    станция столица столовая суд судно танкер театр территория трасса тоннель туннель тюрьма улица
    университет участок учреждение ферма фабрика храм хребет цех церковь центр шахта школа штаб
    побережье республика страна
    """
)


def places_in(
    page: Page, s: Sentence, indices: Sequence[int], entities: Mapping[str, Entity]
) -> tuple[ClaimPlace, ...]:
    """The places that these tokens of a sentence name, in order. Empty: none."""
    found = (_place(page, s, i, entities) for i in indices if s.tokens[i].pos in {"NOUN", "PROPN", "X"})
    return tuple(dict.fromkeys(place for place in found if place is not None))[:MOST_PLACES]


def _place(page: Page, s: Sentence, i: int, entities: Mapping[str, Entity]) -> ClaimPlace | None:
    case = grammar.child(s, i, "case")
    if case is None:
        return None
    relation = _RELATIONS.get((_bare(s.tokens[case].lemma), grammar.feature(s, i, "Case")), "")
    surface = s.words([case, *grammar.noun_phrase(s, i)])
    token = s.tokens[i]
    point = next((point for word, point in _COMPASS.items() if token.lemma.endswith(word)), "")
    if point and relation:
        # "К северу от села": the place is the village.
        of = next((c for c in s.children[i] if grammar.preposition(s, c) == "от"), None)
        if of is None:
            return ClaimPlace(name=point, entity="", relation=relation, surface=surface)
        relation, i, surface = f"{point}_of", of, s.words([case, i, *grammar.noun_phrase(s, of)])
    name, entity = _name(page, s, i, entities)
    if not relation or not name:
        return None
    return ClaimPlace(name=name, entity=entity, relation=relation, surface=surface)


def _bare(preposition: str) -> str:
    """ "Во", "со", "ко" without their vowel."""
    return {"во": "в", "со": "с", "ко": "к", "изо": "из", "ото": "от"}.get(preposition, preposition)


def _name(page: Page, s: Sentence, i: int, entities: Mapping[str, Entity]) -> tuple[str, str]:
    """What the place is called in the nominative, and its entity; empty: it is no place."""
    token = s.tokens[i]
    start, end = s.start + token.start, s.start + token.end
    for m in page.reading.mentions:
        if m.field is s.field and m.start <= start and end <= m.end:
            known = entities.get(m.entity)
            if known is None or known.type is EntityType.PLACE:
                return (known.name if known else token.text), m.entity
            return "", ""
    if token.lemma in PERSON_NOUNS:
        return "", ""
    case, number = grammar.feature(s, i, "Case"), grammar.feature(s, i, "Number") or "Sing"
    named = grammar.beside(s, i)
    if named is not None and token.lemma in _NOUNS:
        return nominative(s.tokens[named].text, case), ""
    if token.pos == "PROPN" and token.text[:1].isupper() and not token.text.isupper():
        return nominative(token.text, case, number), ""
    if token.lemma not in _NOUNS:
        return "", ""
    return " ".join(
        nominative(s.tokens[n].text, case, number, grammar.feature(s, i, "Gender"))
        if n == i or (s.tokens[n].head == i and s.tokens[n].dep == "amod")
        else s.tokens[n].text
        for n in grammar.noun_phrase(s, i)
    ), ""
