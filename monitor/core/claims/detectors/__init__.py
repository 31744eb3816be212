"""The table of detectors: each finds one way of attributing words to a speaker, one file each.

A detector takes a Page and yields Drafts.
On the same stretch with the same speaker the first in the table wins.
To add one: a file here, a row below, its tests, a row in docs/claims.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from monitor.core.claims.detectors.according_to import detect_according_to
from monitor.core.claims.detectors.accusation import detect_accusations
from monitor.core.claims.detectors.after_colon import detect_after_colon
from monitor.core.claims.detectors.answers import detect_answers
from monitor.core.claims.detectors.by_words import detect_by_words
from monitor.core.claims.detectors.carried import detect_carried_over
from monitor.core.claims.detectors.conviction import detect_convictions
from monitor.core.claims.detectors.denial import detect_denials
from monitor.core.claims.detectors.direct_quote import detect_direct_quotes
from monitor.core.claims.detectors.documents import detect_documents
from monitor.core.claims.detectors.figures import detect_given_figures
from monitor.core.claims.detectors.given import detect_given
from monitor.core.claims.detectors.headline import detect_headlines
from monitor.core.claims.detectors.headline_verbs import detect_headline_verbs
from monitor.core.claims.detectors.in_their_eyes import detect_in_their_eyes
from monitor.core.claims.detectors.indirect import detect_indirect_speech
from monitor.core.claims.detectors.naming import detect_naming
from monitor.core.claims.detectors.nominal import detect_nominal
from monitor.core.claims.detectors.own_voice import detect_own_voice
from monitor.core.claims.detectors.owning_up import detect_owning_up
from monitor.core.claims.detectors.set_phrases import detect_set_phrases
from monitor.core.claims.detectors.so_says import detect_so_says
from monitor.core.claims.detectors.standing import detect_standing
from monitor.core.claims.detectors.told_of import detect_told_of
from monitor.core.claims.detectors.unknown import detect_unknown
from monitor.core.claims.detectors.urging import detect_urging
from monitor.core.claims.detectors.values import detect_values
from monitor.core.claims.detectors.what_they_say import detect_what_they_say
from monitor.core.claims.detectors.witness import detect_witnesses
from monitor.core.claims.draft import Draft
from monitor.core.claims.page import Page

#: Speak only in sentences in which no detector before them found a speaker.
LAST_RESORTS = ("by_words", "headline_verbs", "carried", "own_voice")

Detector = Callable[[Page], Iterator[Draft]]

DETECTORS: dict[str, Detector] = {
    "denial": detect_denials,
    "accusation": detect_accusations,
    "direct_quote": detect_direct_quotes,
    "according_to": detect_according_to,
    "in_their_eyes": detect_in_their_eyes,
    "what_they_say": detect_what_they_say,
    "indirect": detect_indirect_speech,
    "so_says": detect_so_says,
    "nominal": detect_nominal,
    "conviction": detect_convictions,
    "set_phrases": detect_set_phrases,
    "after_colon": detect_after_colon,
    "headline": detect_headlines,
    "figures": detect_given_figures,
    "values": detect_values,
    "unknown": detect_unknown,
    "documents": detect_documents,
    "owning_up": detect_owning_up,
    "given": detect_given,
    "told_of": detect_told_of,
    "naming": detect_naming,
    "standing": detect_standing,
    "urging": detect_urging,
    "witness": detect_witnesses,
    "answers": detect_answers,
    "by_words": detect_by_words,
    "headline_verbs": detect_headline_verbs,
    "carried": detect_carried_over,
    "own_voice": detect_own_voice,
}
