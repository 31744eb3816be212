"""Indirect speech: 'the port said that…', 'the bridge, the engineers said, was safe', 'X claimed
responsibility'.
"""

from __future__ import annotations

from collections.abc import Iterator

from monitor.core.claims import grammar
from monitor.core.claims.cues import DENYING, HEDGING_CUES, MANNER, ONLY_OF, PERCEIVED, REPORTING, TAKES_NOUN
from monitor.core.claims.draft import (
    SPEECH,
    Draft,
    added_speech,
    clause_span,
    clauses_beyond,
    content_span,
    denied_after,
    goes_on,
    speaker_of,
)
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.reporting import usable_cue
from monitor.core.claims.voices import may_speak
from monitor.core.types import ArticleField, ClaimKind, Stance
from monitor.core.wording import word_set

_CUES = (REPORTING.keys() - DENYING) | MANNER
# With whoever listens for an object.
_LISTENED = frozenset({"tell", "inform", "assure", "warn", "remind", "advise", "caution", "promise"})
# "Is said by two nurses to have hidden it."
_SAID_BY = frozenset({"say", "report", "believe", "think", "allege", "claim", "estimate", "reckon"})
# "Told how the gate had jammed."
_TELLING = frozenset({"tell", "recount", "relate", "describe", "explain", "recall", "remember"})
# "Allowed that it had leaked", and no "allowed the boat to leave".
_WITH_THAT = frozenset({"allow", "grant"})
# "…, he said, on his way to court."
_OF_TELLING = word_set("on in to during after before over via without")
# So many words behind an attribution are more than when and where it was said.
_LONG_TAIL = 3
# When and where something is told, and why: "argued on the ground that".
_WHEN = word_set("for in on at during over since after before by throughout")
_GROUNDS = word_set("ground basis fact belief hope event condition case assumption")
_BACKSHIFT = frozenset({"had", "would"})
_CALLING = frozenset({"demand", "recommend", "advise"})
# "Is said to have explained".
_HEARD = frozenset({"say", "report", "understand", "know"})


def detect_indirect_speech(page: Page) -> Iterator[Draft]:
    for s in page.parsed:
        for i, token in enumerate(s.tokens):
            if token.lemma not in _CUES:
                continue
            if not usable_cue(s, i) and not _is_hearsay(s, i):
                continue
            if page.quoted(s.field, s.start + token.start) is not None:
                continue
            yield from (d for d in _of_cue(s, i) if not _belongs_to_quotation(page, d, i))


def _of_cue(s: Sentence, i: int) -> Iterator[Draft]:
    speaker = _heard(s, i) or speaker_of(s, i)
    if speaker is None or grammar.is_question_word(s, speaker) or _is_asked_himself(s, i):
        return
    if s.tokens[i].lemma == "rule" and grammar.child(s, i, "prt") is not None:
        # "Ruled out" denies.
        return
    told = s.tokens[i].lemma == "hear" and _heard(s, i) is not None
    if not told and s.tokens[speaker].lemma not in ONLY_OF.get(s.tokens[i].lemma, {s.tokens[speaker].lemma}):
        return
    if s.tokens[i].lemma in _CALLING and not may_speak(s, speaker):
        # "The law demands that doors stay open."
        return
    if s.tokens[speaker].lemma == "there" or s.tokens[speaker].dep == "expl":
        return
    for head, cut in _contents(s, i):
        span = content_span(s, head, without=cut)
        if span is None or (
            speaker in s.subtree(head, without=frozenset(cut)) and speaker not in s.subtree(i)
        ):
            continue
        cue = s.tokens[i]
        implied = grammar.child(s, head, "nsubj", "nsubjpass") is None
        words = s.text[span[0] - s.start : span[1] - s.start]
        is_thing = s.tokens[head].pos in {"NOUN", "PROPN"} and head == grammar.undergoer(s, i)
        if cue.text == "told" and s.field is ArticleField.TITLE and implied:
            # "City told its air is clean": by somebody.
            continue
        if is_thing:
            span = clause_span(s, speaker, i, span)
        if _is_said_by(s, i, head):
            # "The clinic is said by two nurses to have hidden it."
            whom = grammar.child(s, i, "nsubjpass")
            first = s.span(grammar.noun_phrase(s, whom))[0] if whom is not None else span[0]
            span = min(span[0], first), span[1]
        conditional = grammar.is_conditional(s, head) and not _tells_how(s, i, head)
        yield Draft(
            sentence=s,
            start=span[0],
            end=span[1],
            kind=ClaimKind.INDIRECT,
            stance=Stance.QUESTION if conditional else REPORTING.get(cue.lemma, Stance.ASSERT),
            cue=cue.text,
            speaker=speaker,
            content=s,
            heads=(head,),
            cue_token=i,
            implied=speaker if implied else None,
            hedged=cue.lemma in HEDGING_CUES or _is_hearsay(s, i),
            proposition=_joined(s, head, cut) if cut[:1] == (i,) else words if is_thing else "",
            detector="indirect",
        )


