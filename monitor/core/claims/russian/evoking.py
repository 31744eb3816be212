"""Which frames a Russian content evokes, whether it affirms or denies them, and who fills their roles.

The phrases of a frame's `ru` section, matched over the tree: `{agent} взорвать {event}` also finds
"мост был взорван диверсантами" and "взорвавшие мост диверсанты". Words may stand in any order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from monitor.core.claims.draft import Draft
from monitor.core.claims.evoking import HAPPENING, Evoked, Filler
from monitor.core.claims.frames import Pattern, Slot, Word, compile_pattern
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.places import Place, Starts
from monitor.core.claims.russian import grammar
from monitor.core.claims.russian.cues import ACCUSING, DENYING, FALSE_WORDS, PROOF, REPORTING
from monitor.core.types import ClaimKind, Frame, FrameUse, Stance
from monitor.core.wording import word_set

_LANG = "ru"
# How far apart the words of a phrase may stand.
_REACH = 8
_LIGHT = word_set("быть иметь стать являться взять брать нести нет в на за к с о")
_NOBODY = word_set("кто кто-то никто что это то который все некто неизвестный")
# Behind "за" they stand for people more often than for what happened.
_BEHIND = "за"
_PEOPLE = word_set("мной мною тобой ним ней нею нами вами ними")
_DOWN = frozenset(
    [
        "ccomp",
        "xcomp",
        "conj",
        "obj",
        "obl",
        "nmod",
        "nsubj",
        "nsubj:pass",
        "csubj",
        "acl",
        "acl:relcl",
        "advcl",
        "appos",
        "parataxis",
        "iobj",
        "amod",
    ]
)
_DOWN_DENIED = _DOWN - {"acl:relcl", "advcl", "parataxis", "nsubj"}
_SPEECH = REPORTING.keys() | DENYING | ACCUSING
_WILL = word_set("хотеть планировать собираться намереваться обещать пытаться попытаться мочь должен готов")

Roles = list[tuple[str, str]]


def evoke(draft: Draft, starts: Starts, frames: Sequence[Frame], fill: Filler) -> tuple[Evoked, ...]:
    """The frames of a draft's content; under a denial what the content affirms is denied."""
    denied = draft.stance is Stance.DENY
    places = [p for head in draft.heads for p in starts[head]]
    at_cue: Place | None = None
    if draft.cue_token is not None and not denied:
        at_cue = Place(token=draft.cue_token, flipped=False, hedged=draft.hedged)
        places.append(at_cue)
    found: list[Evoked] = []
    for known, here in _startable(draft.content, places, _indexed(tuple(frames))):
        if known.frame.open:
            # «Сообщил журналистам»: whoever speaks informs nobody of what is disputed.
            here = [place for place in here if place is not at_cue]
        inner = [e for p in here for e in _at(known, draft.content, p, draft.implied, fill)]
        if denied:
            inner = [replace(e, use=replace(e.use, affirmed=not e.use.affirmed)) for e in inner]
        found.extend(_fullest(inner))
    return tuple(found)


def _fullest(uses: list[Evoked]) -> list[Evoked]:
    """One use a polarity and set of fillers; one that says more replaces one that says less."""
    kept: list[Evoked] = []
    for e in sorted(uses, key=lambda e: -len(e.use.roles)):
        mine = set(e.use.roles)
        if not any(mine <= set(k.use.roles) and e.use.affirmed == k.use.affirmed for k in kept):
            kept.append(e)
    return kept


# ---------------------------------------------------------------- where


def starts(draft: Draft) -> Starts:
    """Where in a content a frame may start or a fact may stand."""
    denied = draft.stance is Stance.DENY
    return {head: tuple(_places(draft, head, denied)) for head in draft.heads}


