"""What "the allegations" and "that account" point at: the claims that somebody else made before."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from monitor.core.claims.filling import identity
from monitor.core.claims.keys import claim_keys
from monitor.core.claims.names import SHORTENED, TITLES
from monitor.core.claims.untrue import calls_untrue, who_lies
from monitor.core.text import paragraph_break
from monitor.core.types import Article, ArticleField, Claim, ClaimKind, ContradictionKind, Speaker, Stance
from monitor.core.wording import WORD, content_words, denies, rebuttal_key, stem, word_set

if TYPE_CHECKING:  # the rules read frames with this package, so it cannot need them at run time
    from monitor.core.rules import RuleSet

# Points back at something said at most so many characters before.
_REACH = 600
# "The allegation" of nobody who blames anybody: what was said right before it.
_RIGHT_BEFORE = 250
# "“…,” it added, and it put the blast at noon": one breath.
_BESIDE = 60
_ASSERTING = frozenset({Stance.ASSERT, Stance.ACCUSE, Stance.CONFIRM})
_ACCUSATION = re.compile(r"(?i)\b(?:accus|alleg|blam|charge|обвин)")
# "The reproaches about the pilot", "упрёки по поводу лоцмана".
_MATTER = re.compile(
    r"(?i)\b(?:about|over|regarding|concerning|по поводу|насч[её]т|относительно|обо?|о)\s+(.+)"
)
# "They laughed" tells less than what they laughed at.
_TELLS = 3
# What comes right after a denial is its speaker's own account.
_NEXT_CHARS = 250
# "Called that untrue", ", something the port denies", "dismissed the suggestion": what was said last;
# "dismissed the allegations": what was mainly said.
_WHOLE = r"(?:account|version|story|narrative|tale|explanation|верси|рассказ)"
_LAST = re.compile(
    rf"(?i)^(?:that|this|something|which|это)\b(?! {_WHOLE})|"
    r"\b(?:suggestion|insinuation|idea|notion|statement|findings?|conclusions?|description|explanation|"
    r"narrative|theory|предположение)\b|\bsuch\b|\bof the (?:kind|sort)\b"
)
_PRONOUNS = word_set("he she они он она")
# "Denied this": what stands right before, whatever it says; never what comes after.
_BARE = word_set("that this it это")
_BARE_RU = re.compile(r"(?i)(?:\S+ ){0,3}это (?:\w+ )?(?:отрица|опроверг|опроверж|отверг|отверга)\w*\W*")
_IT = re.compile(rf"(?i)(?:that|this|it) (?!{_WHOLE})")
_PART_END = re.compile(r"[.;!?](?:[”»\"]|\s)")
_SENTENCE_END = re.compile(r"(\w*)[.!?][”»\"]?\s")
# "Dismissed reports in the press": they are not what stands before.
# Nor do "reports to that effect", which are of what their denier has just called untrue.
_OF_THE_PRESS = re.compile(
    r"(?i)\bto (?:that|this) effect\b|"
    r"\b(?:reports?|rumou?rs?|speculation|articles?|stories|сообщени\w+|слухи|публикаци\w+)\b.*"
    r"\b(?:press|media|newspapers?|tabloids?|papers|online|internet|сми|прессе|газет\w*|соцсет\w+|интернете)\b"
)


def explained(
    claim: Claim,
    claims: Sequence[Claim],
    owner: Speaker | None,
    named: str,
    about: Sequence[str],
    rules: RuleSet,
    called: Callable[[Speaker], frozenset[str]],
    article: Article,
) -> Claim:
    """A denial that only points back ('the allegations') as a denial of what somebody else said just before.

    `owner` is whose they are and `named` what they are about, where that is said; `called` gives the
    article's words for a speaker. As it is where nothing can be meant.
    """
    if (claim.frames and claim.stance is not Stance.DENY) or _OF_THE_PRESS.search(claim.proposition):
        return claim
    if owner is not None and owner.name == claim.speaker.name:
        # "General Berg dismissed her account": hers, whoever the nearest name may be.
        claims = [c for c in claims if _is_somebody(c.speaker)]
    elif owner is not None:
        claims = [c for c in claims if _is_of(c.speaker, owner, called)]
    if named:
        apart = (c for c in claims if c.end <= claim.start or claim.end <= c.start)
        of_it = [c for c in apart if content_words(named) & content_words(f"{c.quote} {c.proposition}")]
        if owner is None and not of_it:
            return claim
        claims = of_it or claims
    matter = _MATTER.search(claim.proposition)
    if matter is not None and (about_it := content_words(matter[1])):
        claims = [c for c in claims if about_it & content_words(f"{c.quote} {c.proposition}")]
    denier = content_words(" ".join(called(claim.speaker))) | content_words(claim.speaker.name)
    meant = _meant(claim, claims, rules, article.field(claim.field), denier)
    if meant is None:
        # Of somebody else, or of something else: not of whatever stands before.
        elsewhere = owner.name if owner is not None else matter[1] if matter is not None else ""
        return replace(claim, keys=(*claim.keys, rebuttal_key(elsewhere))) if elsewhere else claim
    # A denial takes back what was asserted, never what was denied along with it.
    # How many were killed is told along the way: whoever rejects the accusation does not dispute it.
    by_id = {frame.id: frame for frame in rules.frames}
    told = (u for u in meant.frames if by_id[u.frame].kind is not ContradictionKind.NUMERIC)
    uses = claim.frames or tuple(replace(u, affirmed=False) for u in told if u.affirmed)
    return replace(
        claim,
        frames=uses,
        proposition=meant.proposition,
        keys=(rebuttal_key(meant.fingerprint), *claim_keys(uses, (), meant.proposition, about, by_id)),
    )


def with_both_sides(claim: Claim, claims: Sequence[Claim]) -> Claim:
    """A denial in whose very words somebody else is said to claim it, linked to that claim: 'rejected the
    claim by the guild that the lamps were out', 'denies that he was paid, as the guild says'.
    """
    meant = _within(claim, claims) if claim.stance is Stance.DENY else None
    return replace(claim, keys=(*claim.keys, rebuttal_key(meant.fingerprint))) if meant is not None else claim


def _within(denial: Claim, claims: Sequence[Claim]) -> Claim | None:
    """The longest claim of somebody else in the words of a denial; None: there is none."""
    inside = (
        c
        for c in claims
        if c.field is denial.field
        and denial.start <= c.start
        and c.end <= denial.end
        and c.speaker.name != denial.speaker.name
        and c.stance in _ASSERTING
        and c.kind is ClaimKind.INDIRECT
    )
    return max(inside, key=lambda c: c.end - c.start, default=None)


def _is_of(speaker: Speaker, owner: Speaker, called: Callable[[Speaker], frozenset[str]]) -> bool:
    named = {speaker.name, speaker.entity, speaker.side} & {owner.name, owner.entity, owner.side}
    if named - {""}:
        return True
    # "The workers' story" is that of a toll worker.
    words = {stem(word) for word in WORD.findall(owner.name.casefold())}
    return bool(words) and words <= {
        stem(word) for word in (*called(speaker), *speaker.name.casefold().split())
    }


def _meant(
    claim: Claim, claims: Sequence[Claim], rules: RuleSet, text: str, denier: frozenset[str]
) -> Claim | None:
    """The claim that 'the allegations' are: the nearest before that accuses the denier, in a title or where
    none is before the first after; else the last thing that somebody else asserted right before.

    `denier` has the stems of what the article calls the one who denies.
    """
    bare = claim.proposition.casefold() in _BARE or _BARE_RU.fullmatch(claim.proposition) is not None
    own = _goes_on_with(claim, claims)
    also_no = bare and not (own is not None and denies(own))
    others = [
        c
        for c in claims
        if c.speaker.name != claim.speaker.name
        and c.stance in _ASSERTING
        # "The story of the two guilds" is nothing that the outlet says in between.
        and (c.kind is not ClaimKind.OWN_VOICE or c.field is ArticleField.TITLE)
        # "No crew had been told, she said. The line denied that. All had been"; else of what was asserted.
        and (also_no or not c.frames or any(u.affirmed for u in c.frames))
    ]
    near = [c for c in others if c.field is claim.field and abs(c.end - claim.start) <= _REACH]
    before = [c for c in near if c.end <= claim.start]
    if claim.speaker.surface.casefold().startswith("whose "):
        # "The dockers point at the port, whose director calls the charge a joke": theirs, or nobody's.
        before = [c for c in before if _PART_END.search(text[c.end : claim.start]) is None]
    after = [c for c in near if c.start >= claim.end]
    if claim.field is ArticleField.TITLE:
        after = [c for c in others if c.field is ArticleField.TEXT]
    liar = who_lies(claim.quote)
    if before and (liar or calls_untrue(claim.quote) or _IT.match(claim.proposition)):
        # "Called that a lie": what was said last, rather in the speaker's own words than in passing beside
        # them.
        latest = max(before, key=lambda c: (c.end, -c.start))
        if not follows(claim, latest, text) or (liar and not _may_be(latest.speaker, liar)):
            # Of what was said in between we know nothing.
            return None
        of_denier = [c for c in _at_once(before, latest, text) if _names(c, claim.speaker, text)]
        if of_denier:
            # "The order had been signed by Ms Ruiz, and the sum was paid. Ms Ruiz rejects that."
            return of_denier[-1]
        said = latest.speaker.name
        beside = (c for c in before if c.speaker.name == said and latest.start - c.end <= _BESIDE)
        return max(beside, key=lambda c: (_in_common(c, own), _tells_best(c)), default=latest)
    if claim.field is ArticleField.TITLE:
        # "Calls bomb plot claim a fairy tale": rather the plot than another accusation of the article.
        named = content_words(claim.proposition) - content_words(claim.speaker.surface)
        after = [c for c in after if named & content_words(c.proposition)] or after
    against = [_accuses(claim.speaker, c, rules) for c in before]
    if any(against):
        return next(c for c, yes in reversed(list(zip(before, against, strict=True))) if yes)
    later = next((c for c in after if _accuses(claim.speaker, c, rules)), None)
    if later is not None and not bare:
        return later
    if _ACCUSATION.search(claim.proposition):
        of_denier = [
            c
            for c in before
            if _names(c, claim.speaker, text) or (c.stance is Stance.ACCUSE and _is_about(c, denier))
        ]
        if of_denier:
            return of_denier[-1]
        guilt = frozenset(f.id for f in rules.frames if f.kind is ContradictionKind.RESPONSIBILITY)
        # "The accusation" is hardly ever a remark on something else that happens to stand before.
        before = [
            c
            for c in before
            if c.stance is Stance.ACCUSE or _blames(c, guilt) or _right_before(c, claim, guilt)
        ]
        if before and not _blames(before[-1], guilt):
            # "Ruiz accused the guild. Its envoy was called in, the court said. The guild rejects the charge."
            beside = (c for c in before if paragraph_break(text) not in text[c.end : before[-1].start])
            before = [c for c in beside if c.stance is Stance.ACCUSE] or before
    last = next((c for c in reversed(before) if claim.start - c.end <= _REACH // 2), None)
    if last is None or last.kind is ClaimKind.OWN_VOICE:
        return last
    if _BARE_RU.fullmatch(claim.proposition) or _LAST.search(claim.proposition):
        if not follows(claim, last, text):
            return None
        return _last_word(_at_once(before, last, text), claim, own, text)
    if claim.proposition.casefold() == "it" and not follows(claim, last, text):
        # "Denies it": not what stands a paragraph away.
        return None
    return _main_point(_at_once(before, last, text), claim, claims)


def _may_be(speaker: Speaker, called: str) -> bool:
    """Whether "she" or "Ruiz" may be this speaker."""
    low = called.casefold()
    return _is_somebody(speaker) and (low in _PRONOUNS or low in speaker.name.casefold().split())


def _is_somebody(speaker: Speaker) -> bool:
    """Whether the speaker has a name like a person's."""
    words = WORD.findall(speaker.name)
    return bool(words) and all(word[:1].isupper() for word in words)