def _is_hearsay(s: Sentence, i: int) -> bool:
    """'Is said to have explained that': somebody told it, nobody says who heard it."""
    token, above = s.tokens[i], s.tokens[s.tokens[i].head]
    if token.dep != "xcomp" or token.tag != "VBN" or above.lemma not in _HEARD:
        return False
    have = any(s.tokens[c].lemma == "have" and s.tokens[c].dep == "aux" for c in s.children[i])
    return have and grammar.is_passive(s, token.head) and not grammar.is_negated(s, token.head)


def _heard(s: Sentence, i: int) -> int | None:
    """'The jury heard from an accountant that…': who was heard says it."""
    by = grammar.child(s, i, "prep") if s.tokens[i].lemma == "hear" else None
    return grammar.child(s, by, "pobj") if by is not None and s.tokens[by].lemma == "from" else None


def _belongs_to_quotation(page: Page, d: Draft, cue: int) -> bool:
    """'He disagrees: “It was dark,” he said': the cue is that of the words between marks."""
    at = d.sentence.start + d.sentence.tokens[cue].start
    return any(d.end <= q.start and q.end <= at for q in page.quotations_in(d.sentence))


def _is_asked_himself(s: Sentence, i: int) -> bool:
    """'Asked whether…, he said': who is asked does not ask."""
    return s.tokens[i].lemma in {"ask", "question"} and s.tokens[i].tag == "VBN"


def _joined(s: Sentence, head: int, cut: tuple[int, ...]) -> str:
    """Both sides of an attribution that stands in the middle, as one sentence."""
    kept = list(s.subtree(head, without=frozenset({*cut, *added_speech(s, head), *denied_after(s, head)})))
    words = [s.tokens[t].text for t in kept if s.tokens[t].pos != "PUNCT"]
    return " ".join(words).replace(" 's", "'s").replace(" n't", "n't").replace(" ’s", "’s")


