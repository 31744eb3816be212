"""Candidate pairs and the table of comparators: who contradicts whom, and why, in words.

Only claims that share a key are compared. To add a comparator: a file here, a row below, its tests,
a row in docs/claims.md.
"""

from monitor.core.contradictions.finding import COMPARATORS, COMPARATORS_VERSION, find_contradictions
from monitor.core.contradictions.likeness import Likeness, likeness_of

__all__ = ["COMPARATORS", "COMPARATORS_VERSION", "Likeness", "find_contradictions", "likeness_of"]
