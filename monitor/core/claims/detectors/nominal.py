"""A noun that carries what somebody said: 'the airline's insistence that the jet was sound', 'his version is
that…', 'the accusation by the union that…', 'the claim, repeated by a nurse, that…', 'his denial of a link'.
"""

from __future__ import annotations

from collections.abc import Iterator

from monitor.core.claims import grammar
from monitor.core.claims.cues import SAID_NOUNS
from monitor.core.claims.draft import Draft, content_span, speaker_of
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.reporting import usable_cue
from monitor.core.claims.voices import is_office, may_speak
from monitor.core.types import ClaimKind, Stance
from monitor.core.wording import word_set

_CLAUSES = frozenset({"acl", "ccomp", "relcl"})
# "The claim is that", "his account was that".
_COPULA = word_set("be remain")
# "Its line remains that": said of nothing but a clause.
_HELD = word_set("line position stance view contention message thesis opinion word talk case argument")
# "The claim made by a nurse", "repeated in the press".
_VOICED = word_set(
    """
    make repeat voice raise level spread advance put bring air publish report post broadcast echo share back
    support endorse
    """
)
# Papers do so, too, and say nothing.
_BACKING = word_set("back support")
# Whoever does this with one has it: "made the claim that", "repeated the accusation that".
_MAKING = word_set(
    """
    make repeat voice raise level advance renew issue offer take express give share push spread revive echo
    peddle
    """
)
# "Sticks to his story that".
_STANDING = word_set("stand stick cling hold keep")
# "Suggestions in some newspapers that…": they suggest.
_MEDIA = word_set("newspaper press medium media tabloid outlet quarter")
# Nouns that say what with "of": "her denial of any contact", "the union's accusation of fraud".
_OF_WHAT = frozenset({Stance.DENY, Stance.ACCUSE, Stance.CONFIRM})
# These only where they say something new: "his theory of a leak", and no "its account of the night".
_OF_A_KIND = word_set("theory suggestion claim story version tale hint notion hypothesis prediction prophecy")
_NOUNS = SAID_NOUNS.keys() | _HELD | _OF_A_KIND


def detect_nominal(page: Page) -> Iterator[Draft]:
    for s in page.parsed:
        for i, token in enumerate(s.tokens):
            if token.lemma not in _NOUNS or token.pos != "NOUN":
                continue
            if page.quoted(s.field, s.start + token.start) is not None:
                continue
            whose = whose_word(s, i)
            draft = (_with_clause(s, i, whose) or _of_thing(s, i, whose)) if whose is not None else None
            if draft is not None:
                yield draft


def _with_clause(s: Sentence, i: int, whose: int) -> Draft | None:
    clause = _clause(s, i)
    span = content_span(s, clause) if clause is not None else None
    if clause is None or span is None:
        return None
    end = _end_of_subject(s, i, clause)
    if end is not None:
        that = next((c for c in s.children[clause] if s.tokens[c].lemma == "that"), clause - 1)
        span = s.span(range(that + 1, end + 1))
    return _draft(s, i, whose, clause, span)


def _of_thing(s: Sentence, i: int, whose: int) -> Draft | None:
    """'His denial of any contact', 'the union's accusation of fraud'."""
    of = next((c for c in s.children[i] if s.tokens[c].lemma == "of" and c == i + 1), None)
    thing = grammar.child(s, of, "pobj", "pcomp") if of is not None else None
    says_what = SAID_NOUNS.get(s.tokens[i].lemma) in _OF_WHAT or s.tokens[i].lemma == "warning"
    if thing is None or thing == whose:
        return None
    last = (content_span(s, thing) or s.span([thing]))[1]
    if s.tokens[i].lemma in _OF_A_KIND and _is_new(s, thing):
        return _draft(s, i, whose, thing, (s.start + s.tokens[i].start, last))
    if not says_what or whose > i:
        return None
    return _draft(s, i, whose, thing, (s.span(grammar.noun_phrase(s, whose))[0], last))


def _is_new(s: Sentence, thing: int) -> bool:
    """'A worn cable', 'sabotage': not 'the night', nor 'his life'."""
    token = s.tokens[thing]
    article = grammar.child(s, thing, "det")
    new = article is None or s.tokens[article].lemma in {"a", "an"}
    told = len(s.subtree(thing)) > 1 or article is None
    return token.tag == "NN" and new and told and grammar.child(s, thing, "poss") is None


def _draft(s: Sentence, i: int, whose: int, head: int, span: tuple[int, int]) -> Draft:
    return Draft(
        sentence=s,
        start=span[0],
        end=span[1],
        kind=ClaimKind.INDIRECT,
        stance=SAID_NOUNS.get(s.tokens[i].lemma, Stance.ASSERT),
        cue=s.tokens[i].text,
        speaker=whose,
        content=s,
        heads=(head,),
        implied=whose,
        detector="nominal",
    )


