"""`claimwatch rules explain`: what a rule looks for, and why it matches an article or what stops it."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from monitor.cli.output import console, is_terminal, note, write, write_json
from monitor.cli.reading import JsonOption
from monitor.core.terminal import clean, clean_block
from monitor.errors import EXIT_FINDINGS, UsageError

if TYPE_CHECKING:
    from monitor.core.rules.describing import EntityForms, Looked, NameForms
    from monitor.core.rules.explaining import Explanation, Quote, Step
    from monitor.core.rules.near_misses import NearMiss
    from monitor.core.types import Article

#: Forms of one alias that are shown without --forms.
FEW_FORMS = 8
#: Bytes of a file that is looked at.
MAX_BYTES = 16 << 20


class Line(NamedTuple):
    text: str
    style: str = ""


def explain_rule(
    rule: Annotated[str, typer.Argument(metavar="RULE", help="Id of a rule.")],
    text: Annotated[
        str | None,
        typer.Option("--text", metavar="TEXT", help="A text; without --title its first line is the title."),
    ] = None,
    title: Annotated[str, typer.Option("--title", metavar="TITLE", help="The title above --text.")] = "",
    lang: Annotated[str, typer.Option("--lang", help="Language of the text.")] = "",
    article: Annotated[int | None, typer.Option("--article", metavar="ID", help="A stored article.")] = None,
    version: Annotated[
        int | None, typer.Option("--version", min=1, help="An older version of --article.")
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(
            "--file",
            metavar="FILE",
            help="A text, or articles as `claimwatch import` takes them; - is stdin.",
        ),
    ] = None,
    forms: Annotated[
        bool, typer.Option("--forms", help="Every form of every name, also of long lists.")
    ] = False,
    json: JsonOption = False,
    path: Annotated[Path | None, typer.Option("--rules", metavar="PATH", help="Rules folder.")] = None,
) -> None:
    """Show what a rule looks for; with an article, why it matches or what stops it and what came near.

    Exit code 1 where an article does not match.
    """
    if sum(given is not None for given in (text, article, file)) > 1:
        raise UsageError("--text, --article and --file exclude each other", remedy="name one article")
    if version is not None and article is None:
        raise UsageError("--version says which version of --article", remedy="add --article ID")
    if title and text is None:
        text = ""
    from monitor.cli.rule_backtest import load_rules
    from monitor.core.rules.explaining import explain

    folder = _folder_path(path)
    rules = load_rules(folder)
    asked = rules.rules.get(rule)
    if asked is None:
        from monitor.core.rules.problems import did_you_mean

        hint = did_you_mean(rule, rules.rules)
        raise UsageError(
            f"there is no rule {rule!r}", remedy=hint or "`claimwatch rules lint` reads them all"
        )
    lists = _lists(folder)
    if text is None and article is None and file is None:
        from monitor.core.rules.describing import look

        looked = look(asked, rules, lists)
        if json:
            write_json([asdict(looked)])
        else:
            _show(_looked_lines(looked, all_forms=forms))
        return
    explained = [
        explain(asked, each, rules, lists) for each in _articles(text, title, lang, article, version, file)
    ]
    for number, one in enumerate(explained):
        if json:
            write_json([_as_json(one)])
        else:
            _show([*([Line("")] if number else []), *_explained_lines(one, stored=article is not None)])
    if not all(one.matches for one in explained):
        raise typer.Exit(EXIT_FINDINGS)


def _folder_path(path: Path | None) -> Path:
    if path is not None:
        return path
    from monitor.cli.ledger import read_settings

    return read_settings().rules


def _lists(folder: Path) -> Mapping[str, Sequence[str]]:
    """The word lists of a folder that loads; rules have unfolded them."""
    from monitor.core.rules.documents import as_mapping, read_document
    from monitor.rulefiles import rule_paths

    lists: dict[str, Sequence[str]] = {}
    for file in rule_paths(folder):
        text = file.read_text(encoding="utf-8-sig")
        if "lists" in text:
            found = as_mapping(as_mapping(read_document(str(file), text).value).get("lists"))
            lists |= {
                name: [str(word) for word in words]
                for name, words in found.items()
                if isinstance(words, list)
            }
    return lists


# ---------------------------------------------------------------- articles


def _articles(
    text: str | None, title: str, lang: str, id: int | None, version: int | None, file: Path | None
) -> Sequence[Article]:
    from monitor.core.rules.trials import text_article

    if text is not None:
        return [text_article(text, lang, title)]
    if id is not None:
        return [_stored(id, version)]
    assert file is not None
    return _of_file(file, lang, title)


def _stored(id: int, version: int | None) -> Article:
    from monitor.cli.ledger import open_ledger

    with open_ledger() as db:
        from monitor.store.stored import stored_article

        found = stored_article(db, id, version=version)
    if found is None:
        which = f"version {version} of article {id}" if version else f"article {id}"
        note(f"error: there is no {which}\n  help: `claimwatch articles list` shows those there are")
        raise typer.Exit(EXIT_FINDINGS)
    return found


def _of_file(file: Path, lang: str, title: str) -> Sequence[Article]:
    """One article of plain text, or those of JSON Lines. Raises UsageError."""
    from monitor.core.rules.trials import text_article
    from monitor.feeds import plain

    content = _read(file)
    if file.suffix in (".jsonl", ".ndjson", ".json") or content.lstrip()[:1] == b"{":
        return _of_lines(file, content)
    try:
        text = plain.clean(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{file} is not UTF-8 (byte {error.start + 1})", remedy="save it as UTF-8, or give JSON Lines"
        ) from None
    if not text.strip():
        raise UsageError(f"{file} is empty", remedy="give a text, or JSON Lines as for `claimwatch import`")
    return [text_article(text, lang, title)]


def _read(file: Path) -> bytes:
    try:
        stream = typer.get_binary_stream("stdin") if str(file) == "-" else file.open("rb")
        with stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}", remedy="name a file, or -") from None
    if len(content) > MAX_BYTES:
        raise UsageError(f"{file} has over {MAX_BYTES >> 20} MB", remedy="give one article, or a few")
    return content


def _of_lines(file: Path, content: bytes) -> Sequence[Article]:
    from dataclasses import replace

    from monitor.core.rules.trials import text_article
    from monitor.feeds.archive import BadLine, read_lines

    articles: list[Article] = []
    for line in read_lines(content.splitlines()):
        if isinstance(line, BadLine):
            raise UsageError(
                f"{file}:{line.number}: {line.complaint}",
                remedy='each line is {"url": …, "publisher": …, "title": …, "text": …}',
            )
        entry = line.entry
        named = text_article(entry.text, entry.lang, entry.title or " ")
        articles.append(replace(named, title=entry.title, publisher=line.publisher, url=entry.url))
    if not articles:
        raise UsageError(f"{file} holds no article", remedy="give JSON Lines as for `claimwatch import`")
    return articles


# ---------------------------------------------------------------- an explanation for people


def _explained_lines(one: Explanation, *, stored: bool) -> Iterator[Line]:
    article = one.article
    verdict = Line("MATCH", "bold green") if one.matches else Line("NO MATCH", "bold red")
    name = f"article {article.id}, version {article.version}: " if stored else ""
    opening, closing = "“”" if _speaks_unicode() else '""'
    yield Line(f"{verdict.text}  {one.rule}  {one.version}", verdict.style)
    yield Line(f"  {name}{opening}{clean(article.title or article.text)[:100]}{closing}", "dim")
    if not one.matches:
        yield Line("")
        yield Line(f"  {_STOPS[one.stopped_by.value]}: {one.reason}")
        for miss in one.nearest():
            where = f" ({miss.field})" if miss.field else ""
            yield Line(f"  near miss: {miss.message}{where}", "yellow")
    yield Line("")
    told = () if one.matches else one.nearest()
    yield from _tree_lines(one.tree, 0, told, wanted=True)


_STOPS = {
    "where": "kept out before its words were looked at",
    "no_words": "stopped",
    "condition": "stopped",
    "excluded": "excluded",
}


def _tree_lines(step: Step, depth: int, told: Collection[NearMiss], *, wanted: bool) -> Iterator[Line]:
    """The condition and those in it; near misses that were told above are left out."""
    yes, no, here = (
        ("✓ yes", "✗ no ", "◀ stopped here") if _speaks_unicode() else ("yes", "no ", "<- stopped here")
    )
    named = f" (filter {step.filter})" if step.filter else ""
    late = "  (its pattern ran out of time)" if step.timed_out else ""
    stopped = f"  {here}" if step.stops else ""
    indent = "  " * depth
    style = "green" if step.holds else ("red" if step.stops else "dim") if wanted else "dim"
    yield Line(f"  {yes if step.holds else no}  {indent}{step.label}{named}{late}{stopped}", style)
    margin = " " * (len(yes) + 4) + indent + "    "
    for quote in step.quotes:
        yield Line(margin + _quoted(quote))
    if step.more:
        yield Line(f"{margin}and {step.more} more")
    for miss in step.near_misses:
        if miss not in told:
            yield Line(f"{margin}near miss: {miss.message}", "yellow")
    inner = wanted and step.operator != "none"
    for child in step.children:
        yield from _tree_lines(child, depth + 1, told, wanted=inner)


def _quoted(quote: Quote) -> str:
    from monitor.core.text import normalise

    opening, closing = ("⟦", "⟧") if _speaks_unicode() else ("[[", "]]")
    words = clean(f"{quote.before}{opening}{quote.words}{closing}{quote.after}")
    # Where only capitals and the like differ, the text says what was found.
    by = "" if normalise(quote.words).strip() == normalise(quote.term).strip() else f"   {quote.term}"
    return f"{quote.field}: {words}{by}"


def _as_json(one: Explanation) -> dict[str, Any]:
    told = asdict(one)
    article = one.article
    told["article"] = {
        name: getattr(article, name) for name in ("id", "version", "title", "lang", "publisher", "url")
    }
    told["near_misses"] = [asdict(miss) for miss in one.nearest()]
    return told


# ---------------------------------------------------------------- what a rule looks for, for people


def _looked_lines(looked: Looked, *, all_forms: bool) -> Iterator[Line]:
    yield Line(f"{looked.rule}  {looked.version}  ({looked.status})", "bold")
    yield Line(f"  {looked.title}")
    yield from _section("looks for", looked.conditions)
    yield from _section("where", looked.where)
    yield from _section("filters", [f"{name}: not where {what}" for name, what in looked.filters])
    yield from _section(
        "lists", [f"${name}: {_shortened(words, all_forms=all_forms)}" for name, words in looked.lists]
    )
    yield from _section(
        "names", [line for entity in looked.entities for line in _name_lines(entity, all_forms)]
    )


def _section(title: str, lines: Sequence[str]) -> Iterator[Line]:
    if lines:
        yield Line("")
        yield Line(title, "bold")
        yield from (Line(f"  {line}") for line in lines)


def _name_lines(entity: EntityForms, all_forms: bool) -> Iterator[str]:
    yield f"@{entity.entity}: {entity.name}"
    yield from (f"  {_alias_line(alias, all_forms=all_forms)}" for alias in entity.aliases)


def _alias_line(alias: NameForms, *, all_forms: bool) -> str:
    remarks = [alias.lang] if alias.lang else []
    remarks += ["its capitals count"] if alias.exact_case else []
    remarks += ["any ending"] if alias.text.endswith("*") else []
    named = f"{alias.text} ({', '.join(remarks)})" if remarks else alias.text
    others = [form for form in alias.forms if form != alias.text]
    return f"{named}: {_shortened(others, all_forms=all_forms)}" if others else named


def _shortened(words: Sequence[str], *, all_forms: bool) -> str:
    if all_forms or len(words) <= FEW_FORMS:
        return ", ".join(words)
    return f"{', '.join(words[: FEW_FORMS - 2])}, … ({len(words)} in all; --forms shows them)"


# ---------------------------------------------------------------- the screen


def _speaks_unicode() -> bool:
    return (sys.stdout.encoding or "").lower().replace("-", "") in ("utf8", "utf16", "utf32")


def _show(lines: Sequence[Line] | Iterator[Line]) -> None:
    if not is_terminal():
        for line in lines:
            write(line.text)
        return
    from rich.text import Text

    out = console()
    for line in lines:
        out.print(Text(clean_block(line.text), style=line.style), soft_wrap=True)
