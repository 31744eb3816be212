"""`claimwatch rules fmt` and `rules new`: the commands that write rule files."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.output import note, write
from monitor.errors import EXIT_FINDINGS, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence


def format_files(
    path: Annotated[
        Path | None,
        typer.Argument(metavar="[PATH]", help="Rules folder or one file; without it, that of the settings."),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; only say what would change.")
    ] = False,
) -> None:
    """Write rule files in one form: indentation, quotes, order of keys. Comments are kept.

    Broken files are left alone. Exit code 1 where there are any, or with --check, where a file would change.
    """
    from monitor.core.rules.formatting import UnformattableError, formatted

    refused = changed = 0
    files = _files_of(path)
    for file in files:
        text = _read(file)
        try:
            wanted = formatted(text)
        except UnformattableError as error:
            refused += 1
            note(f"{file}: left as it is: {error}")
            continue
        if wanted != text:
            changed += 1
            write(f"{file}: {'would be written anew' if check else 'written anew'}")
            if not check:
                replace_text(file, wanted)
    write(f"{len(files) - changed - refused} unchanged, {changed} changed, {refused} left as they are")
    if refused or (check and changed):
        raise typer.Exit(EXIT_FINDINGS)


def _files_of(path: Path | None) -> Sequence[Path]:
    from monitor.rulefiles import rule_paths

    if path is None:
        from monitor.cli.ledger import read_settings

        path = read_settings().rules
    return (path,) if path.is_file() else tuple(rule_paths(path))


def _read(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        # A broken file is for `formatted` to refuse.
        return ""
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror}", remedy="may this user read it?") from None


def replace_text(file: Path, text: str) -> None:
    """Writes the file so that a running service sees the old text or the new, never a part."""
    try:
        handle, temporary = tempfile.mkstemp(prefix=".", suffix=".new", dir=file.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
            os.chmod(temporary, file.stat().st_mode & 0o777 if file.exists() else 0o644)
            os.replace(temporary, file)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise UsageError(
            f"cannot write {file}: {error.strerror}", remedy="may this user write there?"
        ) from None


# ---------------------------------------------------------------- a new rule


def new_rule(
    id: Annotated[str, typer.Option("--id", help="Its name for machines: small letters, digits, -.")] = "",
    title: Annotated[str, typer.Option("--title", help="Its name for people.")] = "",
    words: Annotated[
        str, typer.Option("--words", help="With commas between; one of them must stand in the article.")
    ] = "",
    entity: Annotated[
        str | None, typer.Option("--entity", help="Id of an entity that must be named too.")
    ] = None,
    path: Annotated[Path | None, typer.Option("--rules", metavar="PATH", help="Rules folder.")] = None,
) -> None:
    """Write a first rule with two tests that pass: asks for what no option says.

    The file is topics/ID.yml of the rules folder; nothing that exists is written over.
    """
    from monitor.rulefiles import load_folder

    if path is None:
        from monitor.cli.ledger import read_settings

        path = read_settings().rules
    asks = not (id and title and words)
    id = id or typer.prompt("Id (small letters, digits, -)")
    title = title or typer.prompt("Title, for people")
    words = words or typer.prompt("Words, with commas between")
    if entity is None:
        entity = typer.prompt("Id of an entity, or nothing", default="", show_default=False) if asks else ""
    rules = load_folder(path).rules
    if id in rules.rules:
        raise UsageError(f"there is a rule {id!r} already", remedy="choose another id")
    if entity and entity not in rules.entities:
        from monitor.core.rules.problems import did_you_mean

        hint = did_you_mean(entity, rules.entities)
        raise UsageError(f"there is no entity {entity!r}", remedy=hint or "leave it out for now")
    name = rules.entities[entity].aliases[0].text if entity else ""
    text = _first_rule(id, title, [word.strip() for word in words.split(",") if word.strip()], entity, name)
    _try_out(text, path)
    file = path / "topics" / f"{id}.yml"
    if file.exists():
        raise UsageError(f"there is a file {file} already", remedy="choose another id, or move the file")
    file.parent.mkdir(exist_ok=True)
    replace_text(file, text)
    write(f"written: {file}; now write tests of your own, and run: claimwatch rules test -k {id}")


def _first_rule(id: str, title: str, words: Sequence[str], entity: str, name: str) -> str:
    import json

    def quoted(value: str) -> str:
        return json.dumps(value, ensure_ascii=False)

    example = " ".join(filter(None, [name.rstrip("*"), words[0].rstrip("*") if words else ""]))
    lines = [
        "# yaml-language-server: $schema=../rules.schema.json",
        "version: 1",
        "",
        "rules:",
        f"  - id: {quoted(id)}",
        f"    title: {quoted(title)}",
        "    match:",
        "      all:",
        f"        - keyword: [{', '.join(quoted(word) for word in words)}]",
        *([f"        - entity: {quoted(entity)}"] if entity else []),
        "    tests:",
        "      - name: what it is for",
        f"        article: {{title: {quoted(example)}}}",
        "        should_match: true",
        "      - name: something else",
        '        article: {title: "0"}',
        "        should_match: false",
    ]
    from monitor.core.rules.formatting import UnformattableError, formatted

    try:
        return formatted("\n".join(lines) + "\n")
    except UnformattableError as error:
        raise UsageError(f"no rule can be made of this: {error}", remedy="use plain words") from None


def _try_out(text: str, path: Path) -> None:
    """The rule among all the others, with its tests, before anything is written. Raises UsageError."""
    from monitor.core.rules.building import build_texts
    from monitor.core.rules.problems import errors_of
    from monitor.core.rules.trials import run_tests
    from monitor.rulefiles import rule_paths

    texts = {
        file.relative_to(path).as_posix(): _read(file)
        for file in rule_paths(path)
        if file.name not in ("routes.yml", "routes.yaml")
    }
    place = "topics/a-new-rule.yml"
    built = build_texts({**texts, place: text})
    errors = [problem for problem in errors_of(built.problems) if problem.path == f"rules/{place}"]
    if errors:
        raise UsageError(errors[0].message, remedy=errors[0].help or "say it in another way")
    tests = [test for test in built.tests if test.path == f"rules/{place}"]
    failed = [trial for trial in run_tests(tests, built.rules) if trial.counts]
    if failed:
        raise UsageError(f"the rule fails its own test: {failed[0].reason}", remedy="use other words")
