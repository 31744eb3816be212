"""Scores the text of article pages against what people marked, beside trafilatura's own settings.

    python benchmarks/full_text.py [--pages FOLDER] [--worst N]

FOLDER holds `ground-truth.json` and `html/*.html.gz` as in scrapinghub's article-extraction-benchmark.
Words are counted as often as they stand (case folded); precision, recall and F1 are means over the pages.
The time is processor time of this process, after loading.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import trafilatura

from monitor.feeds import article_page

PAGES = Path(__file__).resolve().parents[2] / "shared" / "data" / "pages" / "article_extraction_benchmark"
WORD = re.compile(r"\w+")

Score = tuple[float, float, float]


def score(found: str, wanted: str) -> Score:
    """Precision, recall and F1 of the words."""
    has, should = Counter(WORD.findall(found.casefold())), Counter(WORD.findall(wanted.casefold()))
    both = (has & should).total()
    precision = both / has.total() if has else 0.0
    recall = both / should.total() if should else 0.0
    return precision, recall, 2 * precision * recall / (precision + recall) if both else 0.0


def ours(page: bytes) -> str:
    found = article_page.read(page, content_type="text/html", lang="")
    return found["text"] if found else ""


def trafilaturas(page: bytes) -> str:
    return trafilatura.extract(page) or ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--pages", type=Path, default=PAGES)
    parser.add_argument("--worst", type=int, default=0, help="show so many pages that ours reads worst")
    asked = parser.parse_args()
    truth = json.loads((asked.pages / "ground-truth.json").read_text(encoding="utf-8"))
    packed = {key: (asked.pages / "html" / f"{key}.html.gz").read_bytes() for key in truth}
    pages = {key: gzip.decompress(page) for key, page in packed.items()}
    readers: dict[str, Callable[[bytes], str]] = {
        "ours": ours,
        f"trafilatura {trafilatura.__version__}": trafilaturas,
    }
    scores: dict[str, dict[str, Score]] = {}
    for read in readers.values():
        read(next(iter(pages.values())))  # what is loaded late is loaded now
    print(f"{len(pages)} pages\n\n{'':20} precision  recall      F1  ms a page")
    for name, read in readers.items():
        began = time.process_time()
        texts = {key: read(page) for key, page in pages.items()}
        spent = 1000 * (time.process_time() - began) / len(pages)
        scores[name] = {key: score(text, truth[key]["articleBody"]) for key, text in texts.items()}
        means = [sum(one[part] for one in scores[name].values()) / len(pages) for part in range(3)]
        print(f"{name:20} {means[0]:9.4f} {means[1]:7.4f} {means[2]:7.4f} {spent:10.1f}")
    for key, (_, _, f1) in sorted(scores["ours"].items(), key=lambda one: one[1][2])[: asked.worst]:
        print(f"{f1:.3f}  {truth[key].get('url', key)}")


if __name__ == "__main__":
    main()
