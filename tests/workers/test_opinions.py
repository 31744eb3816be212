"""Second opinions on the path, from the article to the stored pair: a small model, an endpoint, neither."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from ledgers import new_ledger
from loopback import Chat
from sqlalchemy import select, update

sys.path.insert(0, str(Path(__file__).parents[1] / "models"))

from small_models import write_scorer

from monitor.config import load_settings
from monitor.core.claims.parsed import Parser
from monitor.feeds.archive import ArchivedArticle, plan_versions, read_lines
from monitor.models import load_parsers
from monitor.rulefiles import RulesWatcher
from monitor.store.again import ask_again
from monitor.store.database import Database
from monitor.store.ingest import save_imported
from monitor.store.opinion_tables import opinion
from monitor.store.opinions import begin_question
from monitor.store.tables import contradiction, task
from workers.batch import Batch
from workers.jobs import Toolbox, process_articles
from workers.opinions import Asker, load_opinions

RULES = "version: 1\nrules:\n  - {id: crane, title: Crane, match: {any: [{keyword: [crane]}]}}\n"
#: What no comparator knows to be in conflict; the small model turns on one word of it.
SAID = (
    ("Ana Ruiz", "The harbour crane lifted the red container with a rope, said Ana Ruiz."),
    ("Bo Lind", "The harbour crane lifted the red container with a chain, said Bo Lind."),
)


@pytest.fixture(scope="module")
def parsers() -> Mapping[str, Parser]:
    return load_parsers()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_scorer(tmp_path_factory.mktemp("models") / "small", turns_on="rope")


@pytest.fixture
def db(sqlite_url: str) -> Iterator[Database]:
    made = new_ledger(sqlite_url)
    yield made
    made.close()


@pytest.fixture
def chat() -> Iterator[Chat]:
    served = Chat()
    yield served
    served.close()


Judge = Callable[..., Toolbox]


@pytest.fixture
def judge(
    db: Database, tmp_path: Path, parsers: Mapping[str, Parser], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Judge]:
    """Take both articles through the path with these settings."""
    rules = tmp_path / "rules"
    (rules / "topics").mkdir(parents=True)
    (rules / "topics" / "crane.yml").write_text(RULES)
    askers: list[Asker] = []

    def run(*, lost: bool = False, **changes: Any) -> Toolbox:
        """`lost`: the lease runs out while the models are asked."""
        settings = load_settings(
            rules=rules, data_dir=tmp_path, allow_networks="127.0.0.0/8", embedder="off", **changes
        )
        askers.append(Asker(settings))
        opinions = load_opinions(settings, db, askers[-1])
        if lost:
            monkeypatch.setattr(Batch, "keep", lambda batch, version: False)
        tools = Toolbox(
            db=db, watcher=RulesWatcher(rules), parsers=parsers, settings=settings, opinions=opinions
        )
        for number, (_, text) in enumerate(SAID):
            line = {
                "url": f"https://paper{number}.example/crane",
                "title": "Crane",
                "text": text,
                "publisher": f"Paper {number}",
                "lang": "en",
                "published_at": f"2031-05-06T1{number}:00:00Z",
            }
            (read,) = read_lines([json.dumps(line).encode()])
            assert isinstance(read, ArchivedArticle)
            save_imported(db, plan_versions([read], {}), backfill=True)
            process_articles(tools)
        return tools

    yield run
    for asker in askers:
        asker.__exit__(None, None, None)


def pairs(db: Database) -> list[Any]:
    with db.read() as connection:
        return list(connection.execute(select(contradiction)))


def questions(db: Database) -> list[Any]:
    with db.read() as connection:
        return list(connection.execute(select(opinion).order_by(opinion.c.id)))


def test_without_a_model_nobody_is_asked_and_nothing_is_found(db: Database, judge: Judge) -> None:
    assert not judge().opinions
    assert pairs(db) == []


def test_a_local_model_names_a_pair_that_no_comparator_knows(db: Database, judge: Judge, small: Path) -> None:
    tools = judge(scorer=str(small))
    (pair,) = pairs(db)
    assert (pair.comparator, pair.grade, pair.relation) == ("model", "soft", "contradiction")
    assert "The model small reads" in pair.reason
    assert tools.opinions is not None
    assert tools.opinions.versions == {"scorer": f"small {tools.opinions.scorer.version}"}  # type: ignore[union-attr]  # it was loaded


@pytest.mark.parametrize("changes", [{"scorer_threshold": 1.0}, {"scorer_languages": "ru"}])
def test_threshold_and_languages_are_settings(
    db: Database, judge: Judge, small: Path, changes: dict[str, Any]
) -> None:
    judge(scorer=str(small), **changes)
    assert pairs(db) == []


def test_who_has_measured_a_model_may_have_it_alert(db: Database, judge: Judge, small: Path) -> None:
    judge(scorer=str(small), scorer_grade="medium")
    assert [pair.grade for pair in pairs(db)] == ["medium"]


def test_an_endpoint_is_asked_once_and_recorded_and_not_asked_again(
    db: Database, judge: Judge, chat: Chat
) -> None:
    tools = judge(opinion_url=chat.url, opinion_model="judge-1")
    (pair,) = pairs(db)
    assert (pair.comparator, pair.grade) == ("model", "medium")
    assert "The model judge-1" in pair.reason
    assert "It cannot be open and shut" not in pair.reason
    (row,) = questions(db)
    assert (row.outcome, row.score, row.why) == ("answered", 0.9, "It cannot be open and shut.")
    assert json.loads(chat.asked[0][2]["messages"][1]["content"]) == {
        "first": row.first,
        "second": row.second,
    }
    # Judged once more, the same question is not put again.
    with db.write() as connection:
        connection.execute(contradiction.delete())
    assert ask_again(db, [1, 2]) == 2
    with db.write() as connection:
        connection.execute(update(task).values(due_at=task.c.created_at))
    assert process_articles(tools) == 2
    assert [pair.comparator for pair in pairs(db)] == ["model"]
    assert len(chat.asked) == 1


def test_an_endpoint_has_the_last_word_on_what_a_local_model_finds(
    db: Database, judge: Judge, chat: Chat, small: Path
) -> None:
    chat.content = '{"verdict": "compatible", "confidence": 0.9, "why": "A rope and a chain."}'
    judge(scorer=str(small), opinion_url=chat.url, opinion_model="judge-1")
    assert len(chat.asked) == 1
    assert pairs(db) == []


def test_where_an_endpoint_does_not_answer_the_local_model_stands(
    db: Database, judge: Judge, chat: Chat, small: Path
) -> None:
    chat.status = 500
    judge(scorer=str(small), opinion_url=chat.url, opinion_model="judge-1")
    assert [pair.comparator for pair in pairs(db)] == ["model"]
    assert [row.outcome for row in questions(db)] == ["failed"]


def test_the_budget_of_an_hour_ends_the_questions_and_nothing_else(
    db: Database, judge: Judge, chat: Chat
) -> None:
    begin_question(db, model="other", version="1", texts=("a", "b"), most_an_hour=1)
    judge(opinion_url=chat.url, opinion_model="judge-1", opinion_calls_per_hour=1)
    assert chat.asked == []
    assert pairs(db) == []


def test_a_worker_that_has_lost_its_lease_asks_nothing(db: Database, judge: Judge, chat: Chat) -> None:
    judge(lost=True, opinion_url=chat.url, opinion_model="judge-1")
    assert chat.asked == []


@pytest.mark.parametrize("changes", [{"scorer": "absent"}, {"opinion_url": "https://llm.example.org/v1"}])
def test_a_model_that_cannot_be_loaded_is_logged_and_work_goes_on(
    db: Database, judge: Judge, changes: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert not judge(**changes).opinions
    written = capsys.readouterr()
    assert "model.missing" in written.out + written.err