def follows(answer: Claim, claim: Claim, text: str) -> bool:
    """Whether an answer to a claim stands in the next sentence of the text, or in the same one."""
    ends = _SENTENCE_END.findall(text[claim.end : answer.start])
    return sum(len(word) != 1 and word not in SHORTENED for word in ends) <= 1


def _at_once(before: Sequence[Claim], last: Claim, text: str) -> list[Claim]:
    """What the speaker of the `last` claim said in its paragraph up to it, in order; a quotation that goes on
    over paragraphs counts as one.
    """
    between = paragraph_break(text)
    found = [last]
    for c in sorted((c for c in before if c.end <= last.start), key=lambda c: -c.start):
        gap = text[c.end : found[-1].start]
        goes_on = c.kind is found[-1].kind is ClaimKind.DIRECT and not WORD.search(gap)
        if c.speaker.name != last.speaker.name or (between in gap and not goes_on):
            break
        found.append(c)
    return found[::-1]


def _tells_best(c: Claim) -> tuple[bool, bool, int, int]:
    telling = len(content_words(c.quote)) >= _TELLS
    return telling, c.kind is ClaimKind.DIRECT, c.end, -c.start


def _names(claim: Claim, speaker: Speaker, text: str) -> bool:
    """Whether what is claimed names them, who are a person or have a name like one, and not their kin."""
    words = WORD.findall(speaker.name)
    named = set(words) & set(WORD.findall(claim.quote))
    if not named or not _is_somebody(speaker):
        return False
    before = re.findall(rf"\b([^\W\d_]+) {re.escape(words[-1])}\b", text)
    kin = {w for w in before if w[:1].isupper() and w.casefold() not in TITLES} - set(words)
    return named != {words[-1]} or not kin