def _places(draft: Draft, head: int, denied: bool) -> Iterator[Place]:
    """The tokens at which a frame may start: never inside somebody else's words, a condition or question."""
    s = draft.content
    todo, seen = [(head, False, False)], set[int]()
    while todo:
        i, flipped, hedged = todo.pop()
        if i in seen or (i != head and grammar.is_conditional(s, i)):
            continue
        seen.add(i)
        token = s.tokens[i]
        hedged = hedged or grammar.is_hedged(s, i)
        yield Place(token=i, flipped=flipped, hedged=hedged)
        speech = token.pos == "VERB" and token.lemma in _SPEECH and i != head
        turns = (token.lemma in FALSE_WORDS or token.lemma in PROOF) and (
            token.lemma in FALSE_WORDS
        ) != _no_such(s, i)
        for c in s.children[i]:
            below = s.tokens[c]
            if below.dep not in (_DOWN_DENIED if denied else _DOWN) or _outside(draft, c):
                continue
            if speech or (below.lemma in DENYING and below.pos == "VERB"):
                continue
            clause = below.dep in {"ccomp", "csubj", "acl"}
            todo.append((c, flipped != (turns and clause), hedged or (token.lemma in PROOF and clause)))


def _no_such(s: Sentence, i: int) -> bool:
    """ "нет доказательств", "это не ложь"."""
    above = s.tokens[s.tokens[i].head]
    return (
        grammar.is_negated(s, i)
        or grammar.says_no(s, i)
        or above.lemma == "нет"
        or grammar.is_negated(s, s.tokens[i].head)
    )


def _outside(draft: Draft, i: int) -> bool:
    """Joined to the content, and no part of the stretch that is quoted."""
    s = draft.content
    if draft.kind is ClaimKind.OWN_VOICE or s.tokens[i].dep not in {"conj", "parataxis", "advcl"}:
        return False
    return not draft.start <= s.start + s.tokens[i].start < draft.end


# ---------------------------------------------------------------- matching


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Indexed:
    frame: Frame
    denials: Mapping[str, tuple[Pattern, ...]]
    phrases: Mapping[str, tuple[Pattern, ...]]


@lru_cache(maxsize=8)
def _indexed(frames: tuple[Frame, ...]) -> tuple[_Indexed, ...]:
    found = []
    for frame in frames:
        wording = next((w for w in frame.wordings if w.lang == _LANG), None)
        if wording is not None:
            found.append(
                _Indexed(
                    frame=frame, denials=_by_anchor(wording.denials), phrases=_by_anchor(wording.phrases)
                )
            )
    return tuple(found)


@lru_cache(maxsize=8)
def _by_word(frames: tuple[_Indexed, ...]) -> dict[str, tuple[int, ...]]:
    """Word → places in `frames` of those with a phrase that can start with it."""
    table: dict[str, tuple[int, ...]] = {}
    for n, known in enumerate(frames):
        for word in known.denials.keys() | known.phrases.keys():
            table[word] = (*table.get(word, ()), n)
    return table


def _startable(
    s: Sentence, places: Sequence[Place], frames: tuple[_Indexed, ...]
) -> Iterator[tuple[_Indexed, Sequence[Place]]]:
    """The frames, in their order, with a phrase that can start at one of these places; each with those."""
    by_word = _by_word(frames)
    starts: dict[int, list[Place]] = {}
    for place in places:
        for n in by_word.get(s.tokens[place.token].lemma, ()):
            starts.setdefault(n, []).append(place)
    for n in sorted(starts):
        yield frames[n], starts[n]


def _by_anchor(phrases: Sequence[str]) -> dict[str, tuple[Pattern, ...]]:
    table: dict[str, tuple[Pattern, ...]] = {}
    for pattern in map(compile_pattern, phrases):
        for word in pattern.anchor.lemmas:
            table[word] = (*table.get(word, ()), pattern)
    return table


@lru_cache(maxsize=8)
def telling_words(frames: tuple[Frame, ...]) -> frozenset[str]:
    """Beginnings of the words that a phrase or a count of these frames can start with."""
    told = [known for known in _indexed(frames) if known.frame.own_voice]
    words = {w for known in told for table in (known.denials, known.phrases) for w in table}
    words |= (
        {w for f in frames if f.own_voice for row in f.same for w in row if w[:1] >= "а"} if frames else set()
    )
    return frozenset(beginning(w) for w in words - _LIGHT)


