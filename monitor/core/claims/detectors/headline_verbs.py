"""Headlines in which somebody takes a side in a verb: 'Minister hails calm', 'Guild trashes fraud charge',
'Regulator now speaks of earlier warning', 'Delhi hits back'.

Told by the words, since parsers take such verbs for nouns; only where nobody else was found to speak.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from monitor.core.claims import grammar
from monitor.core.claims.draft import Draft, roots_within
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.voices import may_speak
from monitor.core.types import ArticleField, ClaimKind, Stance
from monitor.core.wording import word_set

# The verbs as they stand behind a singular name.
_VERBS: dict[Stance, str] = {
    Stance.DENY: (
        "denies|rejects|rebuffs|trashes|disowns|dismisses|disputes|refutes|rubbishes|rebuts|hits back at|"
        "scoffs at|laughs off|brushes off|brushes aside|shrugs off|contradicts|hits back over|pours scorn on"
    ),
    Stance.ACCUSE: "blames|accuses|points at|points to|points the finger at|points finger at|lashes out at|"
    "hits out at|rounds on|tears into",
    Stance.RETRACT: "retracts|withdraws|recants|takes back|walks back|backtracks on|backs away from",
    Stance.CONFIRM: "admits|concedes|confirms|acknowledges|owns up to",
    Stance.ASSERT: (
        "speaks of|calls for|hails|cries|claims|pledges|vows|rules out|cannot rule out|can't rule out|"
        "warns of|"
        "promises|demands|declares|announces|defends|condemns|slams|questions|doubts|praises|rejoices|urges|"
        "threatens|celebrates|fears|reveals|discloses|describes|estimates|reports|suspects|insists on|"
        "blasts|brands|labels|dubs|savages|lambasts|berates|rebukes|derides|mocks|ridicules|decries|deplores|"
        "laments|denounces|rages at|fumes at|casts doubt on|pours cold water on|plays down|downplays|"
        "distances itself from|"
        "doubles down on|swears|confesses|expects|sees|refuses to rule out|warns against|pleads for|begs|"
        "hits back|stands by|sticks to|backs|opposes|welcomes|regrets|protests"
    ),
}
_STANCES = {verb: stance for stance, verbs in _VERBS.items() for verb in verbs.split("|")}


def _plural(verb: str) -> str:
    """'Rebels deny', 'police rule out'."""
    first, _, rest = verb.partition(" ")
    base = first[:-3] + "y" if first.endswith("ies") else first.removesuffix("s")
    base = first.removesuffix("es") if first.endswith(("shes", "sses", "ches")) else base
    return f"{base} {rest}".strip()


# These need nothing behind them.
_ALONE = word_set("retracts recants rejoices celebrates protests backtracks retract recant protest") | {
    "hits back",
    "hit back",
}
# Things do so, too, and as nouns they are things.
_LIKE_NOUNS = word_set("blasts brands labels sees mocks")
_PLURALS = {_plural(verb): verb for verb in _STANCES if verb not in _LIKE_NOUNS}
_HEADLINE = re.compile(
    r"(?P<who>(?:[^\s,;:“”«»\"‘]+\s){1,5}?)(?:now\s|still\s|again\s|also\s)?"
    rf"(?P<cue>{'|'.join(sorted([*_STANCES, *_PLURALS], key=len, reverse=True))})\b(?P<rest>.*)"
)
_NOBODY = re.compile(
    r"(?i)\b(?:that|which|who|what|how|why|whether|if|to|and|as|by|of|in|on|for)\s$|^(?:what|how|why)\b"
)


# "…, says no car came near": the subject stands in the part before.
_GOES_ON = re.compile(r"(?P<cue>says|say|claims|insists|warns|vows|admits|denies)\s+(?P<what>.{8,})")


def detect_headline_verbs(page: Page) -> Iterator[Draft]:
    yield from _going_on(page)
    for s in page.parsed:
        found = _HEADLINE.fullmatch(s.text.rstrip()) if s.field is ArticleField.TITLE else None
        if found is None or _NOBODY.search(found["who"]) or s.text.rstrip().endswith("?"):
            continue
        last = found["who"].split()[-1]
        several = found["cue"] in _PLURALS
        if not found["rest"].strip() and found["cue"] not in _ALONE:
            # "Firm mum on sale reports".
            continue
        if several and not (last.endswith("s") or last.casefold() in {"police", "people"}):
            continue
        speaker = _last_noun(s, found.end("who"))
        if speaker is None or (found["cue"] in _LIKE_NOUNS and not may_speak(s, speaker)):
            # "Gas leak blasts hole in wall".
            continue
        span = s.start, s.start + len(s.text.rstrip(" .!,"))
        yield _draft(s, span, _STANCES[_PLURALS.get(found["cue"], found["cue"])], found["cue"], speaker)


def _going_on(page: Page) -> Iterator[Draft]:
    titles = [s for s in page.parsed if s.field is ArticleField.TITLE]
    for before, s in pairwise(titles):
        found = _GOES_ON.fullmatch(s.text.rstrip())
        top = next((i for i, t in enumerate(before.tokens) if t.head == i), None)
        speaker = grammar.child(before, top, "nsubj") if found is not None and top is not None else None
        if found is None or speaker is None or page.quotations_in(s):
            continue
        start, end = s.start + found.start("what"), s.start + len(s.text.rstrip(" .!,"))
        yield _draft(
            s, (start, end), _STANCES.get(found["cue"], Stance.ASSERT), found["cue"], speaker, before
        )


def _draft(
    s: Sentence,
    span: tuple[int, int],
    stance: Stance,
    cue: str,
    speaker: int,
    named_in: Sentence | None = None,
) -> Draft:
    return Draft(
        sentence=s,
        start=span[0],
        end=span[1],
        kind=ClaimKind.INDIRECT,
        stance=stance,
        cue=cue,
        speaker=speaker,
        named_in=named_in,
        content=s,
        heads=roots_within(s, *span),
        hedged="rule out" in cue or cue.startswith(("fear", "suspect")),
        detector="headline_verbs",
    )


def _last_noun(s: Sentence, end: int) -> int | None:
    """The last word of the name before the verb."""
    before = [i for i, t in enumerate(s.tokens) if t.end <= end and t.pos in {"NOUN", "PROPN", "ADJ", "NUM"}]
    return before[-1] if before else None
