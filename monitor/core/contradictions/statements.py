"""A claim as a model is given it."""

from __future__ import annotations

from monitor.core.types import Claim, Stance
from monitor.core.wording import is_cyrillic


def statement(claim: Claim) -> str:
    """What the speaker holds to be so, as a sentence without the attribution."""
    said = claim.proposition.strip(" .”“«»")
    if claim.stance is not Stance.DENY:
        return f"{said}."
    return f"Неверно, что {said}." if is_cyrillic(said) else f"It is not true that {said}."
