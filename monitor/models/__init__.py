"""Language models' weights, behind the protocols of the core: loaded once a process, passed in as
arguments.
"""

from monitor.models.spacy_parser import load_parser

__all__ = ["load_parser"]
