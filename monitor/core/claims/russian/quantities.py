"""How many of what in Russian: "не менее 15 человек погибли" → 15, at least, killed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from monitor.core.claims.parsed import Sentence
from monitor.core.claims.russian import grammar
from monitor.core.types import Quantity
from monitor.core.wording import word_set

_ONES = "ноль один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать"  # noqa: E501  # one list in order
_TENS = "двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто"
_HUNDREDS = "сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот"
_TOGETHER = "двое трое четверо пятеро шестеро семеро восьмеро девятеро десятеро"
_SMALL = (
    {w: float(n) for n, w in enumerate(_ONES.split())}
    | {w: 20.0 + 10 * n for n, w in enumerate(_TENS.split())}
    | {w: 100.0 + 100 * n for n, w in enumerate(_HUNDREDS.split())}
    | {w: 2.0 + n for n, w in enumerate(_TOGETHER.split())}
    | {"оба": 2.0, "полтора": 1.5, "двоих": 2.0}
)
_LARGE = {
    "тысяча": 1e3, "тыс": 1e3, "миллион": 1e6, "млн": 1e6, "миллиард": 1e9, "млрд": 1e9, "триллион": 1e12,
    "трлн": 1e12, "десяток": 1e1, "сотня": 1e2, "дюжина": 1.2e1,
}  # fmt: skip
_DIGITS = re.compile(r"^\d{1,3}(?:[\s\u00a0]\d{3})+$|^\d+(?:[.,]\d+)?$")
_BOUNDS = (
    (
        re.compile(r"(?:не менее|не меньше|как минимум|минимум|по меньшей мере|по крайней мере)\s*$"),
        "at_least",
    ),
    (re.compile(r"(?:не более|не больше|не свыше|максимум)\s*$"), "at_most"),
    (re.compile(r"(?:более|больше|свыше|превыша\w+|превысил\w*)(?: чем)?\s*$"), "more_than"),
    (re.compile(r"(?:менее|меньше|почти)(?: чем)?\s*$"), "less_than"),
    (re.compile(r"(?:около|примерно|порядка|приблизительно|ориентировочно|где-то)\s*$"), "about"),
    (re.compile(r"(?:^|\s)до\s*$"), "at_most"),
)
# "Выросло до шести": no bound, where it arrived.
_ARRIVES = word_set(
    """
    вырасти возрасти увеличиться достичь дойти сократиться снизиться уменьшиться подняться расти
    увеличить сократить довести повыситься упасть возрастать
    """
)
_CURRENCY = {
    "рубль": "RUB", "руб": "RUB", "доллар": "USD", "евро": "EUR", "фунт": "GBP", "гривна": "UAH",
    "тенге": "KZT",     "$": "USD", "€": "EUR", "£": "GBP", "₽": "RUB",
}  # fmt: skip
_MONTHS = word_set("январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь")
#: Measure time or say which one: no count of anything.
_TIME = _MONTHS | word_set(
    "год г час ч минута секунда день сутки неделя месяц утро вечер ночь раз век лето полдень"
)
_PEOPLE = word_set(
    """
    человек люди гражданин мужчина женщина ребенок дети житель сотрудник работник рабочий солдат военный
    военнослужащий пассажир студент школьник ученик пациент полицейский мирный турист учитель пострадавший
    член
    """
)
_FIGURES = word_set("число количество численность список счет")
_LIGHT = word_set("быть сказать стать иметь являться составить составлять насчитывать остаться оставаться")
# "Первых сорок погибших", "последние двое": a stretch of those counted.
_STRETCH = word_set("первый последний остальной оставшийся")
_ON_TOP = word_set("еще дополнительный дополнительно")
_VEHICLES = word_set("борт судно самолет вертолет поезд автобус паром корабль лодка рейс")


def quantities(s: Sentence, indices: list[int], units: Mapping[str, str]) -> tuple[Quantity, ...]:
    """The counts and amounts among these tokens. `units` maps a dictionary form to what is counted."""
    found, used = [], set[int]()
    for i in indices:
        if i in used or not _is_number(s, i):
            continue
        group = [i]
        while group[-1] + 1 in indices and _goes_on(s, group[-1] + 1):
            group.append(group[-1] + 1)
        used.update(group)
        value = number([s.tokens[n].lemma if s.tokens[n].text.isalpha() else s.tokens[n].text for n in group])
        unit = _unit(s, group, units) if value is not None and not _is_date(s, group) else ""
        if value is None or not unit or (group[0] and s.tokens[group[0] - 1].lemma == "ни"):
            # "Ни одного погибшего": there was none.
            continue
        if group[0] and s.tokens[group[0] - 1].lemma in _ON_TOP:
            unit = f"more {unit}"
        elif group[0] and s.tokens[group[0] - 1].lemma in _STRETCH:
            unit = f"some {unit}"
        found.append(Quantity(value=value, bound=_bound(s, group), unit=unit, surface=s.words(group)))
    return tuple(found)


def number(words: list[str]) -> float | None:
    """What a number in figures or dictionary forms is worth; None where it is none."""
    total, current = 0.0, 0.0
    for word in words:
        low = word.casefold().rstrip(".")
        if _DIGITS.match(low):
            current += float(re.sub(r"[\s\u00a0]", "", low).replace(",", "."))
        elif low in _SMALL:
            current += _SMALL[low]
        elif low in _LARGE:
            total, current = total + (current or 1.0) * _LARGE[low], 0.0
        else:
            return None
    return total + current if words else None


def _is_number(s: Sentence, i: int) -> bool:
    token = s.tokens[i]
    if token.text[:1].isdigit():
        return _DIGITS.match(token.text) is not None
    return (token.lemma in _SMALL and token.pos in {"NUM", "PRON", "NOUN"}) or token.lemma in _LARGE


def _goes_on(s: Sentence, i: int) -> bool:
    token = s.tokens[i]
    return (
        token.lemma.rstrip(".") in _LARGE
        or (token.lemma in _SMALL and token.pos == "NUM")
        or (len(token.text) == 3 and token.text.isdigit() and s.tokens[i - 1].text.isdigit())
    )


def _is_date(s: Sentence, group: list[int]) -> bool:
    """ "17 марта", "в 2022 году", "в шесть часов", "школа № 14"."""
    first, last = group[0], group[-1]
    after = [s.tokens[n].lemma.rstrip(".") for n in (last + 1, last + 2) if n < len(s.tokens)]
    before = s.tokens[first - 1].text if first else ""
    if after[:1] and after[0] in _TIME:
        return True
    head = s.tokens[first].head
    return before in {"№", "/", "-", ":"} or (
        s.tokens[first].dep in {"nummod", "amod", "nummod:gov"} and s.tokens[head].lemma in _TIME
    )


def _bound(s: Sentence, group: list[int]) -> str:
    before = s.text[: s.tokens[group[0]].start].casefold()[-24:]
    bound = next((name for pattern, name in _BOUNDS if pattern.search(before)), "exactly")
    if bound == "at_most" and before.rstrip().endswith("до"):
        lemmas = {s.tokens[a].lemma for a in s.ancestors(group[0])}
        return "exactly" if lemmas & _ARRIVES else bound
    return bound


def _unit(s: Sentence, group: list[int], units: Mapping[str, str]) -> str:
    """What the number counts: what happened to them before what they are; empty: nothing can be told."""
    i = group[-1]
    after = s.tokens[i + 1] if i + 1 < len(s.tokens) else None
    if after is not None and (after.text == "%" or after.lemma == "процент"):
        return "percent"
    noun = _counted(s, group)
    lemma = s.tokens[noun].lemma
    for word in (lemma, after.lemma.rstrip(".") if after is not None else ""):
        if word in _CURRENCY:
            return _CURRENCY[word]
    is_bare = noun in group
    if not is_bare and lemma in units:
        return units[lemma]
    known = next((units[act] for act in _acts(s, noun, group) if act in units), "")
    if known:
        return known
    if is_bare or lemma in _PEOPLE:
        return _whereabouts(s, noun) or (
            "people" if not is_bare or s.tokens[noun].dep.startswith("nsubj") else ""
        )
    return "" if lemma in _TIME else lemma


def _counted(s: Sentence, group: list[int]) -> int:
    """The noun that the number stands with; the number itself where it stands alone."""
    at = group[0]
    for _ in range(3):
        token = s.tokens[at]
        if not token.dep.startswith("nummod") or token.head == at:
            break
        above = s.tokens[token.head]
        if above.pos not in {"NOUN", "PROPN", "NUM"} and token.head not in group:
            break
        at = token.head
    if at in group:
        # "12 тысяч штук", "жертв четверо": what is counted stands in the genitive.
        for n in group:
            for c in s.children[n]:
                if (
                    c not in group
                    and s.tokens[c].pos in {"NOUN", "VERB"}
                    and grammar.feature(s, c, "Case") == "Gen"
                ):
                    return c
    return at


def _acts(s: Sentence, noun: int, group: list[int]) -> Iterator[str]:
    """What happened to the counted: the participle beside them, their verb, or what the figure is of."""
    for c in s.children[noun]:
        if s.tokens[c].dep in {"acl", "amod", "nmod"} and c not in group:
            yield s.tokens[c].lemma
    after = group[-1] + 1
    if after < len(s.tokens) and s.tokens[after].pos in {"ADJ", "VERB", "NOUN"}:
        yield s.tokens[after].lemma
    for a in s.ancestors(noun):
        token = s.tokens[a]
        if token.pos in {"VERB", "ADJ", "NOUN"}:
            figure = next(
                (c for c in (*s.children[a], a) if s.tokens[c].lemma in _FIGURES and c not in group), None
            )
            if figure is not None:
                yield from (
                    s.tokens[c].lemma for c in s.children[figure] if s.tokens[c].dep in {"nmod", "obj"}
                )
            yield token.lemma
            place = next(
                (
                    c
                    for c in s.children[a]
                    if s.tokens[c].lemma == "больница" and grammar.feature(s, c, "Case") == "Loc"
                ),
                None,
            )
            if place is not None:
                yield "больница"
            yield from (
                s.tokens[c].lemma
                for c in s.children[a]
                if s.tokens[c].dep in {"xcomp", "nsubj"} and c != noun
            )
        if token.pos == "VERB":
            break


def _whereabouts(s: Sentence, noun: int) -> str:
    """ "На борту находились 300 человек"."""
    for n in (*s.children[noun], *s.children[s.tokens[noun].head]):
        if s.tokens[n].lemma in _VEHICLES and grammar.preposition(s, n) in {"на", "в"}:
            return "aboard"
    return ""
