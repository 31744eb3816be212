"""What a detector found, before speaker, frames and keys are worked out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from monitor.core.claims import grammar
from monitor.core.claims.cues import (
    ACCUSING,
    ANAPHORIC_NOUNS,
    DENYING,
    NAMING,
    PROOF_NOUNS,
    REPORTING,
    SHOWING,
    SUMMING_UP,
)
from monitor.core.claims.issuers import who_instead
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.reporting import leads_to_speech
from monitor.core.types import ClaimKind, Stance

_EDGES = frozenset("\"“”«»„'‘’,;:–—-()")
_MIN_WORDS = 2
_FINITE = frozenset({"VBD", "VBZ", "VBP"})
#: Verbs that say, deny, accuse or call something by a name.
SPEECH = REPORTING.keys() | DENYING | ACCUSING | NAMING
_REJECTING = DENYING | NAMING
# "…, contradicting the mayor": how it stands to what others say.
_BESIDE_OTHERS = frozenset({"contradict", "echo", "refute", "rebut"})
# A subject further in front of its cue than this is left out of the quotation.
_NEAR_CHARS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One attributed stretch of text."""

    # The sentence that attributes; offsets below are into its field.
    sentence: Sentence
    start: int
    end: int
    kind: ClaimKind
    stance: Stance
    # The words that attribute.
    cue: str
    # Token of `sentence` that names the speaker; None: `speaker_span`, or the speaker goes on from before.
    speaker: int | None
    speaker_span: tuple[int, int] | None = None
    # The sentence that `speaker` is a token of; None: `sentence`.
    named_in: Sentence | None = None
    # The sentence whose last speaker goes on here.
    goes_on: Sentence | None = None
    # The sentence that the content stands in, and the tokens at the top of it.
    content: Sentence
    heads: tuple[int, ...]
    # Token of `sentence` at which a frame may start as well: the accusing or claiming verb.
    cue_token: int | None = None
    # Token of `sentence` that acts in a content without a subject of its own ("denied sabotaging it").
    implied: int | None = None
    hedged: bool = False
    # The content only points at somebody else's claim ("the allegations").
    points_back: bool = False
    # What the claim it points back at is about: "neglect" in "his story of neglect"; empty: not said.
    matter: str = ""
    # The outlet tells it beside what somebody else says in the sentence.
    beside: bool = False
    # A noun tells it, though the stretch shows the clause: "the register shows no departure".
    in_a_noun: bool = False
    proposition: str = ""
    # The content itself, where the stretch shows more; empty: the stretch.
    words: str = ""
    # Which detector; first in the table wins over later ones on the same stretch.
    detector: str = ""

    def says_all_of(self, other: Draft) -> bool:
        """'It denied that it was shut, as the guild claims': whether who says this stands behind it, and
        it is all that the other says.
        """
        if self.speaker is None or self.start != other.start or self.named_in is not None:
            return False
        return self.sentence.start + self.sentence.tokens[self.speaker].start >= self.end


def carried_over(
    page: Page, span_of: Callable[[Sentence], tuple[int, int] | None], min_words: int = 3
) -> Iterator[Draft]:
    """Every clause after a semicolon that says nothing of who speaks: whoever spoke before it goes on.

    `span_of` cuts a clause clean; None where too little is left.
    """
    for before, s in pairwise(page.sentences):
        between = page.article.field(s.field)[before.end : s.start] if before.field is s.field else ""
        if between.strip() != ";" or len(s.text.split()) < min_words or not s.tokens or page.quotations_in(s):
            continue
        span = span_of(s)
        if span is not None:
            draft = reported(s, span, "", None, roots_within(s, *span), "carried")
            yield replace(draft, goes_on=before)


def reported(
    s: Sentence, span: tuple[int, int], cue: str, speaker: int | None, heads: tuple[int, ...], detector: str
) -> Draft:
    """What somebody is said to say in the sentence that attributes it, `span` of it: asserted."""
    return Draft(
        sentence=s,
        start=span[0],
        end=span[1],
        kind=ClaimKind.INDIRECT,
        stance=Stance.ASSERT,
        cue=cue,
        speaker=speaker,
        content=s,
        heads=heads,
        detector=detector,
    )