def _contents(s: Sentence, i: int) -> Iterator[tuple[int, tuple[int, ...]]]:
    """The tokens at the top of what is said, with the branches that do not belong to it."""
    token = s.tokens[i]
    clause = grammar.child(s, i, "ccomp")
    if token.lemma in _WITH_THAT and (clause is None or grammar.child(s, clause, "mark") is None):
        return
    if clause is None and _is_hearsay(s, i):
        # "His men were asleep, he is said to have explained."
        clause = grammar.child(s, token.head, "ccomp")
    if clause is None:
        clause = _far_off(s, i)
    if clause is not None and not _tells_of_speaker(s, i, clause):
        yield from _split(s, clause)
        if clause > i:
            yield from ((other, ()) for other in _shifted_back(s, i, clause))
        else:
            # "It came from the sea, the governor wrote, and all of it was destroyed."
            yield from ((other, ()) for other in clauses_beyond(s, i, i) if goes_on(s, i, other))
        return
    above = token.head
    if token.lemma in _CALLING and any(s.tokens[c].lemma == "as" for c in s.children[i]):
        # "The oven was cold, as the rules demand."
        return
    is_aside = token.dep in {"parataxis", "ccomp"} or (
        token.dep == "advcl"
        and any(s.tokens[c].dep == "mark" and s.tokens[c].lemma == "as" for c in s.children[i])
    )
    if is_aside and token.lemma in MANNER and grammar.child(s, above, "nsubj", "nsubjpass", "expl") is None:
        # "Asked about it, the keeper thundered off."
        return
    if is_aside and _has_object(s, i):
        # "The lift stopped, as the firm reported a loss", "they dug, and one of them found three nails".
        return
    if is_aside and _tells_of_speaker(s, i, above):
        before = grammar.child(s, above, "ccomp")
        if before is not None and before < i:
            yield before, ()
        return
    if is_aside and above != i and s.tokens[above].pos in {"VERB", "AUX"} and not _reports(s, above):
        beyond = tuple(clauses_beyond(s, above, i))
        yield above, (i, *beyond)
        for other in beyond:
            if not _speaks_on(s, i, other):
                yield other, (above,) if s.tokens[above].head == other else ()
        tail = _tail(s, i, above) if above < i and not beyond else None
        if tail is not None:
            yield tail, ()
        return
    told = grammar.child(s, i, "xcomp")
    if told is not None and _is_said_by(s, i, told):
        yield told, ()
        return
    seen = grammar.child(s, i, "xcomp") if token.lemma in PERCEIVED else None
    if seen is not None and s.tokens[seen].tag == "VBG":
        # "Reported hearing shots", "remembers seeing a van".
        yield seen, ()
        return
    if token.lemma in {"claim", "vow", "swear", "promise", "pledge", "threaten"}:
        infinitive = grammar.child(s, i, "xcomp")
        if infinitive is not None:
            yield infinitive, ()
            return
    if token.lemma == "describe":
        # "Described a van leaving the yard": no description of the van.
        thing = grammar.child(s, i, "dobj")
        doing = grammar.child(s, thing, "acl") if thing is not None else None
        if thing is not None and doing is not None and s.tokens[doing].tag == "VBG":
            yield thing, ()
        return
    if token.lemma in TAKES_NOUN:
        thing = grammar.undergoer(s, i)
        if thing is not None and s.tokens[thing].pos in {"NOUN", "PROPN"}:
            that = next((c for c in s.children[thing] if _is_that_clause(s, c)), None)
            yield (that if that is not None else thing), ()


def _tail(s: Sentence, i: int, above: int) -> int | None:
    """'They got in, the bureau found, by a tunnel that nobody had closed', ', she found, at 9:15 on Sunday':
    what is told of it behind the attribution.
    """
    first = max(s.subtree(i)) + 2
    if first + _LONG_TAIL >= len(s.tokens) or s.tokens[first - 1].text != ",":
        return None
    if s.tokens[first].lemma == "where":
        # "It began at a park, he says, where the line failed".
        clause = next((a for a in s.ancestors(first) if s.tokens[a].dep == "relcl"), None)
        told = clause is not None and first <= min(s.subtree(clause)) and above in s.ancestors(clause)
        return clause if told else None
    if s.tokens[first].dep != "prep":
        return None
    if s.tokens[first].lemma in _OF_TELLING:
        return None
    if i in s.subtree(first) or above not in s.ancestors(first):
        return None
    words = [t for t in s.tokens[first:] if t.pos != "PUNCT"]
    own = [n for n in s.subtree(first) if s.tokens[n].pos != "PUNCT"]
    told = any(t.pos == "NUM" or (t.pos == "VERB" and s.tokens[first].lemma != "at") for t in words)
    return first if told and len(own) == len(words) and len(words) > _LONG_TAIL else None


