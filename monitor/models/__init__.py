"""Language models' weights, behind the protocols of the core: loaded once a process, passed in as
arguments.
"""

from monitor.models.loading import load_embedder, load_scorer
from monitor.models.parsers import LoadedParsers, load_parsers
from monitor.models.russian_parser import load_russian_parser
from monitor.models.spacy_parser import load_parser

__all__ = [
    "LoadedParsers",
    "load_embedder",
    "load_parser",
    "load_parsers",
    "load_russian_parser",
    "load_scorer",
]