def given_figure(s: Sentence, i: int, speaker: int, thing: int, span: tuple[int, int]) -> Draft:
    """What somebody counts or puts at a number: the verb `i`, and the `thing` with its number."""
    draft = reported(s, span, s.tokens[i].text, speaker, (thing,), "figures")
    return replace(draft, proposition=s.words(s.subtree(thing)))


def in_own_voice(
    page: Page,
    is_attributed: Callable[[Page, Sentence], bool],
    heads: Callable[[Sentence], Iterator[int]],
    span_of: Callable[[Sentence, int], tuple[int, int] | None],
) -> Iterator[Draft]:
    """What the outlet says itself, a draft for each main verb; nothing where somebody else speaks."""
    for s in page.parsed:
        if s.text.rstrip().endswith("?") or is_attributed(page, s):
            continue
        for head in heads(s):
            span = span_of(s, head)
            if span is not None:
                yield told_by_outlet(s, head, span)


def told_by_outlet(s: Sentence, head: int, span: tuple[int, int]) -> Draft:
    """What the outlet says itself, `span` of the sentence with the verb `head`."""
    return replace(reported(s, span, "", None, (head,), "own_voice"), kind=ClaimKind.OWN_VOICE)


def headline(sentence: Sentence, who: tuple[int, int], span: tuple[int, int], cue: str) -> Draft:
    """A title that attributes by a mark: `who` and `span` are stretches of the title."""
    return Draft(
        sentence=sentence,
        start=span[0],
        end=span[1],
        kind=ClaimKind.INDIRECT,
        stance=Stance.ASSERT,
        cue=cue,
        speaker=None,
        speaker_span=who,
        content=sentence,
        heads=roots_within(sentence, *span),
        detector="headline",
    )


def content_span(s: Sentence, head: int, *, without: Sequence[int] = ()) -> tuple[int, int] | None:
    """Where the clause or phrase under `head` stands, cut clean; None where too little is left.

    Where the attribution stands in the middle ("The bridge, the firm said, was safe"), the longer side.
    """
    cut = frozenset({*without, *added_speech(s, head), *spoken_on(s, head), *denied_after(s, head)})
    tokens = [t for t in s.subtree(head, without=cut) if t not in cut]
    for w in without:
        before, after = [t for t in tokens if t < w], [t for t in tokens if t > w]
        own, other = (before, after) if head < w else (after, before)
        # "He loved, he says, the hour when…": too little without the rest.
        # "The tape is, she says, a fake": so does what stops at its verb.
        last = next((t for t in reversed(own) if s.tokens[t].pos != "PUNCT"), -1)
        # "That he fled is, to her, a lie" says itself, and no "what he took was".
        told = [s.tokens[t].pos for t in own if t != head]
        that = bool(own) and s.tokens[own[0]].lemma == "that" and "VERB" in told
        stops = last == head and s.tokens[head].lemma in {"be", "have"} and not that
        says = not (stops and other) and (len(own) > _MIN_WORDS or len(own) >= len(other))
        tokens = own if says else other
    while tokens and _drop_first(s, tokens, head):
        tokens.pop(0)
    while tokens and _drop_last(s, tokens[-1]):
        tokens.pop()
    words = [t for t in tokens if s.tokens[t].pos not in {"PUNCT", "SPACE"}]
    return s.span(tokens) if len(words) >= _MIN_WORDS else None


def clauses_beyond(s: Sentence, head: int, cue: int) -> Iterator[int]:
    """'It was he who asked, she said, and nobody warned him': the clauses on the other side of the cue."""
    for c, token in enumerate(s.tokens):
        if c in {head, cue} or (c < cue) == (head <= cue):
            continue
        joined = token.head == head and token.dep in {"conj", "parataxis"}
        # Behind a colon the parser begins a sentence of its own, and of three in a row it takes the second
        # for the main one: "The pump is dry, she went on, the well is open, and nobody is ill".
        anew = token.head == c > cue and (
            s.tokens[head].head == head or (s.tokens[head].head == c and s.tokens[head].dep == "ccomp")
        )
        if (joined and _is_clause(s, c, c > cue)) or (anew and _is_clause(s, c, False)):
            yield c


