"""Which frames a content evokes, whether it affirms or denies them, and who fills their roles.

A phrase is matched over the tree, not over the words: `{agent} carry out {event}` also finds
"the raid was carried out by X", "X, which is said to have carried it out", "of carrying out the raid".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from monitor.core.claims import grammar
from monitor.core.claims.cues import ACCUSING, ATTEMPTS, BLAMING, DENYING, REPORTING
from monitor.core.claims.draft import Draft
from monitor.core.claims.frames import Pattern, Slot, Word, compile_pattern
from monitor.core.claims.parsed import Sentence, Token
from monitor.core.claims.places import Place, Starts
from monitor.core.claims.realised import is_wanted, not_yet
from monitor.core.types import Frame, FrameUse, Stance
from monitor.core.wording import stem, word_set

# How far apart the words of a phrase may stand.
_REACH = 7
# Say nothing alone, and stand in every other sentence.
_LIGHT = word_set("be have do make take get give go put keep leave hold stay stand have come see find")
_NOBODY = word_set("who whoever somebody someone anyone anybody nobody one those what which unknown")
_PEOPLE = word_set("me you him her us")
#: The role of what happens, in every frame that has one: nobody fills it.
HAPPENING = "event"

#: Role fillers of one token, and whether it acts there: entity ids or words; empty: nothing comparable.
Filler = Callable[[Sentence, int, bool], tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evoked:
    use: FrameUse
    # Weakened where it stands: "may be behind", "no evidence that".
    hedged: bool
    # Token of the content at which its phrase starts; -1: it stands outside of the content.
    at: int = -1


def evoke(draft: Draft, starts: Starts, frames: Sequence[Frame], fill: Filler) -> tuple[Evoked, ...]:
    """The frames of a draft's content; under a denial what the content affirms is denied."""
    denied = draft.stance is Stance.DENY
    # "Accused the firm of blaming the union": the speaker does not blame the union.
    heads = [
        h
        for h in draft.heads
        if draft.stance is not Stance.ACCUSE or draft.content.tokens[h].lemma not in BLAMING
    ]
    found_at = [p for head in heads for p in starts[head]]
    found: list[Evoked] = []
    for known, here in _startable(draft, found_at, _indexed(tuple(frames))):
        if known.frame.open and draft.content is draft.sentence:
            # Of what is quoted only: a clause beside it is another claim.
            inside = (draft.start - draft.sentence.start, draft.end - draft.sentence.start)
            here = [p for p in here if inside[0] <= draft.content.tokens[p.token].start < inside[1]]
        inner = [e for p in here for e in _at(known, draft.content, p, draft.implied, fill)]
        # "Told reporters", "called him a thief": whoever speaks informs nobody of what is disputed.
        cue = None if denied or known.frame.open else draft.cue_token
        if not inner and cue is not None and not _blames_for_blaming(draft):
            place = Place(token=cue, flipped=False, hedged=draft.hedged)
            inner = [replace(e, at=-1) for e in _at(known, draft.sentence, place, None, fill)]
        if denied:
            inner = [replace(e, use=replace(e.use, affirmed=not e.use.affirmed)) for e in inner]
        found.extend(_fullest(inner))
    return tuple(found)


def _blames_for_blaming(draft: Draft) -> bool:
    """'accused the firm of trying to shift the blame': not of the deed itself."""
    tops = [draft.content.tokens[h].lemma for h in draft.heads]
    return any(t in ATTEMPTS or t in REPORTING or t in DENYING or t in ACCUSING for t in tops)


def _fullest(uses: list[Evoked]) -> list[Evoked]:
    """One use a polarity and set of fillers; one that says more replaces one that says less."""
    kept: list[Evoked] = []
    for e in sorted(uses, key=lambda e: -len(e.use.roles)):
        mine = set(e.use.roles)
        if not any(mine <= set(k.use.roles) and e.use.affirmed == k.use.affirmed for k in kept):
            kept.append(e)
    return kept


# ---------------------------------------------------------------- matching


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Indexed:
    """A frame with its phrases by the words that they can start with; equal to itself only."""

    frame: Frame
    denials: Mapping[str, tuple[Pattern, ...]]
    phrases: Mapping[str, tuple[Pattern, ...]]


