"""Where: 'at the Chorbog intake', 'from a hill north of the village', as names with what relates them.

Only names, entities that are places, and nouns for buildings, ground and water; "in secret" and "at risk"
say no place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from monitor.core.claims import grammar
from monitor.core.claims.names import PERSON_NOUNS, without_article
from monitor.core.claims.names_in_trees import name_of
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.types import ClaimPlace, Entity, EntityType
from monitor.core.wording import word_set

#: Nobody names more places in one claim; a pasted list does.
MOST_PLACES = 8
_RELATIONS = {
    "in": "in", "inside": "in", "within": "in", "aboard": "in", "across": "in", "throughout": "in",
    "at": "at", "on": "at", "near": "near", "beside": "near", "around": "near", "from": "from",
    "to": "to", "into": "to", "onto": "to", "toward": "toward", "towards": "toward", "through": "through",
    "via": "through", "over": "over", "above": "over", "off": "off", "outside": "outside", "under": "under",
    "beneath": "under", "behind": "behind", "beyond": "behind",
}  # fmt: skip
_COMPASS = word_set("north south east west northeast northwest southeast southwest")
# Places by their noun; a name after a preposition needs none of them.
_NOUNS = word_set(
    """
    airport airfield airspace alley apartment area arena attic avenue barn barracks base basement bay
    beach border bridge building bunker bus cabin cafe camp canal canteen capital car castle cathedral cave
    cell cellar centre center chamber channel checkpoint church cinema city classroom clinic coast compound
    consulate corridor countryside courtroom courtyard crossing dam deck depot desert district dock
    dormitory embassy entrance estate factory farm field fjord flat forest frontier garage
    garden gate gorge gym hall hangar harbour harbor headquarters heights height highway hill hold hospital
    hotel house hut intake island jail junction kindergarten kitchen laboratory lake lobby market marsh
    mine monastery mosque mountain museum office outpost park peninsula pipeline pit plant platform
    playground port post prison quarry quay railway ramp reactor reef region reservoir resort
    restaurant ridge river road roof room ruin runway school sea sector settlement shelter shop shore
    site slope square stadium station store strait street suburb supermarket temple tent terminal
    territory theatre theater tower town trench tunnel university valley vault village wall ward
    warehouse water wharf workshop yard zone home province county country
    """
)
_NO_PLACE = word_set(
    """
    january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday
    """
)
# "Said to the police", "heard from the ministry": verbs that make "to" and "from" a listener.
_TO_SOMEBODY = word_set(
    "say tell write speak talk complain report explain appeal send sell give pay hand hear"
)


def places_in(
    page: Page, s: Sentence, indices: Sequence[int], entities: Mapping[str, Entity]
) -> tuple[ClaimPlace, ...]:
    """The places that these tokens of a sentence name, in order. Empty: none."""
    inside = set(indices)
    found: list[ClaimPlace | None] = []
    for i in indices:
        if s.tokens[i].text.casefold().replace("-", "") in _COMPASS:
            found.append(_side_of(page, s, i, entities))
        elif s.tokens[i].lemma in _RELATIONS:
            found += [_place(page, s, i, noun, entities) for noun in _after(s, i) if noun in inside]
    return tuple(dict.fromkeys(place for place in found if place is not None))[:MOST_PLACES]


def _after(s: Sentence, i: int) -> Iterator[int]:
    """The nouns that a preposition takes, joined ones too."""
    if s.tokens[i].pos not in {"ADP", "SCONJ", "ADV"}:
        return
    noun = grammar.child(s, i, "pobj")
    while noun is not None:
        yield noun
        noun = grammar.child(s, noun, "conj")


def _side_of(page: Page, s: Sentence, i: int, entities: Mapping[str, Entity]) -> ClaimPlace | None:
    """'Twenty kilometres north of the village', 'from the south'."""
    point = s.tokens[i].text.casefold().replace("-", "")
    of = next((n for n in range(i + 1, min(i + 2, len(s.tokens))) if s.tokens[n].lemma == "of"), None)
    inner = grammar.child(s, of, "pobj") if of is not None else None
    if inner is not None and of is not None:
        name, entity = _name(page, s, inner, entities)
        surface = s.words([i, *grammar.noun_phrase(s, inner)])
        return ClaimPlace(name=name, entity=entity, relation=f"{point}_of", surface=surface) if name else None
    above = s.tokens[s.tokens[i].head]
    if s.tokens[i].dep != "pobj" or above.lemma not in _RELATIONS:
        return None
    return ClaimPlace(
        name=point, entity="", relation=_RELATIONS[above.lemma], surface=s.words([s.tokens[i].head, i])
    )


def _place(
    page: Page, s: Sentence, prep: int, noun: int, entities: Mapping[str, Entity]
) -> ClaimPlace | None:
    relation = _RELATIONS[s.tokens[prep].lemma]
    if s.tokens[noun].text.casefold().replace("-", "") in _COMPASS:
        return None
    name, entity = _name(page, s, noun, entities)
    if not name or (relation in {"to", "from"} and _is_listener(s, prep, entity, entities)):
        return None
    surface = s.words([prep, *grammar.noun_phrase(s, noun)])
    return ClaimPlace(name=name, entity=entity, relation=relation, surface=surface)


def _is_listener(s: Sentence, prep: int, entity: str, entities: Mapping[str, Entity]) -> bool:
    above = s.tokens[s.tokens[prep].head].lemma
    return above in _TO_SOMEBODY and not (entity in entities and entities[entity].type is EntityType.PLACE)


def _name(page: Page, s: Sentence, noun: int, entities: Mapping[str, Entity]) -> tuple[str, str]:
    """What the place is called, and its entity; empty: it is no place."""
    token = s.tokens[noun]
    start, end = s.start + token.start, s.start + token.end
    for m in page.reading.mentions:
        if m.field is s.field and m.start <= start and end <= m.end:
            known = entities.get(m.entity)
            if known is None or known.type is EntityType.PLACE:
                return (known.name if known else token.text), m.entity
            return "", ""
    if token.lemma in _NO_PLACE or token.lemma in PERSON_NOUNS:
        return "", ""
    if token.pos == "PROPN" and token.text[:1].isupper():
        return name_of(s, noun), ""
    if token.lemma not in _NOUNS:
        return "", ""
    of = grammar.child(s, noun, "prep")
    inner = grammar.child(s, of, "pobj") if of is not None and s.tokens[of].lemma == "of" else None
    if inner is not None and s.tokens[inner].pos == "PROPN":
        # "The village of Leilek".
        return _name(page, s, inner, entities)
    return without_article(s.words(grammar.noun_phrase(s, noun))), ""
