"""The sentence before, given to somebody only now: 'The drums were empty. So says the mill, which…', 'That at
least is what the envoy read out'.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from monitor.core.claims.detectors.answers import named_within
from monitor.core.claims.draft import Draft, reported, roots_within
from monitor.core.claims.page import Page
from monitor.core.claims.parentheticals import VERB
from monitor.core.types import ArticleField

_WHO = r"(?P<who>(?:the|an?|his|her|its|their|one|two|[A-Z])[^,;:“”\"]{1,60}?)"
_SHAPES = tuple(
    re.compile(shape)
    for shape in (
        rf"(?:So|Thus)(?:,? at least,?)? (?P<cue>{VERB}) (?P<who>[^,;:“”\"]{{2,60}}?)"
        r"(?=[,.]| who\b| on (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)",
        r"(?:That|This)(?:,? (?:at least|at any rate|anyway),?)? (?:is|was) (?P<cue>what|how) "
        rf"{_WHO}(?:, [^,;:“”\"]{{2,60}},)? (?:{VERB}|told|tells?|reads? out|has it|put it|puts it|"
        r"remembers?|sees? it|would have it)\b(?! that\b)",
        r"(?:That|This|Such)(?:,? (?:at least|at any rate|anyway),?)? (?:is|was) "
        r"(?P<cue>the (?:version|account|story|view|word|claim) of) (?P<who>[^,;:“”\"]{2,60}?)(?=[,.])",
        rf"(?:That|This)(?:,? (?:at least|at any rate|anyway),?)? (?:is|was) {_WHO}['’]s? "
        r"(?P<cue>version|account|story|claim)(?=[,.])",
    )
)
# Fewer words say nothing that may be somebody's.
_LEAST = 4


def detect_so_says(page: Page) -> Iterator[Draft]:
    for before, s in pairwise(page.sentences):
        if (
            s.field is not ArticleField.TEXT
            or before.field is not s.field
            or not (s.tokens and before.tokens)
        ):
            continue
        found = next((m for shape in _SHAPES if (m := shape.match(s.text))), None)
        told = before.text.rstrip(" .!")
        if found is None or before.text.rstrip().endswith("?") or len(told.split()) < _LEAST:
            continue
        speaker = named_within(s, *found.span("who"))
        if speaker is None or page.quotations_in(before):
            continue
        span = before.start, before.start + len(told)
        draft = reported(before, span, found["cue"], speaker, roots_within(before, *span), "so_says")
        yield replace(draft, named_in=s)
