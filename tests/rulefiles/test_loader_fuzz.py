"""The loader against broken, hostile and merely unlucky files: problems with their places, never a traceback.

The files are the shipped ones, changed as editors, merges, copies and enemies change them, and they are
read from disk as bytes, as the service reads them.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.core.rules.problems import Problem, errors_of
from monitor.core.rules.reports import FORMATS
from monitor.core.rules.trials import run_tests
from monitor.rulefiles import check_folder

REPOSITORY = Path(__file__).parents[2]
#: Lines of a shipped file that are used: a gazetteer may have thousands.
LINES = 120


@cache
def shipped() -> dict[str, bytes]:
    files = sorted((REPOSITORY / "rules").rglob("*.yml"))
    return {
        file.relative_to(REPOSITORY / "rules").as_posix(): b"".join(
            file.read_bytes().splitlines(keepends=True)[:LINES]
        )
        for file in files
    }


# ---------------------------------------------------------------- how files get broken

Lines = Sequence[bytes]
#: What becomes of the lines from one number on, for so many of them.
Change = Callable[[Lines, int, int], bytes]


def joined(*parts: Lines) -> bytes:
    return b"".join(line for part in parts for line in part)


LINE_CHANGES: dict[str, Change] = {
    "deleted": lambda lines, at, n: joined(lines[:at], lines[at + n :]),
    "doubled": lambda lines, at, n: joined(lines[: at + n], lines[at:]),
    "moved to the end": lambda lines, at, n: joined(lines[:at], lines[at + n :], lines[at : at + n]),
    "moved in": lambda lines, at, n: joined(
        lines[:at], [b"  " + line for line in lines[at : at + n]], lines[at + n :]
    ),
    "moved out": lambda lines, at, n: joined(
        lines[:at], [line.removeprefix(b"  ") for line in lines[at : at + n]], lines[at + n :]
    ),
    "tabs": lambda lines, at, n: joined(
        lines[:at], [line.replace(b"  ", b"\t") for line in lines[at : at + n]], lines[at + n :]
    ),
    "a merge conflict": lambda lines, at, n: joined(
        lines[:at], [b"<<<<<<< ours\n"], lines[at : at + n], [b"=======\n>>>>>>> theirs\n"], lines[at + n :]
    ),
    "cut off": lambda lines, at, n: joined(lines[:at])[: -n or None],
    "no line breaks": lambda lines, at, n: joined(lines).replace(b"\n", b" "),
    "carriage returns": lambda lines, at, n: joined(lines).replace(b"\n", b"\r"),
    "next lines": lambda lines, at, n: joined(lines).replace(b"\n", "\x85".encode(), n),
}
WORDS = [
    *("*x", "&x ", "<<: ", "!!map ", "!x", "|", ">", "{", "}", "[", "]", "'", '"', "#", ": ", "- ", "? "),
    *("---\n", "...\n", "%YAML 1.1\n", "0x", "~", "null", "\t", "\x00", "\x1b[2J"),
    *("\ud800", "\ufeff", "\u2028", "\u202e"),
]
#: Where in the file, what to put there, how much it takes away.
Splice = tuple[int, bytes, int]
SPLICES = st.tuples(
    st.integers(0, 10_000),
    st.one_of(
        st.binary(min_size=1, max_size=4),
        st.sampled_from([word.encode("utf-8", "surrogatepass") for word in WORDS]),
    ),
    st.integers(0, 3),
)


def spliced(content: bytes, splices: Sequence[Splice]) -> bytes:
    for at, what, takes in splices:
        at %= len(content) + 1
        content = content[:at] + what + content[at + takes :]
    return content


@settings(
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(
    st.sampled_from(sorted(shipped())),
    st.sampled_from(sorted(LINE_CHANGES)),
    st.integers(0, LINES),
    st.integers(0, 6),
    st.lists(SPLICES, max_size=3),
)
def test_a_shipped_file_that_was_changed_gives_problems_with_places(
    tmp_path: Path, name: str, change: str, at: int, number: int, splices: list[Splice]
) -> None:
    lines = shipped()[name].splitlines(keepends=True)
    content = spliced(LINE_CHANGES[change](lines, at % len(lines), number), splices)
    check(tmp_path, name, content)


def check(folder: Path, name: str, content: bytes) -> tuple[Problem, ...]:
    """Loads the file, and asserts what is true of every file; its problems."""
    for other in folder.rglob("*.yml"):
        other.unlink()
    file = folder / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content)
    read = check_folder(folder)
    lines = (
        content.decode("utf-8", "replace").removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    )
    lengths = [len(line) for line in lines.split("\n")]
    for problem in read.problems:
        place = problem.place
        assert problem.path == str(file)
        assert problem.code
        assert problem.message
        assert 1 <= place.line <= len(lengths), problem
        # A line end is a place too: something is missing there.
        assert 1 <= place.column <= lengths[place.line - 1] + 2, problem
        assert place.width >= 1
    for name, write in FORMATS.items():
        report = write(read.problems)
        assert "\x1b" not in report
        assert "\x00" not in report
        assert len(report) < 20_000 + 2_000 * len(read.problems), name
    if not errors_of(read.problems):
        run_tests(read.tests, read.rules)
    return read.problems


# ---------------------------------------------------------------- encodings

GOOD = "version: 1\nlists:\n  words: [caf\u00e9, паром]\n"
ENCODED: list[tuple[str, bytes, str, int]] = [
    ("UTF-8", GOOD.encode(), "", 0),
    ("UTF-8 with a byte order mark", GOOD.encode("utf-8-sig"), "", 0),
    ("UTF-16", GOOD.encode("utf-16"), "unreadable", 1),
    ("UTF-16 without a mark", GOOD.encode("utf-16-le"), "unreadable", 3),
    ("Latin 1", GOOD.replace("паром", "x").encode("latin-1"), "unreadable", 3),
    ("Windows Cyrillic", GOOD.replace("é", "e").encode("cp1251"), "unreadable", 3),
    ("half of a character at the end", GOOD.encode() + b"# \xd0", "unreadable", 4),
    ("surrogates", b"version: 1\n# \xed\xa0\x80\n", "unreadable", 2),
    ("NUL", b"version: 1\nlists: {a: [b\x00c]}\n", "yaml-syntax", 2),
    ("Windows line ends", GOOD.replace("\n", "\r\n").encode(), "", 0),
    ("old Macintosh line ends", GOOD.replace("\n", "\r").encode(), "", 0),
    ("nothing", b"", "missing-key", 1),
    ("blanks", b" \n\n", "missing-key", 1),
]


@pytest.mark.parametrize(("what", "content", "code", "line"), ENCODED, ids=[row[0] for row in ENCODED])
def test_encodings(tmp_path: Path, what: str, content: bytes, code: str, line: int) -> None:
    found = [(problem.code, problem.place.line) for problem in errors_of(check(tmp_path, "a.yml", content))]
    assert found == ([(code, line)] if code else []), what


# ---------------------------------------------------------------- bombs


def laughs(opening: str, closing: str, entry: str) -> str:
    """Ten of ten of ten…: a dozen lines that unfold to a billion values."""
    lines = [
        "version: 1",
        f"x0: &x0 {opening}{', '.join(entry.format(n=n, of='word') for n in range(10))}{closing}",
    ]
    for level in range(1, 12):
        entries = ", ".join(entry.format(n=n, of=f"*x{level - 1}") for n in range(10))
        lines.append(f"x{level}: &x{level} {opening}{entries}{closing}")
    return "\n".join(lines)


#: What a file does → (its text, the code of its first error, the line of it).
BOMBS: dict[str, tuple[str, str, int]] = {
    "a billion laughs in lists": (laughs("[", "]", "{of}"), "too-large", 2),
    "a billion laughs in mappings": (laughs("{", "}", "k{n}: {of}"), "too-large", 2),
    "an alias of itself": ("version: 1\nlists: &a {b: *a}\n", "too-deep", 2),
    "an alias of nothing": ("version: 1\nlists: *a\n", "yaml-syntax", 2),
    "a long word fifty thousand times": (
        f"version: 1\nlists:\n  a: &a [{'x' * 100_000}]\n  b: [{','.join(['*a'] * 50_000)}]\n",
        "too-large",
        3,
    ),
    "brackets": ("version: 1\nlists: " + "[" * 20_000, "too-deep", 2),
    "brackets that close": ("version: 1\nlists: " + "[" * 5000 + "]" * 5000, "too-deep", 2),
    "stairs": ("".join(" " * depth + "a:\n" for depth in range(1200)), "too-deep", 33),
    "dashes": ("- " * 20_000, "too-deep", 1),
    "questions": ("? " * 20_000, "too-deep", 1),
    "a scalar of 900 kB": (f"version: 1\nlists: {{a: [{'x' * 900_000}]}}\n", "bad-value", 2),
    "a key of 500 kB": ("k" * 500_000 + ": a\n", "yaml-syntax", 1),
    "a word 400,000 times": (f"version: 1\nlists: {{a: [{','.join(['a'] * 400_000)}]}}\n", "too-large", 2),
    "a word on 150,000 lines": ("version: 1\nlists:\n  a:\n" + "  - a\n" * 150_000, "too-large", 100_000),
    "a number of 500,000 digits": ("version: " + "9" * 500_000 + "\n", "unsupported-version", 1),
    "200,000 documents": ("---\n" * 200_000, "yaml-syntax", 2),
    "a quotation mark never closed": ('version: 1\na: "' + "b\n" * 400_000, "yaml-syntax", 400_002),
    "spaces": ("version: 1\na:\n" + " " * 900_000 + "b: c\n", "unknown-key", 2),
    "a tag that would run a program": (
        "version: 1\nlists: !!python/object/apply:os.system [exit 7]\n",
        "wrong-type",
        2,
    ),
    "more than a megabyte": ("#" * 1_000_001, "too-large", 1),
}

#: Reads texts in a process that may use 60 s of processor time and a gigabyte, and says what was wrong.
CHILD = """
import json, resource, sys
from monitor.core.rules.building import build_texts
from monitor.core.rules.problems import errors_of, render
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
for text in json.load(sys.stdin):
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime) + 60
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))
    problems = build_texts({"a.yml": text}).problems
    first = errors_of(problems)[0]
    print(json.dumps([first.code, first.place.line, len(render([first]))]), flush=True)
"""


def test_bombs_are_refused_at_their_place_within_bounds_of_time_and_memory() -> None:
    texts = json.dumps([text for text, _, _ in BOMBS.values()])
    child = subprocess.run(
        [sys.executable, "-c", CHILD],
        input=texts,
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        check=False,
    )
    assert child.returncode == 0, child.stderr
    answers = [json.loads(line) for line in child.stdout.splitlines()]
    told = {name: (code, line) for name, (code, line, _) in zip(BOMBS, answers, strict=True)}
    assert told == {name: (code, line) for name, (_, code, line) in BOMBS.items()}
    assert max(length for _, _, length in answers) < 2000