def _is_clause(s: Sentence, i: int, shares: bool) -> bool:
    """A finite verb with a subject; one that it shares with the clause before will do where it `shares`."""
    if s.tokens[i].pos not in {"VERB", "AUX"}:
        return False
    if grammar.child(s, i, "nsubj", "nsubjpass", "expl") is not None:
        return True
    verbs = (i, *(c for c in s.children[i] if s.tokens[c].dep in {"aux", "auxpass"}))
    return shares and any(s.tokens[v].tag in _FINITE | {"MD"} for v in verbs)


def goes_on(s: Sentence, above: int, other: int) -> bool:
    """Whether a clause behind an attribution between commas belongs to what was said before it."""
    beside = (*s.children[above], *s.children[other])
    and_ = max((c for c in beside if c < other and s.tokens[c].dep == "cc"), default=-1)
    told = s.tokens[other]
    return (
        and_ > 0
        and s.tokens[and_ - 1].text == ","
        and told.pos in {"VERB", "AUX"}
        and told.lemma not in SPEECH
    )


def added_speech(s: Sentence, head: int) -> tuple[int, ...]:
    """', adding that…', ', contradicting the port': what the same speaker says or does on saying it, which
    the parse hangs on the content.
    """
    return tuple(
        c
        for c in s.subtree(head)
        if c != head
        and s.tokens[c].dep == "advcl"
        and s.tokens[c].tag == "VBG"
        and s.tokens[c].lemma in REPORTING.keys() | ACCUSING | _BESIDE_OTHERS
        and grammar.child(s, c, "nsubj") is None
        and grammar.is_behind_pause(s, c)
    )


def spoken_on(s: Sentence, head: int) -> tuple[int, ...]:
    """'said the dam was safe and called the report wrong': what the parse adds to the content is, where it
    is speech again in the tense of the cue, one more thing that the speaker did.
    """
    top = s.tokens[head]
    cue = s.tokens[top.head]
    if top.dep != "ccomp" or cue.lemma not in REPORTING.keys() | DENYING or cue.tag not in _FINITE:
        return ()
    found, at = [], head
    while (at := grammar.child(s, at, "conj") or -1) >= 0:
        token = s.tokens[at]
        bare = grammar.child(s, at, "nsubj", "nsubjpass", "aux", "auxpass", "mark") is None
        if bare and token.tag == cue.tag and (token.lemma in SPEECH or _shows_proof(s, at)):
            found.append(at)
    return tuple(found)


def _shows_proof(s: Sentence, i: int) -> bool:
    """'gave no evidence', 'named no source'."""
    thing = grammar.child(s, i, "dobj")
    return s.tokens[i].lemma in SHOWING and thing is not None and s.tokens[thing].lemma in PROOF_NOUNS


def in_passing(s: Sentence, i: int) -> int | None:
    """Where a relative clause begins whose verb denies what was said right before it; None: it is none.

    'Which the port denies', 'an accusation that she rejects', 'a claim its lawyers call absurd'.
    """
    token, above = s.tokens[i], s.tokens[s.tokens[i].head]
    if token.lemma not in _REJECTING:
        return None
    own = grammar.child(s, i, "nsubj")
    if own is None or own > i or s.tokens[own].tag in {"WDT", "WP"}:
        return None
    first = None
    if any(s.tokens[c].text == "which" and c < own for c in s.children[i]):
        # "The report, which the port rejects, says": of the report.
        first = min(s.children[i]) if above.dep not in grammar.SUBJECTS else None
    elif token.dep in {"relcl", "acl"} and above.lemma in ANAPHORIC_NOUNS | SUMMING_UP and token.head < own:
        first = min(grammar.noun_phrase(s, token.head))
    return first if first and s.tokens[first - 1].text in {",", "–", "—", "-"} else None


