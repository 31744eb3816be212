"""Who speaks in a headline, told by the text behind it: 'Minister: nobody was warned', '‘They knew’: widow's
fury at the council'.

A headline calls its speaker by a role, or only shows the words; the text has the name, and says the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Protocol

from monitor.core.claims.between import Spoken
from monitor.core.claims.draft import Draft, roots_within
from monitor.core.claims.first_names import pronoun_of
from monitor.core.claims.introductions import singular
from monitor.core.claims.names import looks_like_person, names_person, without_article
from monitor.core.claims.page import Page
from monitor.core.claims.quotes import Quotation
from monitor.core.types import ArticleField, ClaimKind, Speaker, Stance
from monitor.core.wording import STOP_WORDS, WORD, stem, word_set

# This share of a headline's words must be in what somebody says in the text.
_ALIKE = 0.6
# So many words before and behind a name are looked through for what its bearer is.
_BESIDE_CHARS = 100
_BESIDE_WORDS = 5
_STOPS = re.compile(r"[.!?;:\n”\"]")
# "The chair of the Council for Harbours, General Ana Ruiz".
_APPOSED = re.compile(
    r"\b[Tt]he\s(?P<role>[\w-]+(?:\s[\w-]+){0,3}?)\s(?:of|for|at)\s[^,]{2,60},\s(?:[\w-]+\s){0,4}$"
)
_BEHIND_NAME = re.compile(r",\s[^.!?;:\n]{1,60}")
_MIN_WORDS = 2
_LEAST_LEAD = 3
# Words for one person in headlines and in texts; whoever is one of a row may be called by another of it.
_ROWS = tuple(
    word_set(row)
    for row in (
        "boss chief head ceo director chairman chairwoman chair leader manager commander president executive",
        "boss owner",
        "mum mom mother",
        "dad father",
        "widow wife husband",
        "widower husband wife",
        "gran granny nan grandma grandmother",
        "cop policeman policewoman officer detective superintendent sheriff constable inspector sergeant",
        "minister secretary",
        "pm premier minister",
        "general commander chief colonel",
        "insider whistleblower whistle-blower former ex employee",
        "expert professor analyst scientist engineer researcher academic",
        "doctor surgeon physician medic gp",
        "lawyer attorney solicitor barrister counsel advocate",
        "mp lawmaker legislator senator deputy parliamentarian",
        "watchdog regulator board agency authority commission inspectorate ombudsman office",
        "skipper captain",
        "soldier commando marine trooper raider conscript",
        "spokesman spokeswoman spokesperson",
        "suspect defendant accused",
        "brit briton british englishman scot",
    )
)
# Say nothing of who it is.
_PLAIN = word_set(
    "freed jailed ex former top senior brave grieving furious angry killer the a an and his her"
)
_FORMER = word_set("former ex")
# "Mum" is the one woman who speaks, if nothing says whose mother she is.
_KIN = {
    **dict.fromkeys(word_set("mum mom mother widow wife gran granny grandma daughter sister aunt"), "she"),
    **dict.fromkeys(word_set("dad father widower husband grandad son brother uncle"), "he"),
}
# ", of Leeds": what stands behind a role's noun.
_BEHIND_ROLE = re.compile(r"\s(?:of|at|from|in|on|for|with|who)\s", re.IGNORECASE)
# "widow's fury", "insider on the deal", "mum of three tells".
_OWN = re.compile(
    r"(?P<who>(?:[\w-]+\s){0,3}?(?P<noun>[\w-]+))(?:['’]s?\s|\s(?:on|of|from|at|in|who|tells|speaks|recalls)\b|$)"
)
# What stands between a quotation and whoever speaks it, or a label before it.
_PARTED = re.compile(r"\s*(?:[:–—|-]|$)")


class _Cast(Protocol):
    def called(self, speaker: Speaker) -> frozenset[str]: ...


@dataclass(slots=True)
class _Voice:
    """Somebody who speaks in the text."""

    speaker: Speaker
    # The words for what they are, small.
    words: set[str] = field(default_factory=set)
    # The first letters of what stands right before the name: "Cabinet Secretary Ana Ruiz".
    initials: set[str] = field(default_factory=set)
    # The content words of each thing they say, and whether it stands between marks.
    said: list[tuple[frozenset[str], bool]] = field(default_factory=list)

    def shares(self, words: frozenset[str]) -> float:
        """How much of these words is in one of the things they say; a single word only between marks."""
        wanted = max(1, len(words))
        return max((len(words & s) / wanted for s, direct in self.said if direct or wanted > 1), default=0.0)


def headlined(page: Page, cast: _Cast, spoken: Spoken) -> Spoken:
    """The same claims, with the speakers of the headline as the text names them, and its quotations."""
    if (
        all(d.sentence.field is not ArticleField.TITLE for d, _ in spoken)
        and not page.quotes[ArticleField.TITLE]
    ):
        return spoken
    voices = _voices(page, cast, spoken)
    if not voices:
        return spoken
    found = [_told_by_text(page, d, who, voices) for d, who in spoken]
    return [*_shown(page, found, voices), *found]


def _voices(page: Page, cast: _Cast, spoken: Spoken) -> list[_Voice]:
    """Everybody who speaks in the text, in its order."""
    voices: dict[str, _Voice] = {}
    text = page.article.text
    for d, who in sorted(spoken, key=lambda pair: pair[0].start):
        if d.sentence.field is not ArticleField.TEXT or d.kind is ClaimKind.OWN_VOICE:
            continue
        one = voices.get(who.name)
        if one is None:
            one = voices[who.name] = _Voice(who, set(cast.called(who)))
            _look_beside(one, text)
        one.words |= {w.casefold() for w in WORD.findall(who.surface)}
        one.said.append((content_words(text[d.start : d.end]), d.kind is ClaimKind.DIRECT))
    return list(voices.values())


def _look_beside(voice: _Voice, text: str) -> None:
    """Learn the words right before and behind a name: 'the pilot's widow, Ana Ruiz, 54, a seamstress'."""
    name = voice.speaker.name
    voice.words.update(w.casefold() for w in WORD.findall(name))
    if not name[:1].isupper():
        return
    for found in re.finditer(re.escape(name), text):
        lead = re.split(_STOPS, text[max(0, found.start() - _BESIDE_CHARS) : found.start()])[-1]
        apposed, before = _APPOSED.search(lead), WORD.findall(lead)
        behind = _BEHIND_NAME.match(text, found.end())
        near = before[-_BESIDE_WORDS:] + (apposed["role"].split() if apposed is not None else [])
        voice.words.update(w.casefold() for w in near)
        voice.words.update(w.casefold() for w in WORD.findall(behind.group() if behind is not None else ""))
        voice.initials.update("".join(w[0] for w in before[-n:]).upper() for n in (2, 3, 4))


