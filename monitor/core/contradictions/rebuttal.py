"""One claim is said against the other: 'the ministry called that a lie', right after what it called so."""

from __future__ import annotations

from monitor.core.contradictions.pairs import Finding, grade_for, shown, whether
from monitor.core.contradictions.subjects import Frames
from monitor.core.contradictions.turned import told_as_earlier
from monitor.core.types import Claim, ContradictionKind
from monitor.core.wording import rebuttal_key


def compare_rebuttal(a: Claim, b: Claim, known: Frames) -> Finding | None:
    """A finding where the article shows that one claim denies the other."""
    for no, yes in ((b, a), (a, b)):
        if yes.article_id != no.article_id or rebuttal_key(yes.fingerprint) not in no.keys:
            continue
        # What was said before the other is not against it.
        if not told_as_earlier(no):
            grade, score = grade_for(yes, no)
            return Finding(
                kind=ContradictionKind.DENIAL,
                grade=grade,
                score=score,
                reason=f"{no.speaker.name} rejects what {yes.speaker.name} says: {shown(yes)}.",
                about=f"rebuttal|{yes.fingerprint}",
                disputed=whether(yes),
            )
    return None