def _is_about(accusation: Claim, called: frozenset[str]) -> bool:
    """Whether it is made against those who are `called` so: the ruling party, of its candidate."""
    told = accusation.quote[max(0, accusation.quote.find(accusation.cue)) :]
    return bool(called & content_words(told))


def _main_point(told: Sequence[Claim], denial: Claim, claims: Sequence[Claim]) -> Claim:
    """Which of the claims that somebody `told` in one go is denied: the one that the denier goes on to speak
    of; else the first, which the others bear out.
    """
    own = _goes_on_with(denial, claims)
    if own is not None and own.speaker.name == told[0].speaker.name:
        return told[0]
    return max(told, key=lambda c: _in_common(c, own))


def _last_word(told: Sequence[Claim], denial: Claim, own: Claim | None, text: str) -> Claim:
    """Which of the claims that somebody `told` in one go "that" is: the last, or rather one that names the
    denier, or one that the denier goes on to speak of in more words.
    """
    of_denier = [c for c in told if _names(c, denial.speaker, text)]
    last = (of_denier or told)[-1]
    best = max(of_denier or told, key=lambda c: (sum(_in_common(c, own)), c.end))
    return best if sum(_in_common(best, own)) >= sum(_in_common(last, own)) + 2 else last


def _goes_on_with(denial: Claim, claims: Sequence[Claim]) -> Claim | None:
    """What is claimed right behind a denial, most often by who denies; None: nothing near."""
    after = [c for c in claims if c.field is denial.field and 0 <= c.start - denial.end <= _NEXT_CHARS]
    return min(after, key=lambda c: c.start, default=None)


