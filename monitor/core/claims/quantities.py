"""How many of what: 'at least 137 people were killed' → 137, at least, killed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from monitor.core.claims import grammar
from monitor.core.claims.names import names_person
from monitor.core.claims.parsed import Sentence
from monitor.core.numerals import LARGE, SMALL, bound_of, number
from monitor.core.types import Quantity
from monitor.core.wording import word_set

_CURRENCY = {
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "dollar": "USD",
    "euro": "EUR",
    "pound": "GBP",
    "rouble": "RUB",
}
_MONTHS = word_set(
    """
    january february march april may june july august september october november december jan feb mar
    apr jun jul aug sep sept oct nov dec
    """
)
_ON_TOP = word_set("more another further additional extra other")
_MORE = word_set("more less few fewer many least most")
#: A figure, by its name: "the toll", "the number of cases".
FIGURE_WORDS = word_set("number toll count total figure tally")
_VEHICLES = word_set("boat ship ferry vessel plane aircraft jet flight helicopter train bus coach tram board")
# Where people are kept: those in them have a unit of their own (rules/frames/counts.yml).
_KEPT = word_set("custody detention hospital")
# Verbs that tell nothing of what is counted.
_LIGHT = word_set("be have say tell make take do get give include find see come go")
_PEOPLE = word_set(
    """
    people person man woman child civilian worker passenger soldier civilian resident employee
    student crew police officer patient victim other migrant tourist boy girl sailor miner fisherman
    protester one pupil firefighter visitor head soul
    """
)
# "Were dead", "went missing", "remain missing".
_STATES = word_set("be go remain")
# Who falls in battle.
_IN_ARMS = word_set("soldier fighter serviceman gendarme troop officer marine")
# "Are known to have died", "were feared dead": what is known of them.
_KNOWN = word_set("know believe fear report confirm think presume say understand feel")
# "Sixty passengers were carried", "are listed".
_COUNTED_SO = _KNOWN | word_set("carry book list count register record find see check estimate expect")
# "Lost their lives", "claimed 14 lives".
_TAKEN = word_set("lose claim take cost")
# "The last five bodies", "the first 40": a stretch of those counted.
_STRETCH = word_set("first last next remaining final")
_LEAVING_OUT = word_set("besides except apart excluding")
# "Four were slightly hurt": the others are not counted.
_GRAVELY = word_set("slightly lightly mildly seriously severely badly gravely critically heavily")
# "Several hundred": at least two.
_A_FEW = word_set("several few many")
# Those who do so are there.
_COMING = word_set("gather assemble attend join fill block crowd pack travel fly sail board")
# "Demonstrator", "evacuee": people, by what they do or what was done to them.
_WHO_DO = ("er", "or", "ee", "ant")
_DAYS = word_set("monday tuesday wednesday thursday friday saturday sunday")


def quantities(s: Sentence, indices: list[int], units: Mapping[str, str]) -> tuple[Quantity, ...]:
    """The counts and amounts among these tokens. `units` maps a lemma to the name of what is counted."""
    found, used = [], set[int]()
    inside = set(indices)
    for i in indices:
        if i in used or not _is_number(s, i):
            continue
        group = [i]
        while (following := _number_goes_on(s, group[-1])) is not None and following in inside:
            group.append(following)
        used.update(group)
        value = None if _is_date_or_time(s, group) else number(s.words(group))
        unit = _unit(s, group[-1], units) if value is not None else ""
        if value is None or not unit or _is_one_of_a_kind(s, i):
            continue
        bound = bound_of(s.text[: s.tokens[i].start])
        if i and s.tokens[i - 1].lemma in _A_FEW and s.tokens[i].lemma in LARGE:
            value, bound = 2 * value, "at_least"
        others = _counted_beside(s, group[-1]) if unit in units.values() else []
        if _is_increment(s, group):
            # Fifteen more are no toll: they come on top of one.
            unit = f"more {unit}"
        elif _is_part(s, group) or None in others or _do_something(s, group[-1], units):
            unit = f"some {unit}"
        else:
            used.update(n for other in others if other is not None for n in other.tokens)
            total = value + sum(other.value for other in others if other is not None)
            if total > value:
                all_of_it = s.words([group[0], max(other.noun for other in others if other is not None)])
                found.append(Quantity(value=total, bound=bound, unit=unit, surface=all_of_it))
                # Who speaks of "the 64 on board" may leave out the crew.
                bound = "at_least"
        found.append(Quantity(value=value, bound=bound, unit=unit, surface=s.words(group)))
    return tuple(found)


def _is_number(s: Sentence, i: int) -> bool:
    """A word for a number, too, that the parser takes for an adjective: "Eleven miners"."""
    token = s.tokens[i]
    return token.pos == "NUM" or (token.dep == "nummod" and token.text.casefold() in SMALL)


class _Beside(NamedTuple):
    """Others that are counted along: how many, the tokens of that number, and the noun."""

    value: float
    tokens: tuple[int, ...]
    noun: int


def _counted_beside(s: Sentence, i: int) -> list[_Beside | None]:
    """'Five men, two women and a child': those that one total counts along; None: how many is not said."""
    noun, found = _counted(s, i), list[_Beside | None]()
    while noun != i and (noun := _joined(s, noun) or i) != i:
        token = s.tokens[noun]
        if token.lemma not in _PEOPLE and not names_person(token.lemma):
            break
        tokens = tuple(c for c in s.children[noun] if s.tokens[c].pos == "NUM" and c < noun)
        value = number(s.words(tokens)) if tokens else None
        if not tokens and any(s.tokens[c].lemma in {"a", "an"} for c in s.children[noun]):
            value = 1.0
        found.append(None if value is None else _Beside(value, tokens, noun))
    return found


def _joined(s: Sentence, noun: int) -> int | None:
    """The noun that "and" joins to this one; the parse may take both for subjects of one verb."""
    below = grammar.child(s, noun, "conj")
    if below is not None or grammar.child(s, noun, "cc") is None:
        return below
    token = s.tokens[noun]
    return next((c for c in s.children[token.head] if c > noun and s.tokens[c].dep == token.dep), None)


def _do_something(s: Sentence, i: int, units: Mapping[str, str]) -> bool:
    """'Twelve demonstrators complained of smoke': that many did, and not that many came."""
    noun = _counted(s, i)
    act = s.tokens[s.tokens[noun].head]
    counts = act.lemma in units or act.lemma in _LIGHT | _COMING | _KNOWN or act.tag == "VBN"
    named = s.tokens[noun].lemma in units and s.tokens[noun].lemma.endswith(_WHO_DO)
    return named and s.tokens[noun].dep == "nsubj" and act.pos == "VERB" and not counts


def _is_part(s: Sentence, group: list[int]) -> bool:
    """'Six of the dead', 'the last five bodies', 'two slightly hurt', 'the 12 bodies that she was shown':
    not all that there were.
    """
    first, i = group[0], group[-1]
    if first and s.tokens[first - 1].lemma in _STRETCH:
        return True
    noun = s.tokens[i].head
    acts = {noun, s.tokens[noun].head, *(c for c in s.children[noun] if s.tokens[c].dep in {"acl", "amod"})}
    if any(s.tokens[c].lemma in _GRAVELY for act in acts for c in s.children[act]):
        return True
    if s.tokens[i].dep == "nummod" and s.tokens[noun].lemma not in _PEOPLE and _is_narrowed(s, noun):
        return True
    if (
        s.tokens[i].dep == "nummod"
        and s.tokens[noun].dep == "pobj"
        and s.tokens[s.tokens[noun].head].text == "by"
    ):
        # "A film by two passengers": others have made none.
        return True
    if any(s.tokens[c].lemma in _LEAVING_OUT for c in s.children[noun] if c > noun):
        # "Four passengers besides Ms Ruiz".
        return True
    of = grammar.child(s, i, "prep")
    if of is None or s.tokens[of].lemma != "of" or of != i + 1:
        return False
    whole = grammar.child(s, of, "pobj")
    return whole is not None and (
        s.tokens[whole].pos == "PRON" or any(s.tokens[c].dep in {"det", "poss"} for c in s.children[whole])
    )


def _is_narrowed(s: Sentence, noun: int) -> bool:
    """Whether a clause says which of them: 'bodies that she was shown', not 'the bodies, which she saw'."""
    clause = grammar.child(s, noun, "relcl")
    if clause is None:
        return False
    first = min(s.subtree(clause))
    return s.tokens[first - 1].text != "," and s.tokens[first].tag in {"WDT", "WP", "IN"}


def _is_one_of_a_kind(s: Sentence, i: int) -> bool:
    """', one of the worst of its kind': says what something is, and counts nothing."""
    following = s.tokens[i + 1].lemma if i + 1 < len(s.tokens) else ""
    return s.tokens[i].lemma == "one" and s.tokens[i].dep == "appos" and following == "of"


def _is_increment(s: Sentence, group: list[int]) -> bool:
    """'15 more bodies', 'another 20', 'a further 158'."""
    around = [s.tokens[n].lemma for n in (group[0] - 1, group[-1] + 1) if 0 <= n < len(s.tokens)]
    return bool(_ON_TOP & set(around)) and "than" not in around


def _is_date_or_time(s: Sentence, group: list[int]) -> bool:
    """'the 31 October', 'at twenty past nine', 'in 2019' count nothing."""
    first, last = group[0], group[-1]
    after = s.tokens[last + 1].lemma if last + 1 < len(s.tokens) else ""
    before = s.tokens[first - 1].lemma if first else ""
    if after in _MONTHS or before in _MONTHS or after in {"past", "o'clock", "a.m.", "p.m.", "am", "pm"}:
        return True
    is_year = len(group) == 1 and re.fullmatch(r"(?:1[5-9]|20)\d\d", s.tokens[first].text) is not None
    return (
        is_year
        and s.tokens[first].dep in {"pobj", "npadvmod", "nummod"}
        and before in {"in", "of", "since", "until", "by", "from", "during", "march", "may", *_MONTHS}
    )


def _number_goes_on(s: Sentence, i: int) -> int | None:
    """The next token of one number: 'two million', 'twenty-one', 'two hundred and fourteen'."""
    following = i + 1
    joins = {"-"} | ({"and"} if s.tokens[i].lemma in LARGE else set())
    if following < len(s.tokens) and s.tokens[following].text in joins:
        following += 1
    if following >= len(s.tokens):
        return None
    # "Forty-one" at the start of a sentence is tagged as a noun.
    joined = following == i + 2 and s.tokens[following].lemma in SMALL
    return following if s.tokens[following].pos == "NUM" or joined else None


def _unit(s: Sentence, i: int, units: Mapping[str, str]) -> str:
    """What the number counts: what happened to them ("killed") before what they are ("passenger"), the
    thing itself where neither is known; empty where nothing can be told.
    """
    token = s.tokens[i]
    if i > 0 and s.tokens[i - 1].text in _CURRENCY:
        return _CURRENCY[s.tokens[i - 1].text]
    if i + 1 < len(s.tokens) and s.tokens[i + 1].text in {"%", "percent"}:
        return "percent"
    noun = _counted(s, i)
    lemma = s.tokens[noun].lemma
    if lemma in _DAYS and i + 1 < len(s.tokens) and s.tokens[i + 1].pos == "NOUN":
        # "As of Wednesday 47 people had asked for help": no Wednesdays.
        noun, lemma = i + 1, s.tokens[i + 1].lemma
    if lemma in {"cent", "percent", "percentage"}:
        return "percent"
    if lemma in _CURRENCY:
        return _CURRENCY[lemma]
    is_bare = noun == i
    acts = [act for act in (_act(s, noun), *_figure_of(s, i)) if act]
    if is_bare and i + 1 < len(s.tokens):
        # "Fifteen dead", "11 injured".
        acts.insert(0, s.tokens[i + 1].lemma)
    known = next((units[act] for act in acts if act in units), "")
    if known:
        return known
    if not is_bare and lemma in units:
        above = s.tokens[s.tokens[noun].head]
        undergo = s.tokens[noun].dep == "nsubjpass" and lemma.endswith(_WHO_DO)
        if undergo and above.pos == "VERB" and above.lemma not in _COUNTED_SO:
            # "Twelve passengers were taken": so many were, and not so many were aboard.
            return f"{lemma} {above.lemma}"
        return units[lemma]
    if is_bare or lemma in _PEOPLE:
        of_people = not is_bare or token.dep in {"nsubj", "nsubjpass"} or any(act in _PEOPLE for act in acts)
        return _whereabouts(s, noun, units) or ("people" if of_people else "")
    act = acts[0] if acts else ""
    return f"{lemma} {act}".strip() if act and act not in _LIGHT else lemma


def _counted(s: Sentence, i: int) -> int:
    """The noun that the number stands with; the number itself where it stands alone."""
    token = s.tokens[i]
    if token.dep not in {"nummod", "compound", "quantmod"} or token.head == i:
        return i
    noun = token.head
    while s.tokens[noun].pos == "NUM" and s.tokens[noun].head != noun:
        noun = s.tokens[noun].head
    return noun


def _figure_of(s: Sentence, i: int) -> Iterator[str]:
    """'the number of wounded at 14', 'the death toll stood at 31': what the figure is said to be of."""
    for n in s.subtree(_top(s, i)):
        token = s.tokens[n]
        if n >= i or token.lemma not in FIGURE_WORDS:
            continue
        yield from ("killed" for _ in [0] if token.lemma == "toll")
        yield from (
            s.tokens[c].lemma
            for c in s.children[n]
            if s.tokens[c].dep in {"compound", "amod", "nmod", "advmod"}
        )
        of = next((c for c in s.children[n] if s.tokens[c].dep == "prep" and s.tokens[c].lemma == "of"), None)
        thing = grammar.child(s, of, "pobj", "pcomp") if of is not None else None
        if thing is not None:
            yield _act(s, thing)
            yield s.tokens[thing].lemma


def _whereabouts(s: Sentence, noun: int, units: Mapping[str, str]) -> str:
    """'300 on that boat' are aboard, '46 in custody' are held."""
    for n in (*s.children[noun], *s.children[s.tokens[noun].head]):
        if s.tokens[n].lemma == "aboard":
            return "aboard"
        if s.tokens[n].dep == "prep" and s.tokens[n].lemma in {"on", "in", "inside"}:
            thing = grammar.child(s, n, "pobj")
            if thing is not None and s.tokens[thing].lemma in _VEHICLES:
                return "aboard"
            if thing is not None and s.tokens[thing].lemma in _KEPT:
                return units.get(s.tokens[thing].lemma, "")
    return ""


def _act(s: Sentence, noun: int) -> str:
    """What happened to the counted: the participle beside it or the verb that it stands with."""
    said = (c for c in s.children[noun] if s.tokens[c].dep in {"acl", "amod"})
    # "More than 40 were hurt": "more" is nothing that happened to them.
    beside = next((c for c in said if s.tokens[c].lemma not in _MORE), None)
    if beside is not None and s.tokens[beside].pos in {"VERB", "ADJ"}:
        return s.tokens[beside].lemma
    token = s.tokens[noun]
    above = s.tokens[token.head]
    if token.dep in {"nsubjpass", "dobj", "nsubj"} and above.pos in {"VERB", "ADJ", "AUX"}:
        told = grammar.child(s, token.head, "acomp", "xcomp") if above.lemma in _STATES else None
        if above.lemma in _KNOWN:
            told = grammar.child(s, token.head, "xcomp", "oprd")
        if told is not None:
            # "Missing" is taken for a form of "miss".
            state = s.tokens[told]
            return state.text.casefold() if state.tag == "VBG" else state.lemma
        if above.lemma == "fall" and token.lemma in _IN_ARMS and _in_battle(s, token.head):
            return "die"
        taken = grammar.child(s, token.head, "dobj")
        if above.lemma == "miss" and above.tag == "VBG" and taken is None:
            return "missing"
        lives = taken is not None and s.tokens[taken].lemma == "life"
        return "die" if above.lemma in _TAKEN and (lives or token.lemma == "life") else above.lemma
    return ""


def _in_battle(s: Sentence, fell: int) -> bool:
    """'Nine soldiers fell', 'fell in the ambush'; not "fell from the lorry", "fell ill"."""
    return all(
        s.tokens[c].dep in {"nsubj", "aux", "punct", "npadvmod", "advmod", "mark", "parataxis"}
        or (s.tokens[c].dep == "prep" and s.tokens[c].lemma in {"in", "on", "near", "at", "during"})
        for c in s.children[fell]
    )


def _top(s: Sentence, i: int) -> int:
    return next((a for a in s.ancestors(i) if s.tokens[a].pos in {"VERB", "AUX"}), i)