def content_words(text: str) -> frozenset[str]:
    """Stems of the words that say something; all of them where there are none."""
    words = [word.casefold() for word in WORD.findall(text)]
    return frozenset(stem(w) for w in words if w not in STOP_WORDS) or frozenset(words)


# ---------------------------------------------------------------- a role, and whose it is


def _told_by_text(page: Page, d: Draft, who: Speaker, voices: Sequence[_Voice]) -> tuple[Draft, Speaker]:
    """A draft of the headline with the name of whoever it calls by a role."""
    in_title = (
        d.sentence.field is ArticleField.TITLE and (d.named_in or d.sentence).field is ArticleField.TITLE
    )
    if not in_title or d.kind is ClaimKind.OWN_VOICE or who.entity:
        return d, who
    if any(v.speaker.name == who.name for v in voices):
        return d, who
    said = content_words(page.article.title[d.start : d.end])
    voice = _bearer(page, who.surface, said, voices)
    return d, who if voice is None else _as_written(voice.speaker, who.surface)


def _as_written(speaker: Speaker, surface: str) -> Speaker:
    return replace(speaker, surface=surface)


def _bearer(page: Page, phrase: str, said: frozenset[str], voices: Sequence[_Voice]) -> _Voice | None:
    """Who is called so: whoever the text calls so, of several the one who says the same; None: nobody can
    be told.
    """
    written = WORD.findall(_BEHIND_ROLE.split(without_article(phrase).replace("’", "'"))[0])
    words = [w.casefold() for w in written]
    if words and written[-1].isupper() and len(words[-1]) > 1:
        # "CS", where the text has a Cabinet Secretary.
        short = [v for v in voices if written[-1] in v.initials]
        if len(short) == 1:
            return short[0]
    if not words or not is_role(words[-1]):
        return None
    said = said - content_words(phrase)
    named = [v for v in voices if v.speaker.name[:1].isupper()]
    capitals = {w.casefold() for n, w in enumerate(written) if w[:1].isupper() and (n or w.isupper())}
    others = {
        w
        for w in words[:-1]
        # "Lifeguard's mum": whose she is, the text may say otherwise.
        if w not in _PLAIN and not w.endswith("'s") and w not in capitals and not _is_name(page, w)
    }
    return (
        (words[-1] in _KIN and (_called_so(words, others, said, named) or _only_kin(words[-1], named)))
        or _called_so(words, others, said, voices)
        or _says_the_same(said, voices)
    )


