"""The tree of a sentence from the trees of its pieces (parentheticals.py): attributions hang beside the
clauses that they attribute, as if the parser had read it all at once and right.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, pairwise

from monitor.core.claims.cues import REPORTING
from monitor.core.claims.parentheticals import IRREGULAR, PHRASES, Parenthetical, Pieces
from monitor.core.claims.parsed import Token

_PRESENT = {past: lemma for lemma, past in IRREGULAR.items()}
_VERBS = frozenset({"VERB", "AUX"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "expl"})
# What may name somebody, the likeliest first.
_NAMES = (frozenset({"NOUN", "PROPN", "PRON"}), frozenset({"ADJ", "NUM"}))
# Clauses that are part of another one.
_BELOW = frozenset({"csubj", "csubjpass", "advcl", "relcl", "acl", "xcomp", "pcomp"})
# "The bank was, she said, warned."
_HELPERS = frozenset({"aux", "auxpass"})
# "Perhaps, said the skipper, …", "Yes, …".
_NOBODY = frozenset({"nobody", "none", "nothing"})
_LEADING = frozenset({"ADV", "INTJ"})
# "According to", "in her words".
_PREPOSITIONS = frozenset({"according", "in", "by", "on"})
# "The rope, he told us, slid": between commas a pronoun is no role, as in "Ana Ruiz, the mayor, said".
_ONE_WHO = re.compile(r",\s(?:he|she|they|it)\s")
_JOINT = re.compile(r"[,:]|\b(?:and|but|while|whereas|although|though|yet|so)\b")


def put_together(pieces: Pieces, trees: Sequence[tuple[Token, ...]]) -> tuple[Token, ...] | None:
    """The tree of the whole sentence from those of `pieces.texts`, in the same order.

    None: the trees show that it was wrong to take the sentence apart.
    """
    count = len(pieces.kept)
    whole = _side_by_side(
        [
            [_at(token, _original(stretches, token.start)) for token in tree]
            for stretches, tree in zip(pieces.kept, trees[:count], strict=True)
        ]
    )
    first = pieces.found[0]
    before = [token for token in whole if token.start < first.start]
    # "Yes, the port admitted, the gate was open."
    leads_in = bool(before) and all(token.pos in _LEADING or token.lemma in _NOBODY for token in before)
    leads_in = leads_in or _ONE_WHO.match(pieces.text, first.start) is not None
    if not first.interrupts and not leads_in and not any(map(_says, before)):
        # "Ana Ruiz, the harbour master, said the road was open": nothing was said before it.
        return None
    left, since = tuple(whole), 0
    for one, tree in zip(pieces.found, trees[count:], strict=True):
        attribution = _attribution(pieces.text, one, tree)
        above = _clause_before(left, since, one.start)
        if attribution is None or above is None:
            return None
        tokens, cue = attribution
        begin, since = len(whole), one.end
        whole += [_hung(token, token.head + begin, token.dep) for token in tokens]
        dep = "prep" if tokens[cue].text.casefold() in _PREPOSITIONS else "parataxis"
        whole[begin + cue] = replace(whole[begin + cue], head=above, dep=dep)
    top = next(n for n, token in enumerate(left) if token.head == n)
    whole += _joints(pieces, {token.start for token in whole}, top)
    order = sorted(range(len(whole)), key=lambda n: whole[n].start)
    place = {n: index for index, n in enumerate(order)}
    return tuple(_hung(whole[n], place[whole[n].head], whole[n].dep) for n in order)


def _says(token: Token) -> bool:
    """A verb, or a number: "More than 30,000, said Ana Ruiz"."""
    return token.pos in _VERBS or token.pos == "NUM"


def _side_by_side(parts: Sequence[Sequence[Token]]) -> list[Token]:
    """Several trees in one, each later one beside the one before it."""
    joined: list[Token] = []
    above = 0
    for tokens in parts:
        begin = len(joined)
        for n, token in enumerate(tokens):
            beside = begin > 0 and token.head == n
            head, dep = (above, "parataxis") if beside else (token.head + begin, token.dep)
            joined.append(_hung(token, head, dep if token.pos != "PUNCT" else "punct"))
        above = begin + next((n for n, token in enumerate(tokens) if token.head == n), 0)
    return joined


def _clause_before(left: Sequence[Token], start: int, end: int) -> int | None:
    """The top of the last clause that begins in a stretch; None: nothing stands there."""
    within = [n for n, token in enumerate(left) if start <= token.start < end and token.pos != "PUNCT"]
    # Of several trees the last: what stands before a colon is not attributed behind it.
    last = max((n for n in within if left[n].dep == "parataxis" and left[n].pos in _VERBS), default=-1)
    tops = [n for n in within if left[n].head not in within or left[n].head == n]
    if not tops:
        return None
    at = last if last >= 0 else next((n for n in tops if left[n].pos in _VERBS), tops[0])
    # "What they took, he said, was little": of the whole, and not of what they took.
    while (left[at].pos not in _VERBS or left[at].dep in _BELOW | _HELPERS) and left[at].head != at:
        at = left[at].head
    return at


def _attribution(text: str, one: Parenthetical, tree: Sequence[Token]) -> tuple[list[Token], int] | None:
    """The tokens with the verb on top and a noun that speaks, and which is the verb; None: it is no verb."""
    begin = one.end - len(text[one.start + 1 : one.end].lstrip())
    tokens = [_at(token, token.start + begin) for token in tree]
    cue = next((n for n, token in enumerate(tokens) if token.start == one.verb), None)
    if cue is None or (not one.inverted and tokens[cue].pos not in _VERBS and _may_be_a_noun(tokens[cue])):
        return None
    for n, token in enumerate(tokens):
        if n not in {0, cue} and token.head == n and token.pos == "PROPN" and tokens[n - 1].pos == "NOUN":
            # "The security firm Nightwatch".
            tokens[n] = replace(token, head=n - 1, dep="appos")
    if tokens[cue].text.casefold() in _PREPOSITIONS:
        return tokens, cue
    before_or_behind = range(cue + 1, len(tokens)) if one.inverted else range(cue)
    top = next((n for n, token in enumerate(tokens) if token.head == n), cue)
    if top != cue:
        tokens[top] = replace(tokens[top], head=cue, dep="nsubj" if top in before_or_behind else "dep")
    beneath = [n for n in before_or_behind if tokens[n].head == cue]
    speaker = next((n for n in beneath if tokens[n].dep in _SUBJECTS), None)
    if speaker is None:
        speaker = next((n for kinds in _NAMES for n in beneath if tokens[n].pos in kinds), None)
    if text.startswith(("came the ", "comes the "), one.verb):
        # "Came the reply from Ana Ruiz": she replies.
        of = next((n for n in before_or_behind if tokens[n].dep == "pobj"), None)
        if of is not None and speaker is not None:
            tokens[speaker] = replace(tokens[speaker], dep="dobj")
            speaker = of
    if speaker is not None:
        tokens[speaker] = replace(tokens[speaker], head=cue, dep="nsubj")
    if cue + 1 < len(tokens) and _phrase(tokens, cue):
        # "Made known": no clause of its own.
        tokens[cue + 1] = replace(tokens[cue + 1], head=cue, dep="prt")
    form = tokens[cue].text.casefold()
    tag = "VBZ" if form.endswith("s") else "VBD" if form.endswith(("d", "t", "e")) else "VBP"
    tokens[cue] = replace(tokens[cue], head=cue, dep="ROOT", pos="VERB", tag=tag, lemma=_meant(tokens, cue))
    return tokens, cue


def _meant(tokens: Sequence[Token], cue: int) -> str:
    """The lemma of what the verb means here: "went on" continues, "came the reply" replies."""
    words = [token.text.casefold() for token in tokens[cue : cue + 3]]
    if words[:1] in (["came"], ["comes"]):
        return "deny" if words[2:] == ["denial"] else "reply"
    return _phrase(tokens, cue) or _lemma(words[0]) or tokens[cue].lemma


def _phrase(tokens: Sequence[Token], cue: int) -> str:
    """The verb that this one means with the word behind it; empty: none."""
    return PHRASES.get(" ".join(token.text.casefold() for token in tokens[cue : cue + 2]), "")


def _may_be_a_noun(token: Token) -> bool:
    """'Notes', 'claims', 'report', and nothing in the past."""
    form = token.text.casefold()
    return form.endswith("s") or form == _lemma(form)


def _lemma(form: str) -> str:
    """The verb of speaking that this is a form of; empty: none."""
    tried = (
        form.removesuffix(ending) + more
        for ending in ("ied", "ies", "ed", "es", "d", "s", "")
        for more in ("", "y")
    )
    stems = chain([_PRESENT.get(form, "")], tried, [form.removesuffix("ed")[:-1]])
    return next((stem for stem in stems if stem in REPORTING), "")


def _joints(pieces: Pieces, there: set[int], above: int) -> list[Token]:
    """Commas, colons and joining words that belong to no piece."""
    left_out = {one.start for one in pieces.found}
    for before, after in pairwise(
        sorted((*chain(*pieces.kept), *((one.start, one.end) for one in pieces.found)))
    ):
        left_out.update(range(before[1], after[0]))
    hits = (_JOINT.match(pieces.text, at) for at in sorted(left_out - there))
    return [_joint(hit, above) for hit in hits if hit is not None]


def _joint(hit: re.Match[str], above: int) -> Token:
    text = hit.group()
    pos, tag, dep = ("CCONJ", "CC", "cc") if text.isalpha() else ("PUNCT", text, "punct")
    return Token(
        start=hit.start(), end=hit.end(), text=text, lemma=text, pos=pos, tag=tag, dep=dep, head=above
    )


def _original(stretches: Sequence[tuple[int, int]], at: int) -> int:
    """Where an offset of a piece stands in the sentence."""
    for start, end in stretches:
        if at < end - start:
            return start + at
        at -= end - start
    return stretches[-1][1] + at


def _at(token: Token, start: int) -> Token:
    return token if start == token.start else _made(token, start, token.head, token.dep)


def _hung(token: Token, head: int, dep: str) -> Token:
    return token if (head, dep) == (token.head, token.dep) else _made(token, token.start, head, dep)


def _made(token: Token, start: int, head: int, dep: str) -> Token:
    """The token elsewhere; `dataclasses.replace` would take three times as long, and this is every word."""
    return Token(
        start=start,
        end=start + token.end - token.start,
        text=token.text,
        lemma=token.lemma,
        pos=token.pos,
        tag=token.tag,
        dep=dep,
        head=head,
        entity_type=token.entity_type,
    )
