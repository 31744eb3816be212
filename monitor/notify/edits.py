"""What an edit changed, for the message of an alert on two versions of one article."""

from __future__ import annotations

from monitor.core.lines import shorten
from monitor.core.terminal import clean
from monitor.core.types import Scope
from monitor.core.word_diff import excerpt, marked, word_diff
from monitor.store.queries import AlertRecord

#: Unchanged words on each side of a change, and code points of the line.
WORDS_AROUND = 6
LONGEST = 400


def edited(alert: AlertRecord) -> str:
    """The claim before and after in one line, [-taken out-] and {+put in+}; plain text from strangers.

    Empty where the alert is about no edit, or the two have no word in common: both are quoted anyway.
    """
    if alert.labels.get("scope") != Scope.REVISION.value or len(alert.claims) != 2:
        return ""
    pieces = word_diff(*(clean(claim.quote) for claim in alert.claims))
    kinds = {piece.kind for piece in pieces if piece.text.strip()}
    if "same" not in kinds or len(kinds) == 1:
        return ""
    return shorten(marked(excerpt(pieces, WORDS_AROUND)), LONGEST)
