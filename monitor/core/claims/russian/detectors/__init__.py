"""The table of Russian detectors: each finds one way of attributing words to a speaker, one file each.

The first in the table wins on the same stretch, as with the English ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from monitor.core.claims.draft import Draft
from monitor.core.claims.page import Page
from monitor.core.claims.russian.detectors.according_to import detect_according_to
from monitor.core.claims.russian.detectors.accusation import detect_accusations
from monitor.core.claims.russian.detectors.after_colon import detect_after_colon
from monitor.core.claims.russian.detectors.carried import detect_carried_over
from monitor.core.claims.russian.detectors.conclusion import detect_conclusions
from monitor.core.claims.russian.detectors.denial import detect_denials
from monitor.core.claims.russian.detectors.direct_quote import detect_direct_quotes
from monitor.core.claims.russian.detectors.figures import detect_given_figures
from monitor.core.claims.russian.detectors.gapped import detect_gapped
from monitor.core.claims.russian.detectors.headline import detect_headlines
from monitor.core.claims.russian.detectors.indirect import detect_indirect_speech
from monitor.core.claims.russian.detectors.naming import detect_naming
from monitor.core.claims.russian.detectors.own_voice import detect_own_voice
from monitor.core.claims.russian.detectors.taking_back import detect_taking_back
from monitor.core.claims.russian.detectors.witness import detect_witnesses

#: Speak only in sentences in which no detector before them found a speaker.
LAST_RESORTS = ("carried", "own_voice")

DETECTORS: dict[str, Callable[[Page], Iterator[Draft]]] = {
    "denial": detect_denials,
    "gapped": detect_gapped,
    "taking_back": detect_taking_back,
    "accusation": detect_accusations,
    "direct_quote": detect_direct_quotes,
    "according_to": detect_according_to,
    "indirect": detect_indirect_speech,
    "conclusion": detect_conclusions,
    "naming": detect_naming,
    "after_colon": detect_after_colon,
    "figures": detect_given_figures,
    "witness": detect_witnesses,
    "headline": detect_headlines,
    "carried": detect_carried_over,
    "own_voice": detect_own_voice,
}
