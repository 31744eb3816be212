"""Articles → claims: lay out, detect, tell who speaks, evoke frames, give keys."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING

from monitor.core.claims.attached import with_when_and_where
from monitor.core.claims.between import with_those_between
from monitor.core.claims.carrying import carried_on
from monitor.core.claims.checkable import is_checkable
from monitor.core.claims.contrasts import with_contrasts
from monitor.core.claims.counted_again import with_counts
from monitor.core.claims.draft import Draft
from monitor.core.claims.fitting import fits
from monitor.core.claims.keys import claim_keys, topics
from monitor.core.claims.languages import LANGUAGES, Cast, Language, language_of
from monitor.core.claims.named_later import with_later_names
from monitor.core.claims.namesakes import without_namesakes
from monitor.core.claims.page import Page, lay_out
from monitor.core.claims.parsed import Parser, Sentence
from monitor.core.claims.pointing import explained, with_both_sides
from monitor.core.claims.score import score_of
from monitor.core.claims.setting import with_settings
from monitor.core.claims.times import times_at
from monitor.core.claims.untrue import given_the_lie
from monitor.core.types import (
    ArticleField,
    Claim,
    ClaimKind,
    ContradictionKind,
    Frame,
    Reading,
    Speaker,
    Stance,
)
from monitor.core.wording import REBUTTAL_MARK, rebuttal_key

if TYPE_CHECKING:  # the rules read frames with this package, so it cannot need them at run time
    from monitor.core.rules import RuleSet

#: Changes whenever the same article could give other claims.
EXTRACTOR_VERSION = "17"
# "Less than a kilometre away" is nobody, wherever it stands.
_MEASURE = re.compile(r"(?i)^(?:less|more|fewer|at least|almost|nearly|about) (?:than )?(?:an?|\d\S*) \w+$")
_PRONOUNS = frozenset({"PRON", "DET"})
_NOT_ASSERTING = frozenset({Stance.DENY, Stance.QUESTION, Stance.RETRACT})
# Of one person, whom the article has named; "their account" may be anybody's.
_OF_ONE = frozenset({"his", "her", "его", "её", "ее"})


def extract_claims(
    readings: Sequence[Reading], rules: RuleSet, parsers: Mapping[str, Parser]
) -> tuple[tuple[Claim, ...], ...]:
    """The claims of each reading in the order of the text, titles first; `parsers` by language ("en", "ru").

    Empty for readings without matches and for articles in a language without a parser.
    """
    claims: list[tuple[Claim, ...]] = [() for _ in readings]
    for lang, language in LANGUAGES.items():
        wanted = [n for n, r in enumerate(readings) if r.matches and language_of(r) == lang]
        if not wanted or lang not in parsers:
            continue
        telling = language.telling_words(rules.frames)
        pages = lay_out([readings[n] for n in wanted], parsers[lang], telling, language)
        for n, page in zip(wanted, pages, strict=True):
            claims[n] = _of_page(page, rules, language)
    return tuple(claims)


def _of_page(page: Page, rules: RuleSet, language: Language) -> tuple[Claim, ...]:
    page = without_namesakes(page, rules.entities)
    cast = language.cast(page, rules.entities)
    found = [d for detect in language.detectors.values() for d in detect(page)]
    found = [*carried_on(page, found, language.goes_on, language.last_resorts), *found]
    drafts = _without_doubles(_where_nobody_spoke(found, language.last_resorts))
    about = topics(page.reading, rules.entities)
    by_id = {frame.id: frame for frame in rules.frames}
    text = page.article.field
    drafts = [given_the_lie(language.turned(d), text(d.sentence.field)[d.start : d.end]) for d in drafts]
    spoken = with_later_names(page, cast, _second_hand(_with_speakers(page, cast, drafts)))
    spoken = language.headlined(page, cast, with_those_between(page, spoken))
    claims = [(d, _claim(page, cast, d, speaker, about, by_id, language)) for d, speaker in spoken]
    told = [c for _, c in claims]

    def pointing_at(d: Draft, claim: Claim) -> Claim:
        """The claim, where it is a denial, with what it is a denial of."""
        linked = with_both_sides(claim, told)
        if linked is not claim or not d.points_back or _answers(d, page):
            return linked
        owner = _owner(d, cast, language)
        return explained(claim, told, owner, d.matter, about, rules, cast.called, page.article)

    claims = [(d, pointing_at(d, c)) for d, c in claims]
    counted = with_counts([c for _, c in claims], page.article, about, by_id)
    claims = list(zip((d for d, _ in claims), counted, strict=True))
    denied = {key for _, c in claims for key in c.keys if key.startswith(REBUTTAL_MARK)}
    kept = [
        _linked(c) if rebuttal_key(c.fingerprint) in denied else c
        for d, c in claims
        if c.kind is not ClaimKind.OWN_VOICE or is_checkable(c, d, language, by_id)
    ]
    scored = (replace(c, score=score_of(c, rules.entities)) for c in kept)
    unique = {c.fingerprint: c for c in scored}
    cut_out = {
        c.fingerprint for d, c in claims if d.in_a_noun or not language.is_clause(d.content, d.start, d.end)
    }
    placed = with_settings(list(unique.values()), page.article, lambda c: cast.called(c.speaker), cut_out)
    order = {ArticleField.TITLE: 0, ArticleField.SUMMARY: 1, ArticleField.TEXT: 2}
    return tuple(sorted(placed, key=lambda c: (order[c.field], c.start, c.end, c.fingerprint)))


def _answers(d: Draft, page: Page) -> bool:
    """'Was it arson? Police have ruled that out': out of what was asked, whatever somebody said before."""
    return page.article.field(d.sentence.field)[: d.sentence.start].rstrip().endswith("?")


def _linked(claim: Claim) -> Claim:
    """The claim with the key that those against it carry."""
    return replace(claim, keys=(*claim.keys, rebuttal_key(claim.fingerprint)))


# ---------------------------------------------------------------- which drafts, whose


def _where_nobody_spoke(drafts: list[Draft], last_resorts: tuple[str, ...]) -> list[Draft]:
    """The drafts, those of a last resort only in sentences where nobody was found to speak before."""
    spoken = [d for d in drafts if d.detector not in last_resorts]
    for resort in last_resorts:
        # "It was a gift, Ivo Lund said, having spoken of a loan": the noun silences nobody but the outlet.
        taken = {
            (d.sentence.field, d.sentence.start)
            for d in spoken
            if not d.in_a_noun or resort == last_resorts[-1]
        }
        spoken += [
            d
            for d in drafts
            if d.detector == resort
            and (
                (d.sentence.field, d.sentence.start) not in taken
                or (d.beside and not any(_overlap(d, o) > 0 for o in spoken))
            )
        ]
    return spoken


def _without_doubles(drafts: list[Draft]) -> list[Draft]:
    """One draft a stretch and cue; a quotation that is only part of reported speech gives way to it."""
    kept: list[Draft] = []
    for d in drafts:
        meeting = (k for k in kept if k.start < d.end and d.start < k.end)
        rival = next((k for k in meeting if _overlap(k, d) >= 0.5 and _same_attribution(k, d)), None)
        if rival is None:
            kept.append(d)
            continue
        partial = (rival.end - rival.start) * 2 < d.end - d.start
        if partial and rival.kind is ClaimKind.DIRECT and d.kind is ClaimKind.INDIRECT:
            kept[kept.index(rival)] = d
    return kept


def _overlap(a: Draft, b: Draft) -> float:
    if a.sentence.field is not b.sentence.field:
        return 0.0
    shared = min(a.end, b.end) - max(a.start, b.start)
    return shared / max(1, min(a.end - a.start, b.end - b.start))


def _same_attribution(a: Draft, b: Draft) -> bool:
    same_sentence = a.sentence.start == b.sentence.start and a.sentence.field is b.sentence.field
    if same_sentence and a.speaker == b.speaker:
        return True
    # The same words quoted twice over: a quotation's own sentence holds a cue of another one.
    return ClaimKind.DIRECT in {a.kind, b.kind} and (a.start, a.end) == (b.start, b.end)


def _with_speakers(page: Page, cast: Cast, drafts: list[Draft]) -> list[tuple[Draft, Speaker]]:
    """Speakers in the order of the text, so that pronouns mean whom a reader would take them for."""
    by_sentence: dict[tuple[ArticleField, int], list[Draft]] = {}
    for d in drafts:
        by_sentence.setdefault((d.sentence.field, d.sentence.start), []).append(d)
    found: list[tuple[Draft, Speaker]] = []
    heard: dict[tuple[ArticleField, int], Speaker | None] = {}
    in_title = True
    for s in sorted(page.sentences, key=lambda s: (s.field is not ArticleField.TITLE, s.start)):
        if in_title and s.field is not ArticleField.TITLE:
            in_title = False
            cast.leave_title()
        mine = by_sentence.get((s.field, s.start), [])
        for d in sorted(mine, key=lambda d: (d.speaker if d.speaker is not None else -1, d.start)):
            at = _place_of(d)
            if d.goes_on is not None:
                speaker = _last_speaker(found, d.goes_on)
            elif d.named_in is not None and at in heard:
                # "The driver never braked, the inspector said. His…": whoever she was there.
                speaker = heard[at]
            else:
                speaker = _speaker(cast, d)
            if at is not None:
                heard[at] = speaker
            if speaker is not None and not _MEASURE.match(speaker.name):
                found.append((d, speaker))
        if s.field is ArticleField.TEXT:
            cast.listen(s)
    return found


def _place_of(d: Draft) -> tuple[ArticleField, int] | None:
    """Where the word for the speaker stands."""
    s = d.named_in or d.sentence
    return (s.field, s.start + s.tokens[d.speaker].start) if d.speaker is not None else None


def _speaker(cast: Cast, d: Draft) -> Speaker | None:
    if d.speaker is not None:
        return cast.heard_from(d.named_in or d.sentence, d.speaker)
    if d.kind is ClaimKind.OWN_VOICE:
        return cast.publisher()
    return cast.speaker_of_words(d.sentence.field, *d.speaker_span) if d.speaker_span else None


def _last_speaker(spoken: list[tuple[Draft, Speaker]], s: Sentence) -> Speaker | None:
    """Who was last heard in this sentence."""
    return next((who for d, who in reversed(spoken) if d.sentence.start == s.start), None)


def _second_hand(spoken: list[tuple[Draft, Speaker]]) -> list[tuple[Draft, Speaker]]:
    """What B said inside what A said: weakened, and nothing at all where A denies or asks it."""
    kept = []
    for d, speaker in spoken:
        outer = [
            (o, who)
            for o, who in spoken
            if o is not d
            and o.kind is ClaimKind.INDIRECT
            and o.sentence is d.sentence
            and o.start <= d.start
            and d.end <= o.end
            and _names_inside(d, o)
            # A quotation with its own attribution in it is nobody else's words.
            and not _names_inside(o, o)
        ]
        others = [o for o, who in outer if who.name != speaker.name]
        if any(o.stance in _NOT_ASSERTING and not _is_denied_word(d, o) for o in others):
            continue
        kept.append((replace(d, hedged=True) if others else d, speaker))
    return kept


def _is_denied_word(d: Draft, o: Draft) -> bool:
    """'Rejected the claim by the guild that…': what is denied is a noun for what the guild says."""
    return o.stance is Stance.DENY and bool(o.words) and d.detector == "nominal"


def _names_inside(d: Draft, o: Draft) -> bool:
    """Whether the words that name the speaker of `d` stand in the content of `o`."""
    # A headline's speaker may be named in the text; "it denied that he was late, as the guild alleges".
    if d.speaker is None or (d.named_in or d.sentence) is not o.sentence or d.says_all_of(o):
        return False
    return o.start <= o.sentence.start + o.sentence.tokens[d.speaker].start < o.end


# ---------------------------------------------------------------- one claim


def _claim(
    page: Page,
    cast: Cast,
    d: Draft,
    speaker: Speaker,
    about: Sequence[str],
    frames: dict[str, Frame],
    language: Language,
) -> Claim:
    article = page.article
    quote = article.field(d.sentence.field)[d.start : d.end]
    fill = language.fillers(cast, speaker, d.kind is ClaimKind.DIRECT)
    starts, kinds = language.starts(d), tuple(frames.values())
    evoked = language.evoke(d, starts, kinds, fill)
    evoked = tuple(e for e in evoked if fits(e.use, frames, cast, language))
    within = _tokens_within(d.content, d.start, d.end)
    times = times_at(quote, article.at, language.times)
    places = language.places(page, d.content, within, cast.entities)
    evoked = with_when_and_where(with_contrasts(evoked, d, frames, fill), d, frames, times, places)
    uses = tuple(e.use for e in evoked)
    proposition = d.proposition or _proposition(d, d.words or quote, speaker)
    amounts = language.quantities(d.content, within, _units(kinds))
    stance = d.stance
    if stance is Stance.ASSERT and d.content.text.rstrip(' "”»').endswith("?") and d.kind is ClaimKind.DIRECT:
        stance = Stance.QUESTION
    identity_of_claim = f"{article.version_id}|{d.sentence.field}|{d.start}|{d.end}|{speaker.name}|{stance}"
    return Claim(
        fingerprint=blake2b(identity_of_claim.encode(), digest_size=16).hexdigest(),
        article_id=article.id,
        version_id=article.version_id,
        field=d.sentence.field,
        start=d.start,
        end=d.end,
        quote=quote,
        kind=d.kind,
        speaker=speaker,
        stance=stance,
        hedged=d.hedged
        or any(e.hedged for e in evoked)
        or any(language.is_hedged(d.content, h) for h in d.heads),
        cue=d.cue,
        proposition=proposition,
        quantities=amounts,
        frames=uses,
        keys=(*claim_keys(uses, amounts, proposition, about, frames), *language.fact_keys(d, starts, about)),
        said_at=article.at,
        times=tuple(when for _, when in times),
        places=places,
        rules=tuple(dict.fromkeys(m.rule_id for m in page.reading.matches)),
    )


def _proposition(d: Draft, quote: str, speaker: Speaker) -> str:
    """The content as a sentence where that is easy: 'denied sabotaging it' → 'X was sabotaging it'."""
    words = quote.strip()
    head = d.content.tokens[d.heads[0]] if d.heads else None
    if d.kind is ClaimKind.INDIRECT and head is not None and head.tag == "VBG" and d.implied is not None:
        if words.casefold().startswith("having "):
            return f"{speaker.name} had {words[7:]}"
        if words.casefold().startswith(head.text.casefold()):
            return f"{speaker.name} was {words}".replace(" was being ", " was ")
    return re.sub(r"^any\s+", "", words, flags=re.IGNORECASE)


def _tokens_within(s: Sentence, start: int, end: int) -> list[int]:
    return [i for i, t in enumerate(s.tokens) if start <= s.start + t.start and s.start + t.end <= end]


@lru_cache(maxsize=8)
def _units(frames: tuple[Frame, ...]) -> Mapping[str, str]:
    """Lemma → what is counted, from the frames about numbers."""
    return {
        word: row[0] for f in frames if f.kind is ContradictionKind.NUMERIC for row in f.same for word in row
    }


def _owner(d: Draft, cast: Cast, language: Language) -> Speaker | None:
    """Whose the accusation is: 'the union's allegation', 'her account'; None: not said."""
    s = d.content
    # "Her account of neglect": hers is the account.
    heads = [n for h in d.heads for n in (h, *(list(s.ancestors(h))[:2] if d.matter else ()))]
    whose = next((c for h in heads if (c := language.owner(s, h)) is not None), None)
    if whose is None or (s.tokens[whose].pos in _PRONOUNS and s.tokens[whose].text.casefold() not in _OF_ONE):
        return None
    return cast.speaker_at(s, whose)