def denied_after(s: Sentence, head: int) -> Iterator[int]:
    """What follows a content and denies it: somebody else's words."""
    for n in s.subtree(head):
        first = in_passing(s, n) if n != head else None
        if first is not None:
            yield s.tokens[n].head if first <= s.tokens[n].head < n else n


def clause_span(s: Sentence, speaker: int, cue: int, content: tuple[int, int]) -> tuple[int, int]:
    """A content that says nothing alone ('the accusation'), with its cue and, where it stands right
    before, its subject: 'the port denied the accusation'.
    """
    start, end = content
    phrase = grammar.noun_phrase(s, speaker)
    gap = s.tokens[cue].start - s.tokens[phrase[-1]].end
    near = 0 <= gap <= _NEAR_CHARS and s.tokens[cue].dep not in {"conj", "advcl"}
    first, last = s.span([*phrase, cue] if near or _by_passive(s, speaker, cue) else [cue])
    return min(start, first), max(end, last)


def _by_passive(s: Sentence, speaker: int, cue: int) -> bool:
    return s.tokens[s.tokens[speaker].head].head == cue and s.tokens[speaker].dep == "pobj"


def _drop_last(s: Sentence, i: int) -> bool:
    token = s.tokens[i]
    return token.text in _EDGES or token.text in {".", "…"} or token.dep == "cc"


def _drop_first(s: Sentence, tokens: list[int], head: int) -> bool:
    first = s.tokens[tokens[0]]
    if first.text in _EDGES:
        return True
    is_mark = first.dep == "mark" and first.head == head
    # What the parser takes for the object of a verb further on.
    is_mark |= first.tag == "WDT" and first.dep == "dobj"
    return (is_mark and first.lemma == "that") or (first.dep == "cc" and len(tokens) > 1)


def roots_within(s: Sentence, start: int, end: int) -> tuple[int, ...]:
    """The tokens inside this stretch of the field that nothing inside it governs."""
    inside = {i for i, t in enumerate(s.tokens) if start <= s.start + t.start and s.start + t.end <= end}
    tops = [
        i
        for i in inside
        if (s.tokens[i].head not in inside or s.tokens[i].head == i) and s.tokens[i].pos != "PUNCT"
    ]
    return tuple(sorted(tops))


def speaker_of(s: Sentence, i: int) -> int | None:
    """Who the cue says speaks; for ', adding that…', 'having said…' whoever spoke before in it."""
    having = grammar.child(s, i, "aux")
    goes_with = s.tokens[i].tag == "VBG" or (having is not None and s.tokens[having].tag == "VBG")
    if s.tokens[i].dep == "advcl" and goes_with and grammar.child(s, i, "nsubj") is None:
        for a in s.ancestors(i):
            if s.tokens[a].lemma in REPORTING.keys() | ACCUSING | DENYING:
                return grammar.subject(s, a)
    above = s.tokens[i].head
    while s.tokens[above].dep == "conj" and s.tokens[above].head != above:
        above = s.tokens[above].head
    if s.tokens[i].dep == "conj" and i in spoken_on(s, above):
        return speaker_of(s, s.tokens[above].head)
    if (leads := leads_to_speech(s, i)) is not None:
        # "Used a briefing to say": who used it.
        made = grammar.child(s, leads, "nsubjpass")
        return made if made is not None else grammar.subject(s, leads)
    found = grammar.subject(s, i)
    if found is None and grammar.child(s, i, "ccomp") is not None and s.tokens[i].tag in _FINITE:
        # "As part of his plea, Ivo Lund, 44, said that…".
        near = grammar.named_before(s, i, i)
        return near if s.tokens[near].pos == "PROPN" and s.tokens[near].dep == "appos" else None
    if found is not None and s.tokens[found].dep == "csubj":
        return grammar.named_before(s, i, found)
    return who_instead(s, i, found) if found is not None else None
