"""What each detector finds, in tables of (text, expected)."""

from __future__ import annotations

import pytest
from reading_room import claims_of, entity, parsers, reading, rules

from monitor.core.claims import extract_claims
from monitor.core.claims.detectors import DETECTORS
from monitor.core.types import ArticleField, Stance

AURIC = entity("auric", "Auric Airways", "Auric", side="auric")
HALE = entity("hale", "Dora Hale", "Hale", type="person", roles=("aviation minister",), side="government")
KNOWN = rules(AURIC, HALE)

# text, speaker, quote, kind, stance
ATTRIBUTED = [
    # what somebody is sure of
    ("Hale is adamant that the lights were on.", "Dora Hale", "the lights were on", "indirect", "assert"),
    # a figure without a verb of speaking, a stance without a content, the sentence before
    ("Hale has it at 40.", "Dora Hale", "Hale has it at 40", "indirect", "assert"),
    ("Hale scoffed at that.", "Dora Hale", "Hale scoffed at that", "indirect", "deny"),
    (
        "Two lamps went out on Friday. So says Dora Hale, who was there.",
        "Dora Hale",
        "Two lamps went out on Friday",
        "indirect",
        "assert",
    ),
    # in a set phrase
    ("Hale made it clear that the lights were on.", "Dora Hale", "the lights were on", "indirect", "assert"),
    # after a colon the speaker goes on
    (
        "Hale has it differently: the lamps had been dark since May.",
        "Dora Hale",
        "the lamps had been dark since May",
        "indirect",
        "assert",
    ),
    # in passing: what somebody says that something is, and how they see it
    (
        "The jet fell in what Hale called a bird strike.",
        "Dora Hale",
        "a bird strike",
        "indirect",
        "assert",
    ),
    (
        "The lights were on, if Hale is to be believed.",
        "Dora Hale",
        "The lights were on",
        "indirect",
        "assert",
    ),
    # a noun that carries what was said
    (
        "Despite the airline's insistence that the lights were on, the runway was closed.",
        "airline",
        "the lights were on",
        "indirect",
        "assert",
    ),
    # direct quotes, all marks
    (
        '"The runway lights were off," said Dora Hale.',
        "Dora Hale",
        "The runway lights were off",
        "direct",
        "assert",
    ),
    (
        "“The runway lights were off,” Hale told reporters.",
        "Dora Hale",
        "The runway lights were off",
        "direct",
        "assert",
    ),
    (
        "«The runway lights were off», said Hale.",
        "Dora Hale",
        "The runway lights were off",
        "direct",
        "assert",
    ),
    (
        "„The runway lights were off“, said Hale.",
        "Dora Hale",
        "The runway lights were off",
        "direct",
        "assert",
    ),
    (
        "'The runway lights were off,' Hale said.",
        "Dora Hale",
        "The runway lights were off",
        "direct",
        "assert",
    ),
    (
        "Hale said: “The pilots had been warned twice.”",
        "Dora Hale",
        "The pilots had been warned twice.",
        "direct",
        "assert",
    ),
    # broken round the cue
    (
        '"The lights were off," said Hale, "and nobody had noticed."',
        "Dora Hale",
        "and nobody had noticed.",
        "direct",
        "assert",
    ),
    # after a semicolon the speaker goes on
    (
        "The road was closed, Hale said; nobody on the estate had been warned.",
        "Dora Hale",
        "nobody on the estate had been warned",
        "indirect",
        "assert",
    ),
    # a figure without a verb of speaking
    (
        "Hale put the number of injured at 14.",
        "Dora Hale",
        "the number of injured at 14",
        "indirect",
        "assert",
    ),
    # a dateline is nobody
    (
        "OSKA (Wire) — Hale said the runway lights were off.",
        "Dora Hale",
        "the runway lights were off",
        "indirect",
        "assert",
    ),
    # each clause has its own speaker
    (
        "The pilot gave himself up, Hale said; police say he was caught on a bus.",
        "police",
        "he was caught on a bus",
        "indirect",
        "assert",
    ),
    # quoted words inside quoted words
    (
        "“He shouted ‘pull up’ three times,” said Hale.",
        "Dora Hale",
        "He shouted ‘pull up’ three times",
        "direct",
        "assert",
    ),
    # several sentences
    (
        "“The lights were off. Nobody had checked them,” said Hale.",
        "Dora Hale",
        "Nobody had checked them",
        "direct",
        "assert",
    ),
    (
        "“Who checked the lights that night?” Hale asked.",
        "Dora Hale",
        "Who checked the lights that night?",
        "direct",
        "question",
    ),
    # indirect
    (
        "Hale said that the runway lights were off.",
        "Dora Hale",
        "the runway lights were off",
        "indirect",
        "assert",
    ),
    (
        "Auric Airways insisted its crews were well rested.",
        "Auric Airways",
        "its crews were well rested",
        "indirect",
        "assert",
    ),
    (
        "The pilots' union warned that the rota was unsafe.",
        "pilots' union",
        "the rota was unsafe",
        "indirect",
        "assert",
    ),
    (
        "The rota was unsafe, the pilots' union argued.",
        "pilots' union",
        "The rota was unsafe",
        "indirect",
        "assert",
    ),
    (
        "Hale confirmed that the recorder had been found.",
        "Dora Hale",
        "the recorder had been found",
        "indirect",
        "confirm",
    ),
    (
        "Hale told parliament the recorder had been found.",
        "Dora Hale",
        "the recorder had been found",
        "indirect",
        "assert",
    ),
    (
        "Engineers asked whether the lights had been checked.",
        "engineers",
        "whether the lights had been checked",
        "indirect",
        "question",
    ),
    # according to
    (
        "According to the airport, two flights were diverted.",
        "airport",
        "two flights were diverted",
        "indirect",
        "assert",
    ),
    (
        "Two flights were diverted, according to a ministry official.",
        "ministry official",
        "Two flights were diverted",
        "indirect",
        "assert",
    ),
    # denials
    ("Auric denied that its crews were tired.", "Auric Airways", "its crews were tired", "indirect", "deny"),
    (
        "Auric denied falsifying the rota.",
        "Auric Airways",
        "Auric denied falsifying the rota",
        "indirect",
        "deny",
    ),
    (
        "Auric denied any involvement in the leak.",
        "Auric Airways",
        "Auric denied any involvement in the leak",
        "indirect",
        "deny",
    ),
    (
        "Hale rejected reports that the lights were off.",
        "Dora Hale",
        "the lights were off",
        "indirect",
        "deny",
    ),
    (
        "Hale dismissed claims of negligence.",
        "Dora Hale",
        "Hale dismissed claims of negligence",
        "indirect",
        "deny",
    ),
    # a denial by not having, knowing or finding
    (
        "Hale has no record of the outage.",
        "Dora Hale",
        "Hale has no record of the outage",
        "indirect",
        "deny",
    ),
    # what is read, given, told of, seen, without a clause
    (
        "The register lists no night shift in May.",
        "register",
        "The register lists no night shift in May",
        "indirect",
        "assert",
    ),
    (
        "Auric took responsibility for the delay.",
        "Auric Airways",
        "Auric took responsibility for the delay",
        "indirect",
        "assert",
    ),
    (
        "Auric put the outage down to a worn cable.",
        "Auric Airways",
        "the outage down to a worn cable",
        "indirect",
        "assert",
    ),
    (
        "Hale spoke of a lamp that had flickered twice.",
        "Dora Hale",
        "a lamp that had flickered twice",
        "indirect",
        "assert",
    ),
    (
        "Hale described the outage as a trifle.",
        "Dora Hale",
        "the outage as a trifle",
        "indirect",
        "assert",
    ),
    (
        "The ministry told passengers to stay at home.",
        "ministry",
        "The ministry told passengers to stay at home",
        "indirect",
        "assert",
    ),
    (
        "A porter saw two men running from the tower.",
        "porter",
        "two men running from the tower",
        "indirect",
        "assert",
    ),
    ("More than 300, said Hale.", "Dora Hale", "More than 300", "indirect", "assert"),
    # accusations, also in the passive
    (
        "Hale accused Auric Airways of falsifying the rota.",
        "Dora Hale",
        "Hale accused Auric Airways of falsifying the rota",
        "indirect",
        "accuse",
    ),
    (
        "The union blamed Auric for the delay.",
        "union",
        "The union blamed Auric for the delay",
        "indirect",
        "accuse",
    ),
    (
        "The union blamed the delay on Auric.",
        "union",
        "The union blamed the delay on Auric",
        "indirect",
        "accuse",
    ),
    (
        "Auric was accused by the union of falsifying the rota.",
        "union",
        "Auric was accused by the union of falsifying the rota",
        "indirect",
        "accuse",
    ),
]


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