def beginning(word: str) -> str:
    """The first letters, which the forms of a word share."""
    low = word.casefold().replace("ё", "е")
    return low[: max(4, len(low) - 3)][:7]


def _at(known: _Indexed, s: Sentence, place: Place, implied: int | None, fill: Filler) -> Iterator[Evoked]:
    i, frame = place.token, known.frame
    if frame.open and (_unrealised(s, i) or grammar.child(s, i, "ccomp", "xcomp") is not None):
        # «Сообщил им, что…», «велел пустить».
        return
    for table, affirms in ((known.denials, False), (known.phrases, True)):
        phrases = table.get(s.tokens[i].lemma, ())
        if not phrases or (frame.exclusive and _unrealised(s, i)):
            continue
        matched = [_match(pattern, s, i, implied, fill, frame.open) for pattern in phrases]
        found = [(roles, negated) for roles, negated in matched if roles is not None]
        most = max((len({r for r, _ in roles}) for roles, _ in found), default=0)
        for roles, negated in found:
            if len({r for r, _ in roles}) == most:
                affirmed = affirms != (place.flipped != negated)
                use = FrameUse(frame=frame.id, affirmed=affirmed, roles=tuple(sorted(set(roles))))
                yield Evoked(use=use, hedged=place.hedged, at=i)
        if found:
            return


def _unrealised(s: Sentence, i: int) -> bool:
    """ "Будет атаковать", "хочет взорвать": no account of what happened."""
    if grammar.feature(s, i, "Tense") == "Fut" and s.tokens[i].pos == "VERB":
        return True
    return s.tokens[i].dep == "xcomp" and s.tokens[s.tokens[i].head].lemma in _WILL


def _match(
    pattern: Pattern, s: Sentence, i: int, implied: int | None, fill: Filler, left_open: Sequence[str] = ()
) -> tuple[Roles | None, bool]:
    """The roles that the phrase fills when it starts at this token (None: it does not), and whether it
    says no.

    Roles that are left open may be filled by a pronoun for whoever speaks, and by who stands in the dative.
    """
    token = s.tokens[i]
    if (pattern.anchor.role and token.pos != "VERB") or (pattern.with_be and not _is_predicate(s, i)):
        return None, False
    roles: Roles = []
    negated = grammar.is_negated(s, i) or (token.pos == "NOUN" and _no_such(s, i))
    if pattern.before is not None and pattern.before.role:
        who = _before(pattern, s, i)
        if who is None and not _done_by_others(s, i, implied):
            who = implied
        fillers = fill(s, who, True) if who is not None and s.tokens[who].lemma not in _NOBODY else ()
        if not fillers:
            return None, False
        roles += [(pattern.before.role, f) for f in fillers]
    if pattern.anchor.role:
        if grammar.undergoer(s, i) is None:
            return None, False
        roles += [(pattern.anchor.role, f) for f in _act_and_object(s, i, fill)]
    used, at = {i}, i
    for part in pattern.after:
        if isinstance(part, Word):
            nxt = _word_below(s, i, part, used)
            if nxt is None:
                return None, False
            used.add(nxt)
            at = nxt
            negated = negated or grammar.says_no(s, at)
            if part.role:
                roles += [(part.role, f) for f in fill(s, at, False)]
        elif not _fill_slot(part, s, i, at, fill, roles, used, part.role in left_open):
            return None, False
    if pattern.roles and not roles:
        return None, False
    if not pattern.roles and pattern.after and (not left_open or token.pos != "VERB"):
        # Nothing but its words speaks for it: «насилие не применялось», of a frame that leaves the rest open.
        return None, False
    roles += pattern.given
    return roles, False if pattern.says_no else negated


def _done_by_others(s: Sentence, i: int, speaker: int | None) -> bool:
    """ "Министерство сообщило, что мост взорван", "…, что мост взорвали": the speaker is not who did it."""
    if s.tokens[i].pos != "VERB" or speaker is None:
        return False
    if grammar.is_passive(s, i):
        return True
    # "В порту сообщили, что не получали": who speaks without a subject also acts without one.
    said = next((a for a in s.ancestors(i) if s.tokens[a].lemma in _SPEECH), speaker)
    several = grammar.child(s, speaker, "conj") is not None or grammar.feature(s, said, "Number") == "Plur"
    return not several and grammar.feature(s, i, "Number") == "Plur"