def _called_so(
    words: Sequence[str], others: Set[str], said: frozenset[str], voices: Sequence[_Voice]
) -> _Voice | None:
    """Who is called by the last of these words, or by one like it; `others` of them must be told of them too,
    or they say what is `said`.
    """
    wanted = _alike(words[-1].removeprefix("ex-"))
    # "Fenwick chief" is not the former data manager.
    gone = _FORMER.isdisjoint({*words, *wanted})
    ranked = sorted(
        (
            (len(v.words & set(words[:-1])), v.shares(said), words[-1] in v.words, -n, v)
            for n, v in enumerate(voices)
            if not v.words.isdisjoint(wanted) and not (gone and v.words & _FORMER)
        ),
        key=lambda rank: rank[:4],
        reverse=True,
    )
    if not ranked or (len(ranked) > 1 and ranked[1][:3] == ranked[0][:3]):
        # Two ministers, and nothing tells which.
        return None
    _, shared, _, _, best = ranked[0]
    # "Police chief", where only an army chief speaks: "police" is nobody's name.
    return best if others <= best.words or shared >= _ALIKE else None


def _only_kin(word: str, voices: Sequence[_Voice]) -> _Voice | None:
    """'Mum', where one woman speaks."""
    wanted = _KIN.get(word, "nobody")
    found = [v for v in voices if pronoun_of(v.speaker.name.split()[0]) == wanted]
    return found[0] if len(found) == 1 else None


def _says_the_same(said: frozenset[str], voices: Sequence[_Voice]) -> _Voice | None:
    same = [v for v in voices if len(said) > 1 and v.shares(said) >= _ALIKE]
    return same[0] if len(same) == 1 and _is_one(same[0].speaker) else None


def is_role(word: str) -> bool:
    """Whether a headline may call one person, or the one watchdog, by this word."""
    low = word.casefold().removeprefix("ex-")
    return names_person(low) or any(low in row for row in _ROWS)


def _alike(word: str) -> set[str]:
    return {word}.union(*(row for row in _ROWS if word in row))


def _is_name(page: Page, word: str) -> bool:
    """Whether the text writes it with a capital: "Fenwick boss" may be any boss of theirs."""
    written = rf"\b(?:{re.escape(word.capitalize())}|{re.escape(word.upper())})\b"
    return re.search(written, page.article.text) is not None


def _is_one(speaker: Speaker) -> bool:
    last = speaker.name.split()[-1]
    return last[:1].isupper() or singular(last) == last


# ---------------------------------------------------------------- words between marks