def _in_common(a: Claim, b: Claim | None) -> tuple[int, int, int]:
    """How much two claims look like answers to one question: kinds of what they tell, then words, then that
    both say when.
    """
    if b is None:
        return 0, 0, 0
    kinds = {u.frame for u in a.frames} & {u.frame for u in b.frames}
    words = content_words(a.proposition) & content_words(b.proposition)
    return len(kinds), len(words), bool(a.times and b.times)


def _right_before(c: Claim, claim: Claim, guilt: frozenset[str]) -> bool:
    """Whether somebody else's word stands right before; who says "it was us" or "it was not so" accuses
    nobody.
    """
    near = claim.start - c.end <= _RIGHT_BEFORE and c.kind is not ClaimKind.OWN_VOICE and not denies(c)
    return near and not any(use.affirmed and use.frame in guilt for use in c.frames)


def _blames(claim: Claim, guilt: frozenset[str]) -> bool:
    """Whether the claim makes somebody else responsible."""
    own = {identity(claim.speaker), claim.speaker.entity, claim.speaker.name}
    return any(
        use.affirmed and use.frame in guilt and not own & {filler for _, filler in use.roles}
        for use in claim.frames
    )


def _accuses(denier: Speaker, claim: Claim, rules: RuleSet) -> bool:
    """Whether the claim says that the denier, or somebody of their side, did or was something."""
    mine = {identity(denier), denier.entity, denier.side, denier.name} - {""}
    for use in claim.frames:
        for _, filler in use.roles if use.affirmed else ():
            known = rules.entities.get(filler)
            if filler in mine or (known is not None and known.side and known.side == denier.side):
                return True
    return False
