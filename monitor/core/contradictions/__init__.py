"""Candidate pairs and the table of comparators: who contradicts whom, and why, in words.

Only claims that share a key, or follow each other in one text, are compared (candidates.py). To add a
comparator: a file here, a row in finding.py, its tests, a row in docs/claims.md.
"""

from monitor.core.contradictions.answered import likened
from monitor.core.contradictions.counters import with_own_words
from monitor.core.contradictions.finding import COMPARATORS, COMPARATORS_VERSION, find_contradictions
from monitor.core.contradictions.juxtaposed import heard_beside
from monitor.core.contradictions.likeness import Likeness, likeness_of

__all__ = [
    "COMPARATORS",
    "COMPARATORS_VERSION",
    "Likeness",
    "find_contradictions",
    "heard_beside",
    "likened",
    "likeness_of",
    "with_own_words",
]
