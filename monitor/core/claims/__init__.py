"""Parsed sentences → claims: who says what, in which words, how it can be compared (docs/claims.md)."""

from monitor.core.claims.extract import EXTRACTOR_VERSION, extract_claims
from monitor.core.claims.frames import FrameMistake, FrameMistakes, parse_frame
from monitor.core.claims.keys import candidate_keys
from monitor.core.claims.parsed import Parser, Sentence, Token
from monitor.core.claims.people import same_people

__all__ = [
    "EXTRACTOR_VERSION",
    "FrameMistake",
    "FrameMistakes",
    "Parser",
    "Sentence",
    "Token",
    "candidate_keys",
    "extract_claims",
    "parse_frame",
    "same_people",
]