def _shifted_back(s: Sentence, i: int, clause: int) -> Iterator[int]:
    """'Said he had been asleep, and had heard nothing': what the parse joins to the verb of speaking is said,
    too, where it is a step back in time.
    """
    for c in s.children[i]:
        token = s.tokens[c]
        helpers = {s.tokens[n].text for n in s.children[c] if s.tokens[n].dep in {"aux", "auxpass"}}
        own = grammar.child(s, c, "nsubj", "nsubjpass") is not None
        joined = token.dep == "conj" and c > clause and not own and token.lemma not in SPEECH
        if joined and helpers & _BACKSHIFT and s.tokens[i].tag == "VBD":
            yield c


def _far_off(s: Sentence, i: int) -> int | None:
    """'Warned on three evenings that nobody was asked': the parse hangs the clause on the evenings."""
    for c in s.children[i]:
        thing = grammar.child(s, c, "pobj") if s.tokens[c].lemma in _WHEN and c > i else None
        clause = grammar.child(s, thing, "acl") if thing is not None else None
        if clause is not None and _is_that_clause(s, clause) and s.tokens[thing or 0].lemma not in _GROUNDS:
            return clause
    return None


def _is_said_by(s: Sentence, i: int, head: int) -> bool:
    """'Is said by two nurses to have hidden it'."""
    token = s.tokens[head]
    infinitive = token.dep == "xcomp" and any(s.tokens[c].lemma == "to" for c in s.children[head])
    said = s.tokens[i].lemma in _SAID_BY and grammar.child(s, i, "agent") is not None
    return said and infinitive and token.head == i


def _tells_how(s: Sentence, i: int, head: int) -> bool:
    """'She recounted how the gate had jammed': it had."""
    asking = [s.tokens[c].lemma for c in s.children[head] if s.tokens[c].tag in {"WRB", "WP", "WDT"}]
    whether = grammar.child(s, head, "mark") is not None
    return s.tokens[i].lemma in _TELLING and asking == ["how"] and not whether


def _has_object(s: Sentence, i: int) -> bool:
    """Whether the verb has a content of its own; 'as she remembers it' has none."""
    thing = grammar.child(s, i, "dobj")
    if thing is None or s.tokens[thing].lemma in {"it", "reply", "answer"} or s.tokens[i].lemma in _LISTENED:
        # "Comes the answer": no content.
        return False
    return thing > i


def _split(s: Sentence, clause: int) -> Iterator[tuple[int, tuple[int, ...]]]:
    """'said that A and that B' says two things."""
    others = tuple(
        c
        for c in s.children[clause]
        if s.tokens[c].dep == "conj"
        and grammar.child(s, c, "nsubj", "nsubjpass") is not None
        and grammar.child(s, c, "mark") is not None
    )
    yield clause, others
    for other in others:
        yield other, ()


def _tells_of_speaker(s: Sentence, i: int, clause: int) -> bool:
    """', the minister said, who did not say how he knew'."""
    who = grammar.child(s, clause, "nsubj", "nsubjpass")
    return who == i + 2 and s.tokens[who].tag == "WP" and s.tokens[i + 1].text == ","


def _speaks_on(s: Sentence, i: int, other: int) -> bool:
    """', he told the court, and said which': the speaker goes on; 'had told' is part of what he says."""
    token = s.tokens[other]
    return token.lemma in SPEECH and token.tag == s.tokens[i].tag and grammar.child(s, other, "aux") is None


def _reports(s: Sentence, i: int) -> bool:
    """Somebody says something there; 'was found hanging' is no finding."""
    lemma = s.tokens[i].lemma
    # "It shows boys feeding geese, he explained."
    says = lemma in REPORTING and lemma not in ONLY_OF and grammar.child(s, i, "ccomp") is not None
    return says and not grammar.is_passive(s, i)


def _is_that_clause(s: Sentence, i: int) -> bool:
    return s.tokens[i].dep in {"acl", "ccomp"} and any(
        s.tokens[c].dep == "mark" and s.tokens[c].lemma == "that" for c in s.children[i]
    )