def _shown(page: Page, spoken: list[tuple[Draft, Speaker]], voices: Sequence[_Voice]) -> Spoken:
    """The quotations of the headline that it gives to nobody, or to somebody who says nothing in the text.

    What is given anew is taken out of `spoken`.
    """
    new: Spoken = []
    names = {v.speaker.name for v in voices}
    for quote in page.quotes[ArticleField.TITLE]:
        words = page.article.title[quote.start : quote.end]
        given = [
            (d, who)
            for d, who in spoken
            if d.sentence.field is ArticleField.TITLE and d.start < quote.end and quote.start < d.end
        ]
        if any(who.name in names or who.entity for _, who in given):
            continue
        voice = _who_says(voices, content_words(words))
        speaker = voice.speaker if voice is not None else None
        if speaker is None and not given and _stands_alone(page, quote):
            speaker = _named_beside(page, quote, voices) or _lead(voices, words)
        draft = _quoted(page, quote) if speaker is not None else None
        if speaker is None or draft is None:
            continue
        inside = [pair for pair in given if quote.start <= pair[0].start and pair[0].end <= quote.end]
        for pair in inside:
            spoken.remove(pair)
        if len(inside) == len(given):
            new.append((draft, _as_written(speaker, "")))
    return new


def _who_says(voices: Sequence[_Voice], words: frozenset[str]) -> _Voice | None:
    """Whoever says these words, or most of them, in the text."""
    best = max(voices, key=lambda v: v.shares(words))
    return best if best.shares(words) >= _ALIKE else None


def _lead(voices: Sequence[_Voice], text: str) -> Speaker | None:
    """'‘We sang all night’: inside the choir': whom the text quotes first, or alone with some of them."""
    quoted = [v for v in voices if any(direct for _, direct in v.said) and _is_person(v)]
    words = content_words(text)
    if not quoted or len(text.split()) < _LEAST_LEAD:
        return None
    return max(quoted, key=lambda v: v.shares(words)).speaker


def _is_person(voice: _Voice) -> bool:
    name = voice.speaker.name
    return looks_like_person(name) if name[:1].isupper() else names_person(name.split()[-1])


def _stands_alone(page: Page, quote: Quotation) -> bool:
    """Whether it is an utterance of its own, and not a few words of a sentence."""
    title = page.article.title
    before, behind = title[: quote.start].strip(" \"“«„‘'"), title[quote.end :].strip(" \"”»’'")
    return (not before or before[-1] in ":|–—") and _PARTED.match(behind) is not None


def _named_beside(page: Page, quote: Quotation, voices: Sequence[_Voice]) -> Speaker | None:
    """'‘They knew’: widow's fury', '‘They cheered!’ — clerk on the sale': whose it is."""
    title = page.article.title
    rest = (title[quote.end :] or title[: quote.start]).strip(" \"”»’':–—|-")
    found = _OWN.match(rest)
    if found is None or not is_role(found["noun"]) or singular(found["noun"]) != found["noun"]:
        return None
    if _BEHIND_ROLE.search(f" {found['who']} "):
        # "‘He was drunk’: fury at skipper of ferry".
        return None
    said = content_words(title[quote.start : quote.end])
    voice = _bearer(page, found["who"], said, voices) or _bearer(page, found["noun"], said, voices)
    return (
        voice.speaker if voice is not None else Speaker(name=found["noun"].casefold(), surface=found["who"])
    )


def _quoted(page: Page, quote: Quotation) -> Draft | None:
    title = page.article.title
    start, end = quote.start, quote.end
    s = next((s for s in page.parsed if s.field is ArticleField.TITLE and s.start <= start < s.end), None)
    words = title[start:end].strip(" \"“”«»‘’',")
    if s is None or len(words.split()) < _MIN_WORDS:
        return None
    start = title.index(words, start)
    end = min(start + len(words), s.end)
    return Draft(
        sentence=s,
        start=start,
        end=end,
        kind=ClaimKind.DIRECT,
        stance=Stance.QUESTION if words.endswith("?") else Stance.ASSERT,
        cue="",
        speaker=None,
        content=s,
        heads=roots_within(s, start, end),
        detector="headlined",
    )