@lru_cache(maxsize=8)
def _indexed(frames: tuple[Frame, ...]) -> tuple[_Indexed, ...]:
    """Built once for a set of frames: hardly any word of a text starts a phrase."""
    return tuple(
        _Indexed(frame=f, denials=_by_anchor(f.denials), phrases=_by_anchor(f.phrases)) for f in frames
    )


@lru_cache(maxsize=8)
def telling_words(frames: tuple[Frame, ...]) -> frozenset[str]:
    """Stems of the words that a phrase of these frames can start with, but for the commonest verbs."""
    anchors = {
        word
        for known in _indexed(frames)
        if known.frame.own_voice
        for table in (known.denials, known.phrases)
        for word, patterns in table.items()
        if not all(pattern.with_be for pattern in patterns)
    }
    return frozenset(stem(word) for word in anchors - _LIGHT)


def _by_anchor(phrases: Sequence[str]) -> dict[str, tuple[Pattern, ...]]:
    table: dict[str, tuple[Pattern, ...]] = {}
    for pattern in map(compile_pattern, phrases):
        for word in pattern.anchor.lemmas:
            table[word] = (*table.get(word, ()), pattern)
    return table


@lru_cache(maxsize=8)
def _by_word(frames: tuple[_Indexed, ...]) -> dict[str, frozenset[int]]:
    """Word → places in `frames` of those with a phrase that can start with it."""
    table: dict[str, frozenset[int]] = {}
    for n, known in enumerate(frames):
        for word in known.denials.keys() | known.phrases.keys():
            table[word] = table.get(word, frozenset()) | {n}
    return table


def _startable(
    draft: Draft, found_at: Sequence[Place], frames: tuple[_Indexed, ...]
) -> Iterator[tuple[_Indexed, Sequence[Place]]]:
    """The frames, in their order, with a phrase that can start at one of these places or at the cue; each
    with those places.
    """
    by_word = _by_word(frames)
    starts: dict[int, list[Place]] = {}
    for place in found_at:
        forms = _forms(draft.content.tokens[place.token])
        for n in {n for form in forms for n in by_word.get(form, ())}:
            starts.setdefault(n, []).append(place)
    if draft.cue_token is not None:
        for form in _forms(draft.sentence.tokens[draft.cue_token]):
            for n in by_word.get(form, ()):
                starts.setdefault(n, [])
    for n in sorted(starts):
        yield frames[n], starts[n]


def _starting_with(table: Mapping[str, tuple[Pattern, ...]], forms: Iterable[str]) -> tuple[Pattern, ...]:
    found = [table[form] for form in forms if form in table]
    if len(found) > 1:
        return tuple(dict.fromkeys(pattern for some in found for pattern in some))
    return found[0] if found else ()


def _forms(token: Token) -> tuple[str, ...]:
    """What a phrase may call this word; the model takes "staged" for a form of "stag"."""
    low = token.text.casefold()
    if token.tag in {"VBD", "VBN", "VBG"}:
        return token.lemma, low, token.lemma + "e"
    return token.lemma, low


def _at(known: _Indexed, s: Sentence, place: Place, implied: int | None, fill: Filler) -> Iterator[Evoked]:
    frame, forms = known.frame, dict.fromkeys(_forms(s.tokens[place.token]))
    if frame.open:
        fill = _speaker_too(fill)
    for table, affirms in ((known.denials, False), (known.phrases, True)):
        phrases = _starting_with(table, forms)
        if not phrases or is_wanted(s, place.token):
            continue
        if (frame.exclusive or frame.open) and not_yet(s, place.token):
            # Who did it can be asked of what happened only, not of what somebody will or must do.
            continue
        if frame.open and grammar.child(s, place.token, "xcomp", "ccomp", "oprd") is not None:
            # "Told to leave", "told that it was late", "called a thief": more than that they were told.
            continue
        matched = [_match(pattern, s, place.token, implied, fill) for pattern in phrases]
        found = [(roles, negated) for roles, negated in matched if roles is not None]
        most = max((len({r for r, _ in roles}) for roles, _ in found), default=0)
        for roles, negated in found:
            # "Blame the blast on X" also reads as "blame the blast": the phrase that says more is meant.
            if len({r for r, _ in roles}) == most:
                affirmed = affirms != (place.flipped != negated)
                use = FrameUse(frame=frame.id, affirmed=affirmed, roles=tuple(sorted(set(roles))))
                yield Evoked(use=use, hedged=place.hedged, at=place.token)
        if found:
            return


