"""How much a claim gives to check: examples in falling order."""

from __future__ import annotations

import pytest
from reading_room import claims_of, entity, rules

from monitor.core.claims.score import score_of

OSKAVIA = entity("oskavia", "Oskavia", "Oskavian", type="place", side="oskavia")
KNOWN = rules(OSKAVIA)

# text, at least, at most
SCORES = [
    ("Vera Holt accused Oskavia of sabotaging the Sund cable.", 0.9, 1.0),
    ("Oskavia denied any involvement in the sabotage.", 0.8, 1.0),
    ("Vera Holt said Oskavia was behind the fire.", 0.8, 0.95),
    ("The fire service said at least 14 people were killed in the collapse.", 0.6, 0.9),
    ("Engineers said a faulty valve caused the blast.", 0.5, 0.75),
    ("The port said the crane had been inspected twice.", 0.25, 0.5),
    ("The mayor said the town will build a new bridge.", 0.0, 0.25),
    ("The bishop said the town should be proud.", 0.0, 0.2),
    ("Residents said they hoped for rain.", 0.0, 0.2),
    ("The mayor asked whether the dam was safe.", 0.0, 0.2),
]


@pytest.mark.parametrize(("text", "low", "high"), SCORES)
def test_what_names_who_and_what_scores_over_opinions_and_plans(text: str, low: float, high: float) -> None:
    scores = [c.score for c in claims_of(text, KNOWN)]
    assert scores, "no claim"
    assert low <= max(scores) <= high


def test_the_score_does_not_depend_on_a_score_given_before() -> None:
    (claim,) = claims_of("Engineers said a faulty valve caused the blast.", KNOWN)
    assert score_of(claim, KNOWN.entities) == claim.score
