"""What each detector finds, in tables of (text, expected)."""

from __future__ import annotations

import pytest
from attributed import ATTRIBUTED
from reading_room import claims_of, entity, parsers, reading, rules

from monitor.core.claims import extract_claims
from monitor.core.claims.detectors import DETECTORS
from monitor.core.types import ArticleField, Stance

AURIC = entity("auric", "Auric Airways", "Auric", side="auric")
HALE = entity("hale", "Dora Hale", "Hale", type="person", roles=("aviation minister",), side="government")
KNOWN = rules(AURIC, HALE)


@pytest.mark.parametrize(("text", "speaker", "quote", "kind", "stance"), ATTRIBUTED)
def test_each_way_to_attribute_gives_the_speaker_the_words_and_the_stance(
    text: str, speaker: str, quote: str, kind: str, stance: str
) -> None:
    found = [(c.speaker.name, c.quote, c.kind.value, c.stance.value) for c in claims_of(text, KNOWN)]
    assert (speaker, quote, kind, stance) in found


NOT_ATTRIBUTED = [
    "Hale did not say that the runway lights were off.",
    "If Hale says that the lights were off, the inquiry ends.",
    "Hale declined to say whether the lights were off.",
    "Auric neither confirmed nor denied the report.",
    "The airline was denied permission to land.",
    "Hale denied the airline permission to land.",
    "The minister rejected the offer.",
    "Hale would say nothing.",
    "According to the timetable, two flights leave daily.",
]


@pytest.mark.parametrize("text", NOT_ATTRIBUTED)
def test_what_nobody_asserted_or_denied_gives_no_claim(text: str) -> None:
    assert [(c.speaker.name, c.stance.value, c.quote) for c in claims_of(text, KNOWN)] == []


HEADLINES = [
    ("Auric denies falsifying rota", "Auric Airways", Stance.DENY, "Auric denies falsifying rota"),
    (
        "Auric accused crews of negligence, says Hale",
        "Dora Hale",
        Stance.ASSERT,
        "Auric accused crews of negligence",
    ),
    ("Hale hails calm on runway", "Dora Hale", Stance.ASSERT, "Hale hails calm on runway"),
    (
        "Hale: runway lights were off for an hour",
        "Dora Hale",
        Stance.ASSERT,
        "runway lights were off for an hour",
    ),
]


@pytest.mark.parametrize(("title", "speaker", "stance", "quote"), HEADLINES)
def test_headlines_attribute_too(title: str, speaker: str, stance: Stance, quote: str) -> None:
    found = [(c.speaker.name, c.stance, c.quote) for c in claims_of("", KNOWN, title=title)]
    assert (speaker, stance, quote) in found


@pytest.mark.parametrize(
    "title", ["Analysis: why the runway lights were off", "Hale: were the runway lights off?"]
)
def test_labels_and_questions_before_a_colon_are_no_claims(title: str) -> None:
    assert claims_of("", KNOWN, title=title) == ()


def test_every_quote_stands_at_its_offsets() -> None:
    text = (
        "\n\n".join(row[0] for row in ATTRIBUTED)
        + "\n\n"
        + " ".join(NOT_ATTRIBUTED)
        + " “unbalanced said Hale"
    )
    one = reading(text, KNOWN, title="Hale: “the lights – were off” 🛬")
    claims = extract_claims([one], KNOWN, parsers())[0]  # type: ignore[arg-type]  # a stand-in
    assert len(claims) > 20
    for claim in claims:
        assert claim.quote == one.article.field(claim.field)[claim.start : claim.end]
        assert claim.quote.strip()
        assert claim.field in {ArticleField.TITLE, ArticleField.TEXT}
    assert len({c.fingerprint for c in claims}) == len(claims)


def test_extraction_is_stable_over_runs() -> None:
    text = " ".join(row[0] for row in ATTRIBUTED)
    assert claims_of(text, KNOWN) == claims_of(text, KNOWN)


def test_only_matched_english_articles_are_read() -> None:
    english = reading("Hale said the lights were off.", KNOWN)
    german = reading("Hale said the lights were off.", KNOWN, lang="de")
    from dataclasses import replace

    unmatched = replace(english, matches=())
    found = extract_claims([english, german, unmatched], KNOWN, parsers())  # type: ignore[arg-type]  # a stand-in
    assert [bool(claims) for claims in found] == [True, False, False]


def test_every_detector_of_the_table_finds_something_here() -> None:
    from monitor.core.claims.languages import LANGUAGES
    from monitor.core.claims.page import lay_out

    texts = [reading(row[0], KNOWN) for row in ATTRIBUTED] + [
        reading("", KNOWN, title=row[0]) for row in HEADLINES
    ]
    pages = lay_out(texts, parsers()["en"], frozenset({"kill"}), LANGUAGES["en"])
    assert [name for name, detect in DETECTORS.items() if not any(list(detect(p)) for p in pages)] == []
