"""Checks that every distribution we install at run time has a licence we may depend on, and is in NOTICE.

Looks at what requirements/runtime.txt names and this environment holds. `--write` writes the table of
NOTICE anew. Leaves with 1 when something is not allowed or not listed.
"""

from __future__ import annotations

import re
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements" / "runtime.txt"
NOTICE = ROOT / "NOTICE"
TABLE = "Distribution and licence, as its metadata says:"

#: SPDX names that we may depend on.
ALLOWED = {
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MPL-2.0",
    "PSF-2.0",
    "Zlib",
}
#: Allowed by name only, with the reason.
EXCEPTIONS = {
    "psycopg": ("LGPL-3.0-only", "used unchanged, as a library of its own, only with PostgreSQL"),
    "psycopg-binary": ("LGPL-3.0-only", "used unchanged, as a library of its own, only with PostgreSQL"),
    "tld": (
        "MPL-1.1 OR GPL-2.0-only OR LGPL-2.1-or-later",
        "MPL-1.1: used unchanged, as a library of its own; trafilatura needs it",
    ),
    "regex": ("Apache-2.0 AND CNRI-Python", "permissive: CNRI-Python is the licence of Python 1.6"),
}
#: What metadata says in other words.
SPDX = {
    "3-clause bsd license": "BSD-3-Clause",
    "the bsd 2-clause license": "BSD-2-Clause",
    "apache 2": "Apache-2.0",
    "apache 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "bsd": "BSD-3-Clause",
    "bsd license": "BSD-3-Clause",
    "isc license": "ISC",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
}


def locked() -> tuple[str, ...]:
    """Names of the distributions in the lock, in order."""
    return tuple(re.findall(r"^([a-z0-9._-]+)==", LOCK.read_text(encoding="utf-8"), re.MULTILINE))


def licence_of(distribution: str) -> str | None:
    """The licence as an SPDX expression, "" where nothing says it; None where it is not installed here."""
    try:
        about = metadata.metadata(distribution)
    except metadata.PackageNotFoundError:
        return None
    for expression in about.get_all("License-Expression") or []:
        return str(expression)
    stated = "".join(about.get_all("License") or []).strip()
    if stated and "\n" not in stated and len(stated) < 60:
        return SPDX.get(stated.lower(), stated)
    classifiers = [
        line.split(" :: ")[-1] for line in about.get_all("Classifier") or [] if line.startswith("License ::")
    ]
    return " AND ".join(sorted({SPDX.get(name.lower(), name) for name in classifiers}))


def is_allowed(distribution: str, expression: str) -> bool:
    """Every part of an AND is allowed, and at least one part of an OR."""
    if distribution in EXCEPTIONS:
        return EXCEPTIONS[distribution][0] == expression
    if not expression:
        return False
    choices = expression.replace("(", "").replace(")", "").split(" OR ")
    return any(all(part.strip() in ALLOWED for part in choice.split(" AND ")) for choice in choices)


def listed() -> dict[str, str]:
    """The table of NOTICE: distribution → licence."""
    text = NOTICE.read_text(encoding="utf-8").partition(TABLE)[2]
    return dict(re.findall(r"^  (\S+) +(\S.*)$", text, re.MULTILINE))


def write() -> None:
    """The table of NOTICE anew; what is locked but not installed here keeps its line."""
    head = NOTICE.read_text(encoding="utf-8").partition(TABLE)[0]
    before = listed()
    rows = {name: licence_of(name) or before.get(name, "UNKNOWN") for name in locked()}
    lines = [f"  {name:28}{licence}" for name, licence in rows.items()]
    NOTICE.write_text(head + TABLE + "\n\n" + "\n".join(lines) + "\n", encoding="utf-8")


def problems() -> list[str]:
    """What is wrong, one sentence each; empty: nothing."""
    found: list[str] = []
    notice = listed()
    for name in locked():
        licence = licence_of(name)
        if licence is not None and not is_allowed(name, licence):
            found.append(
                f"{name}: licence {licence or 'unknown'!r} is not on the allow-list of {Path(__file__).name}"
            )
        if notice.get(name, "UNKNOWN") == "UNKNOWN" or licence not in (None, notice[name]):
            found.append(
                f"{name}: NOTICE says {notice.get(name, 'nothing')!r}; run {Path(__file__).name} --write"
            )
    found += [f"{name}: in NOTICE but not in the lock" for name in sorted(set(notice) - set(locked()))]
    return found


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        write()
    wrong = problems()
    print("\n".join(wrong) or f"{len(locked())} distributions, all allowed and listed")
    sys.exit(1 if wrong else 0)