def _speaker_too(fill: Filler) -> Filler:
    """ "Nobody told them": roles left open may be those who speak; "it" is what they speak of."""
    return lambda s, i, acts: fill(s, i, acts or s.tokens[i].lemma != "it")


def _match(
    pattern: Pattern, s: Sentence, i: int, implied: int | None, fill: Filler
) -> tuple[list[tuple[str, str]] | None, bool]:
    """The roles that the phrase fills when it starts at this token, which may be its first word (None: it
    does not), and whether it says no.
    """
    clause = s.tokens[i].head if pattern.with_be and s.tokens[i].pos not in {"VERB"} else i
    if (
        pattern.with_be
        and clause != i
        and s.tokens[clause].lemma not in {"be", "seem", "remain", "stand", "become"}
    ):
        return None, False
    if pattern.anchor.role and (s.tokens[i].pos != "VERB" or grammar.undergoer(s, i) is None):
        return None, False
    if not pattern.roles and not pattern.with_be and s.tokens[i].pos != "VERB":
        # Nothing but the word speaks for it, and "no contact" is no deed.
        return None, False
    if pattern.with_be and s.tokens[i].pos == "VERB":
        acts = grammar.child(s, i, "nsubj") is not None and grammar.child(s, i, "dobj") is not None
        if acts or s.tokens[i].tag not in {"VBN", "VBD"}:
            # "They beat him" is no "they were beaten".
            return None, False
    if not pattern.after and s.tokens[i].pos == "VERB" and grammar.child(s, i, "xcomp") is not None:
        # "She continued to speak" and "they end up paying" are of speaking and paying.
        return None, False
    roles: list[tuple[str, str]] = []
    if pattern.before is not None and not _fill_before(pattern, s, i, clause, implied, fill, roles):
        return None, False
    if pattern.anchor.role:
        roles += [(pattern.anchor.role, f) for f in _act_and_object(s, i, fill)]
    ok, no = _fill_after(pattern, s, i, fill, roles)
    if not ok or (pattern.roles and not roles):
        return None, False
    wanted = {part.role for part in pattern.after if isinstance(part, Slot) and part.role}
    if pattern.anchor.lemmas <= _LIGHT and wanted - {role for role, _ in roles}:
        # "Things that we never did" are none of them.
        return None, False
    roles += pattern.given
    if pattern.says_no:
        return roles, False
    return roles, no or grammar.after_nor(s, i) or grammar.is_negated(s, clause) or grammar.says_no(s, i)


def _is(s: Sentence, i: int, word: Word) -> bool:
    return not word.lemmas.isdisjoint(_forms(s.tokens[i])) and not _is_half(s, i)


def _is_half(s: Sentence, i: int) -> bool:
    """'Post-war': half a word."""
    following = s.tokens[i + 1] if i + 1 < len(s.tokens) else None
    return (
        following is not None
        and following.text == "-"
        and following.start == s.tokens[i].start + len(s.tokens[i].text)
    )


def _fill_before(
    pattern: Pattern,
    s: Sentence,
    i: int,
    clause: int,
    implied: int | None,
    fill: Filler,
    roles: list[tuple[str, str]],
) -> bool:
    assert pattern.before is not None
    role = pattern.before.role
    if s.tokens[i].pos in {"NOUN", "PROPN"} and not pattern.with_be:
        owner = _owner(s, i)
    elif pattern.with_be:
        owner = _plain_subject(s, clause)
    else:
        owner = grammar.subject(s, i)
    owner = implied if owner is None else owner
    if not role:
        return True
    if owner is None:
        return False
    fillers = fill(s, owner, True)
    if s.tokens[owner].lemma in _NOBODY or not fillers:
        return False
    roles += [(role, f) for f in fillers]
    return True