def _is_predicate(s: Sentence, i: int) -> bool:
    """Said of a subject: "X виновен", "причиной стал X", "это ложь"."""
    return grammar.child(s, i, "nsubj", "nsubj:pass", "cop") is not None or s.tokens[i].pos in {"ADJ", "VERB"}


def _before(pattern: Pattern, s: Sentence, i: int) -> int | None:
    if pattern.with_be:
        own = grammar.child(s, i, "nsubj", "nsubj:pass")
        return own if own is not None else grammar.subject(s, i)
    if s.tokens[i].pos == "NOUN":
        found = grammar.owner(s, i)
        if found is not None:
            return found
        return next((c for c in s.children[i] if s.tokens[c].dep == "amod" and fill_like_name(s, c)), None)
    if s.tokens[i].lemma.endswith("ся") and grammar.is_passive(s, i):
        # "Направлялись", "началась": whoever is said to is the subject, however the parse takes the form.
        return grammar.undergoer(s, i)
    return grammar.subject(s, i)


def fill_like_name(s: Sentence, i: int) -> bool:
    """ "киргизская причастность": an adjective of a name."""
    return s.tokens[i].pos == "ADJ" and s.tokens[i].lemma.endswith("ский")


def _fill_slot(
    part: Slot,
    s: Sentence,
    i: int,
    at: int,
    fill: Filler,
    roles: Roles,
    used: set[int],
    is_open: bool = False,
) -> bool:
    token = s.tokens[at]
    if token.dep in {"case", "fixed"} or token.pos == "ADP":
        found: int | None = token.head
    elif token.pos == "NOUN" and (at != i or s.tokens[i].pos == "NOUN"):
        found = next(
            (
                c
                for c in s.children[at]
                if s.tokens[c].dep in {"nmod", "det"} and not grammar.preposition(s, c)
            ),
            None,
        )
    else:
        found = grammar.undergoer(s, i)
        if is_open and (found is None or grammar.child(s, i, "iobj") is not None):
            # «Министерству сообщили», «рабочим не выплатили зарплату».
            found = grammar.child(s, i, "iobj") or found
        if found in used:
            return False
    if found is None:
        return not part.role
    if s.tokens[found].lemma in _NOBODY:
        return False
    if part.role == HAPPENING and token.lemma == _BEHIND and s.tokens[found].text.casefold() in _PEOPLE:
        # «Сидел в зале за ней».
        return False
    if part.role:
        if is_open:
            used.add(found)
        roles += [(part.role, f) for f in fill(s, found, is_open)]
    return True


def _word_below(s: Sentence, anchor: int, word: Word, used: set[int]) -> int | None:
    """The next word of a phrase among what hangs on the first one, in any order."""
    below = [
        n
        for n in s.subtree(anchor)
        if n not in used
        and abs(n - anchor) <= _REACH
        and s.tokens[n].lemma in word.lemmas
        and not _foreign(s, n, anchor)
    ]
    return min(below, key=lambda n: (_depth(s, n, anchor), n < anchor, abs(n - anchor)), default=None)


def _depth(s: Sentence, n: int, anchor: int) -> int:
    return next(depth for depth, a in enumerate((n, *s.ancestors(n))) if a == anchor)


def _foreign(s: Sentence, n: int, anchor: int) -> bool:
    """Inside a clause of its own below the anchor."""
    for a in (n, *s.ancestors(n)):
        if a == anchor:
            return False
        if s.tokens[a].dep in {"ccomp", "advcl", "acl:relcl", "parataxis", "conj"}:
            return True
    return False


def _act_and_object(s: Sentence, i: int, fill: Filler) -> tuple[str, ...]:
    """An act named by its verb, with what it was done to: "взорвал мост" → "взорвать мост"."""
    thing = grammar.undergoer(s, i)
    objects = fill(s, thing, False) if thing is not None else ()
    return tuple(f"{s.tokens[i].lemma} {o}" for o in objects) or (s.tokens[i].lemma,)