def whose_word(s: Sentence, i: int) -> int | None:
    """Whose it is: 'the union's', 'by the union', 'from the union', 'made by the union', 'in some papers'."""
    own = grammar.child(s, i, "poss")
    verb = s.tokens[i].head
    if own is None and s.tokens[i].dep == "dobj" and s.tokens[verb].lemma in _MAKING and usable_cue(s, verb):
        # "The skipper made the claim that…".
        return speaker_of(s, verb)
    if own is None and s.tokens[i].dep == "nsubjpass" and s.tokens[verb].lemma in _VOICED:
        # "The charge that… was echoed by two nurses": theirs, too, but no paper's that backs it.
        by = grammar.subject(s, verb)
        says = by is not None and (s.tokens[verb].lemma not in _BACKING or may_speak(s, by))
        return by if says else None
    if own is not None and s.tokens[own].tag == "PRP$" and s.tokens[verb].lemma in {"by", "to"}:
        standing = s.tokens[verb].head
        if s.tokens[standing].lemma in _STANDING and usable_cue(s, standing):
            # "The firm stands by its claim that…": whoever it is that does.
            return speaker_of(s, standing)
    if own is None:
        # "The police theory is that".
        bodies = (c for c in s.children[i] if s.tokens[c].dep == "compound" and _is_body(s, c))
        own = next(bodies, None)
    if own is not None:
        return None if s.tokens[own].lemma in {"my", "our", "your"} else own
    for c in s.children[i]:
        token = s.tokens[c]
        if token.dep in {"prep", "agent"} and token.lemma in {"by", "from"}:
            return grammar.child(s, c, "pobj")
        if token.dep == "prep" and token.lemma == "of" and s.tokens[i].lemma in SAID_NOUNS:
            # "The contention of the mayor that…"; "the claim of fraud" is nobody's.
            whom = grammar.child(s, c, "pobj")
            if whom is not None and may_speak(s, whom) and _has_own_clause(s, i):
                return whom
        if token.dep == "prep" and token.lemma == "in":
            media = grammar.child(s, c, "pobj")
            if media is not None and s.tokens[media].lemma in _MEDIA:
                return media
        if token.dep == "acl" and token.tag == "VBN" and token.lemma in _VOICED:
            by = next((n for n in s.children[c] if s.tokens[n].lemma in {"by", "in"}), None)
            who = grammar.child(s, by, "pobj") if by is not None else None
            named = who is not None and (s.tokens[by or 0].lemma == "by" or s.tokens[who].pos == "PROPN")
            return who if named and s.tokens[who or 0].entity_type != "DATE" else None
    return None


def _has_own_clause(s: Sentence, i: int) -> bool:
    return any(s.tokens[c].dep in _CLAUSES and _has_that(s, c) for c in s.children[i])


def _is_body(s: Sentence, i: int) -> bool:
    return s.tokens[i].lemma == "police" or is_office(s, i)


def _clause(s: Sentence, i: int) -> int | None:
    """The clause with 'that' that says what was said."""
    verb = s.tokens[i].head
    if s.tokens[i].dep == "nsubj" and s.tokens[verb].lemma in _COPULA:
        told = grammar.child(s, verb, "ccomp")
        if told is not None and _has_that(s, told):
            return told
    # However the parse hangs it: "the claim made by a nurse that…", "suggestions in some papers that…".
    that = next((n for n in range(i + 1, min(len(s.tokens), i + 5)) if s.tokens[n].lemma == "that"), i)
    late = s.tokens[that].head
    if that > i + 2 and s.tokens[that].dep == "mark" and late > that and s.tokens[i + 1].dep == "prep":
        # "Her claim in March that": whatever the parse hangs it on.
        return late if _has_that(s, late) else None
    if that == i + 1 and late > that and s.tokens[verb].lemma in {"by", "to"}:
        # "She sticks to her story that": hung on the verb.
        standing = s.tokens[verb].head
        own = grammar.child(s, late, "nsubj", "nsubjpass", "expl")
        hung = s.tokens[standing].lemma in _STANDING and s.tokens[late].head == standing
        if hung and own is not None and own > that:
            return late
    inner = (c for c in s.children[i] if s.tokens[c].dep in {"acl", "prep", "agent"})
    nouns = (n for c in inner for n in (c, *s.children[c]))
    return next(
        (
            c
            for above in (i, *nouns)
            for c in s.children[above]
            if s.tokens[c].dep in _CLAUSES and _has_that(s, c)
        ),
        None,
    )


def _end_of_subject(s: Sentence, i: int, clause: int) -> int | None:
    """'A claim by X that they hold the bridge could not be verified': where the parse takes the verb of the
    sentence into the clause, the last word before it; None: it does not.
    """
    if s.tokens[i].head != i:
        return None
    main = next((c for c in s.children[clause] if c > clause and s.tokens[c].dep == "ccomp"), None)
    own = grammar.child(s, main, "nsubj", "nsubjpass") if main is not None else None
    return s.subtree(own)[-1] if own is not None and own > clause else None


def _has_that(s: Sentence, i: int) -> bool:
    """A clause with 'that' and a subject of its own: no relative clause ("the claim that he made")."""
    subject = grammar.child(s, i, "nsubj", "nsubjpass", "expl", "csubj")
    that = next((c for c in s.children[i] if s.tokens[c].lemma == "that" and c < i), None)
    if that is None or subject is None or subject == that:
        return False
    # "The claim that he made": the verb lacks its object.
    return s.tokens[that].dep == "mark" or grammar.child(s, i, "prep", "dobj", "acomp", "attr") is not None