def _plain_subject(s: Sentence, i: int) -> int | None:
    own = grammar.child(s, i, "nsubj", "nsubjpass")
    if own is not None:
        return (
            grammar.undergoer(s, i)
            if grammar.is_passive(s, i) and s.tokens[own].tag in {"WDT", "WP"}
            else own
        )
    if grammar.is_passive(s, i):
        return grammar.undergoer(s, i)
    return grammar.subject(s, i)


def _owner(s: Sentence, i: int) -> int | None:
    """'the union's involvement', 'Ukrainian involvement', 'involvement of the union'."""
    for c in s.children[i]:
        if s.tokens[c].dep == "poss":
            return c
    for c in s.children[i]:
        if s.tokens[c].dep == "prep" and s.tokens[c].lemma in {"of", "by"}:
            return grammar.child(s, c, "pobj")
    return next(
        (
            c
            for c in s.children[i]
            if s.tokens[c].pos == "PROPN" or (s.tokens[c].text[:1].isupper() and s.tokens[c].dep == "amod")
        ),
        None,
    )


def _fill_after(
    pattern: Pattern, s: Sentence, i: int, fill: Filler, roles: list[tuple[str, str]]
) -> tuple[bool, bool]:
    at, says_no = i, False
    # Of a passive the subject fills one slot only: "no visit was refused", "she was refused a visit".
    subject_fills = pattern.with_be and pattern.before is not None
    for part in pattern.after:
        if isinstance(part, Word):
            nxt = _next_word(s, i, at, part, subject_fills)
            if nxt is None:
                return False, False
            at = nxt
            says_no = says_no or grammar.says_no(s, at) or grammar.not_one(s, at)
            if part.role:
                roles += [(part.role, f) for f in _act_and_object(s, at, fill)]
            continue
        if not _fill_slot(part, s, i, at, fill, roles):
            return False, False
        subject_fills = subject_fills or bool(part.role)
    return True, says_no


def _fill_slot(part: Slot, s: Sentence, i: int, at: int, fill: Filler, roles: list[tuple[str, str]]) -> bool:
    if s.tokens[at].dep in {"prep", "agent"} or (s.tokens[at].pos == "ADP" and s.tokens[at].dep != "prt"):
        token = grammar.child(s, at, "pobj", "pcomp")
    elif s.tokens[at].pos == "NOUN" and at != i:
        token = None
    else:
        token = grammar.undergoer(s, i)
    if token is None:
        return not part.role
    if s.tokens[token].lemma in _NOBODY and s.tokens[token].tag != "PRP":
        return False
    if part.role == HAPPENING and s.tokens[token].text.casefold() in _PEOPLE:  # "stood right behind him"
        return False
    if part.role:
        roles += [(part.role, f) for f in fill(s, token, False)]
    return True


def _next_word(s: Sentence, anchor: int, at: int, word: Word, subject_fills: bool) -> int | None:
    """The next word of a phrase: below the last one, or else below the first, not too far on; of a passive
    its subject ("no force was used").
    """
    if at == anchor and not subject_fills and grammar.is_passive(s, anchor):
        said_of = grammar.child(s, anchor, "nsubjpass")
        if said_of is not None and _is(s, said_of, word):
            return said_of
    for top in (at, anchor):
        for n in s.subtree(top):
            if at < n <= at + _REACH and _is(s, n, word) and not _foreign(s, n, anchor):
                return n
    return None


def _foreign(s: Sentence, n: int, anchor: int) -> bool:
    """Inside a clause of its own below the anchor."""
    for a in s.ancestors(n):
        if a == anchor:
            return False
        if s.tokens[a].dep in {"ccomp", "advcl"}:
            return True
    return False


def _act_and_object(s: Sentence, i: int, fill: Filler) -> tuple[str, ...]:
    """An act named by its verb, with what it was done to: 'sabotaged the cable' → 'sabotage cable'."""
    thing = grammar.undergoer(s, i)
    if s.tokens[i].pos == "NOUN":
        of = next((c for c in s.children[i] if s.tokens[c].lemma in {"of", "on", "at", "in"}), None)
        thing = grammar.child(s, of, "pobj") if of is not None else None
    objects = fill(s, thing, False) if thing is not None else ()
    return tuple(f"{s.tokens[i].lemma} {o}" for o in objects) or (s.tokens[i].lemma,)
