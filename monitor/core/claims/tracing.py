"""How a stored claim is found: the detector and the sentence, and the phrases by which frames were evoked.

Nothing of this is stored; it is worked out again on the stored text, by the code and the rules of now.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from monitor.core.claims.draft import Draft
from monitor.core.claims.extract import extract_claims
from monitor.core.claims.languages import LANGUAGES, Language, language_of
from monitor.core.claims.page import Page, lay_out
from monitor.core.claims.parsed import Parser
from monitor.core.types import Claim, ClaimKind, Frame, Reading

if TYPE_CHECKING:  # the rules read frames with this package, so it cannot need them at run time
    from monitor.core.rules import RuleSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """How a claim comes about now."""

    # What extraction gives for this stretch now; None: nothing like it any more.
    now: Claim | None
    # Which of the detectors finds it; empty: none of them finds exactly this stretch.
    detector: str = ""
    # The sentence that attributes, and where it starts in the claim's field.
    sentence: str = ""
    sentence_start: int = 0
    # Frame → the phrase of its file that fits here; frames of none are left out.
    phrases: Mapping[str, str] | None = None


def trace_claim(
    claim: Claim, reading: Reading, rules: RuleSet, parsers: Mapping[str, Parser]
) -> Trace | None:
    """The trace of a claim of this article; None: nothing reads the article's language.

    `reading` needs at least one match, as extraction does.
    """
    lang = language_of(reading)
    if lang not in LANGUAGES or lang not in parsers:
        return None
    language = LANGUAGES[lang]
    ((found, *_),) = (extract_claims([reading], rules, parsers),)
    now = _same(claim, found)
    telling = language.telling_words(rules.frames)
    (page,) = lay_out([reading], parsers[lang], telling, language)
    draft = _draft(claim, page, language)
    if draft is None:
        sentence = next((s for s in page.sentences if s.field is claim.field and s.end > claim.start), None)
        if sentence is None:
            return Trace(now=now)
        return Trace(now=now, sentence=sentence.text, sentence_start=sentence.start)
    return Trace(
        now=now,
        detector=draft.detector,
        sentence=draft.sentence.text,
        sentence_start=draft.sentence.start,
        phrases=_phrases(claim, draft, page, rules, language),
    )


def _same(claim: Claim, found: tuple[Claim, ...]) -> Claim | None:
    """The very claim, else the one that shares most of its stretch."""
    for one in found:
        if one.fingerprint == claim.fingerprint:
            return one
    near = [c for c in found if c.field is claim.field and min(c.end, claim.end) > max(c.start, claim.start)]
    return max(near, key=lambda c: min(c.end, claim.end) - max(c.start, claim.start), default=None)


def _draft(claim: Claim, page: Page, language: Language) -> Draft | None:
    """The first draft on exactly this stretch, those with the claim's cue before others."""
    drafts = [
        d
        for detect in language.detectors.values()
        for d in detect(page)
        if d.sentence.field is claim.field and (d.start, d.end) == (claim.start, claim.end)
    ]
    return min(drafts, key=lambda d: d.cue != claim.cue, default=None)


def _phrases(claim: Claim, draft: Draft, page: Page, rules: RuleSet, language: Language) -> Mapping[str, str]:
    cast = language.cast(page, rules.entities)
    for s in page.sentences:
        if s.field is draft.sentence.field and s.start < draft.sentence.start:
            cast.listen(s)
    fill = language.fillers(cast, claim.speaker, claim.kind is ClaimKind.DIRECT)
    turned = language.turned(draft)
    starts = language.starts(turned)
    wanted = {use.frame for use in claim.frames}
    fitting: dict[str, str] = {}
    for frame in rules.frames:
        if frame.id in wanted:
            fits = (text for text, alone in _single(frame) if language.evoke(turned, starts, (alone,), fill))
            text = next(fits, None)
            if text is not None:
                fitting[frame.id] = text
    return fitting


def _single(frame: Frame) -> Iterator[tuple[str, Frame]]:
    """Each phrase, with the frame as if it had no other; what denies comes first, as in reading."""
    bare = replace(frame, phrases=(), denials=(), wordings=())
    for text in frame.denials:
        yield text, replace(bare, denials=(text,))
    for text in frame.phrases:
        yield text, replace(bare, phrases=(text,))
    for wording in frame.wordings:
        for text in wording.denials:
            yield text, replace(bare, wordings=(replace(wording, phrases=(), denials=(text,)),))
        for text in wording.phrases:
            yield text, replace(bare, wordings=(replace(wording, phrases=(text,), denials=()),))
