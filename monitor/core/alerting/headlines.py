"""The words of alerts: one line each, the articles' own words between quotation marks."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.core.lines import quoted, shorten
from monitor.core.types import Article, Claim, ClaimKind, Contradiction, Relation, Rule, Scope

#: Code points of a headline at most; each quote in it gets its share.
HEADLINE_LIMIT = 280
#: Code points of a speaker's or publisher's name in it.
NAME_LIMIT = 48
_PUBLISHERS_SHOWN = 4


def pair_headline(found: Contradiction, left: Claim, right: Claim) -> str:
    """Both sides; of one speaker or an update the earlier and the later, of a revision before and after."""
    names = [shorten(claim.speaker.name, NAME_LIMIT) for claim in (left, right)]
    if found.scope is Scope.REVISION:
        names = [f"{names[0]}, before", f"{names[1]}, after an edit"]
    elif found.scope is Scope.SELF or names[0] == names[1] or found.relation is Relation.UPDATE:
        names = [f"{names[0]}, earlier", f"{names[1]}, later"]
    # Two names with ": “" and "”", and " — " between them; the quotes share what is left.
    room = (HEADLINE_LIMIT - sum(map(len, names)) - len("— ") - 2 * len(": “” ")) // 2
    left_quote, right_quote = (quoted(claim.quote, room) for claim in (left, right))
    return f"{names[0]}: {left_quote} — {names[1]}: {right_quote}"


def claim_headline(claim: Claim, article: Article) -> str:
    name = shorten(claim.speaker.name, NAME_LIMIT)
    publisher = shorten(article.publisher, NAME_LIMIT)
    told = f" ({publisher})" if publisher and claim.kind is not ClaimKind.OWN_VOICE else ""
    room = HEADLINE_LIMIT - len(name) - len(told) - len(": “”")
    return f"{name}: {quoted(claim.quote, room)}{told}"


def corroboration_headline(claim: Claim, origins: int) -> str:
    name = shorten(claim.speaker.name, NAME_LIMIT)
    told = f" — {origins} independent origins now"
    room = HEADLINE_LIMIT - len(name) - len(told) - len(": “”")
    return f"{name}: {quoted(claim.quote, room)}{told}"


def origins_reason(origins: int, publishers: Sequence[str]) -> str:
    """How many independent texts carry it, and who published them, the first in front."""
    named = [shorten(name, NAME_LIMIT) for name in dict.fromkeys(publishers) if name.strip()]
    more = f" and {len(named) - _PUBLISHERS_SHOWN} more" if len(named) > _PUBLISHERS_SHOWN else ""
    listed = f": {', '.join(named[:_PUBLISHERS_SHOWN])}{more}" if named else ""
    return f"{origins} independent origins{listed}"


def match_headline(article: Article) -> str:
    title = shorten(article.title or article.url or "untitled", 180)
    publisher = shorten(article.publisher, NAME_LIMIT)
    return shorten(f"{publisher}: {title}" if publisher else title, HEADLINE_LIMIT)


def match_reason(rule: Rule, terms: tuple[str, ...]) -> str:
    shown = [quoted(term, 40) for term in dict.fromkeys(terms)]
    more = f" and {len(shown) - 5} more" if len(shown) > 5 else ""
    return shorten(f"{rule.title or rule.id}: found {', '.join(shown[:5])}{more}", HEADLINE_LIMIT)
