"""Articles for measurements on a filled ledger: made up by a seed, the same on every machine.

    .venv/bin/python benchmarks/stored_articles.py DATABASE_URL [COUNT] [--days 30] [--letters 3100]

stores COUNT (default 20,000) articles there, spread over the last days, without any work for workers.
Two thirds are English, the rest Russian and Ukrainian; most are about nothing that a rule watches, some
about ferries, strikes, floods and an attack, so that rules have something to find.
Every sentence was written for this file.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from monitor.core.types import Entry, PlannedVersion

#: Language → how often of a hundred articles.
SHARES = {"en": 66, "ru": 22, "uk": 12}
#: Language → publishers, towns, people, and sentences that any article may hold.
PUBLISHERS = {
    "en": ("Harbour Gazette", "Northern Wire", "The Daily Ledger", "Capital Post", "River Valley Times"),
    "ru": ("Вестник побережья", "Городская хроника"),
    "uk": ("Вісті узбережжя", "Київська сторінка"),
}
TOWNS = {
    "en": ("Port Ellery", "Marsden", "Kalund", "Westhaven", "Saint Orlan", "Brightwater", "Dunmoor"),
    "ru": ("Заречье", "Северный Порт", "Каменка", "Приморье", "Ольховка"),
    "uk": ("Заріччя", "Північний Порт", "Кам'янка", "Примор'я", "Вільхівка"),
}
PEOPLE = {
    "en": ("Mayor Ines Halvard", "minister Tom Brandt", "spokeswoman Ada Kerr", "engineer Paul Iversen"),
    "ru": ("мэр Инна Гальцева", "министр Борис Тальский", "инженер Павел Иверцев"),
    "uk": ("мер Інна Гальчук", "міністр Борис Тальчук", "інженер Павло Іверчук"),
}
FILLING = {
    "en": (
        "The council of {town} approved the budget for {n} new trams after a debate of six hours.",
        "{who} said the first line would open in four years and carry {n} people a day.",
        "Shopkeepers along the route fear for their business while the streets are dug up.",
        "“We were promised compensation and have not seen a cent of it,” said the owner of a bakery.",
        "The orchestra of {town} will play in the park on Sunday if the weather holds.",
        "Farmers expect a late harvest because of the cold spring, the weather service reported.",
        "The school on the hill got {n} new desks, paid for by a foundation that wants no name.",
        "Prices for flats in {town} rose by {n} per cent within a year, according to an estate agent.",
        "{who} opened an exhibition of maps that nobody had looked at for a hundred years.",
        "The home side won by two goals, and {n} spectators sang until the lights went out.",
        "A court in {town} will hear the case of the missing archive next month.",
        "Two hospitals share one ambulance at night, a report of the auditors shows.",
        "The library stays open until midnight during the weeks of the examinations.",
        "Researchers counted {n} herons along the river, more than in any year before.",
        "{who} called the plan “a good beginning” and asked for patience.",
        "The bridge over the canal is closed for repairs until the end of the month.",
    ),
    "ru": (
        "Совет города {town} утвердил бюджет на {n} новых трамваев после шести часов споров.",
        "{who} заявил, что первая линия откроется через четыре года и будет возить {n} человек в день.",
        "Владельцы магазинов опасаются за свою выручку, пока улицы перекопаны.",
        "Оркестр выступит в парке в воскресенье, если не испортится погода.",
        "Аграрии ждут позднего урожая из-за холодной весны, сообщила метеослужба.",
        "Школа на холме получила {n} новых парт от фонда, который просил его не называть.",
        "Цены на квартиры выросли за год на {n} процентов, рассказал агент по недвижимости.",
        "Библиотека работает до полуночи, пока идут экзамены.",
        "Мост через канал закрыт на ремонт до конца месяца.",
        "Учёные насчитали вдоль реки {n} цапель, больше, чем когда-либо прежде.",
    ),
    "uk": (
        "Рада міста {town} ухвалила бюджет на {n} нових трамваїв після шести годин суперечок.",
        "{who} сказав, що перша лінія відкриється за чотири роки й возитиме {n} людей на день.",
        "Власники крамниць бояться за виторг, доки вулиці перекопані.",
        "Оркестр зіграє в парку в неділю, якщо не зіпсується погода.",
        "Аграрії чекають пізнього врожаю через холодну весну, повідомила метеослужба.",
        "Бібліотека працює до опівночі, доки тривають іспити.",
        "Міст через канал зачинено на ремонт до кінця місяця.",
        "Науковці нарахували вздовж річки {n} чапель, більше, ніж будь-коли раніше.",
    ),
}

#: Topic → how often of a thousand articles; titles and sentences by language.
TOPICS: dict[str, tuple[int, dict[str, tuple[str, tuple[str, ...]]]]] = {
    "ferry": (
        12,
        {
            "en": (
                "Ferry sinks near {town}",
                (
                    "The ferry sank within minutes after it struck a rock, the coast guard said.",
                    "{n} passengers were taken from the water; the captain is missing.",
                    "{who} said the ship had passed its inspection in March.",
                ),
            ),
            "ru": (
                "Паром затонул у города {town}",
                ("Паром перевернулся и затонул за несколько минут, сообщили спасатели.",),
            ),
            "uk": (
                "Пором затонув біля міста {town}",
                ("Пором перекинувся за лічені хвилини, повідомили рятувальники.",),
            ),
        },
    ),
    "harbour": (
        30,
        {
            "en": (
                "{town} gets a new ferry",
                (
                    "The new ferry takes {n} cars and needs no crew on the car deck.",
                    "A ferry of this size has never been built in {town}.",
                ),
            ),
            "ru": ("Город {town} получил новый паром", ("Новый паром берёт на борт {n} машин.",)),
            "uk": ("Місто {town} отримало новий пором", ("Новий пором бере на борт {n} автівок.",)),
        },
    ),
    "strike": (
        20,
        {
            "en": (
                "Dock workers in {town} walk out",
                (
                    "The strike began at midnight, and {n} containers wait on the quay.",
                    "The union says the strike will last until wages follow prices.",
                ),
            ),
            "ru": ("Докеры бастуют: {town}", ("Забастовка началась в полночь, у причала ждут {n} судов.",)),
            "uk": (
                "Докери страйкують: {town}",
                ("Страйк почався опівночі, біля причалу чекають {n} суден.",),
            ),
        },
    ),
    "flood": (
        25,
        {
            "en": (
                "Flood cuts off {town}",
                (
                    "The flood reached the first floor of {n} houses, the mayor's office said.",
                    "Engineers work on the broken dyke while the deluge goes on.",
                    "The flooding killed at least {few} people, according to the rescue service.",
                    "{who} denied that the dam had been opened too late.",
                ),
            ),
            "ru": (
                "Наводнение отрезало {town}",
                (
                    "Наводнение дошло до первых этажей {n} домов.",
                    "Погибли {few} человек, сообщили спасатели.",
                ),
            ),
            "uk": (
                "Повінь відрізала {town}",
                (
                    "Повінь дійшла до перших поверхів {n} будинків.",
                    "Загинули {few} людей, повідомили рятувальники.",
                ),
            ),
        },
    ),
    "sports": (
        40,
        {
            "en": (
                "Lightning strike from forty yards wins the derby",
                ("The striker's attack down the left wing flooded the home defence with crosses.",),
            ),
            "ru": ("Дальний удар решил дерби", ("Атака по левому флангу принесла победу.",)),
            "uk": ("Дальній удар вирішив дербі", ("Атака лівим флангом принесла перемогу.",)),
        },
    ),
    "attack": (
        8,
        {
            "en": (
                "Gunmen attack a market in {town}",
                (
                    "Gunmen attacked the market at noon and killed {few} people, police said.",
                    "No group has claimed responsibility for the attack.",
                    "{who} blamed foreign agents; the neighbouring state denied any part in it.",
                ),
            ),
            "ru": ("Нападение на рынок: {town}", ("При нападении погибли {few} человек, сообщила полиция.",)),
            "uk": ("Напад на ринок: {town}", ("Під час нападу загинули {few} людей, повідомила поліція.",)),
        },
    ),
}
_WORD = {"few": 9, "n": 900}


def planned_articles(
    count: int, *, until: datetime, days: float = 30.0, letters: int = 3100, seed: int = 1
) -> Iterator[PlannedVersion]:
    """So many articles, oldest first, evenly spread over the days before `until`."""
    chance = random.Random(seed)
    step = timedelta(days=days) / max(count, 1)
    for number in range(count):
        lang = chance.choices([*SHARES], [*SHARES.values()])[0]
        title, text = _article(chance, lang, number, letters)
        yield PlannedVersion(
            article_id=None,
            identity=f"made|{seed}|{number}",
            version=1,
            content_hash=f"{seed}|{number}",
            publisher=chance.choice(PUBLISHERS[lang]),
            entry=Entry(
                guid=f"{seed}-{number}",
                url=f"https://news.example/{seed}/{number}",
                title=title,
                summary="",
                text=text,
                author="",
                lang=lang,
                published_at=until - timedelta(days=days) + number * step,
                updated_at=None,
            ),
        )


def _article(chance: random.Random, lang: str, number: int, letters: int) -> tuple[str, str]:
    shares = [share for share, _ in TOPICS.values()]
    topic = chance.choices([*TOPICS, ""], [*shares, 1000 - sum(shares)])[0]
    title, told = TOPICS[topic][1][lang] if topic else (chance.choice(FILLING[lang]).rstrip("."), ())
    # Not every report tells all of it.
    told = [one for one in told if chance.random() < 0.7] or told[:1]
    sentences = [_filled(chance, lang, one) for one in told]
    length = int(letters * chance.uniform(0.6, 1.4))
    while sum(map(len, sentences)) + len(sentences) < length:
        place = chance.randint(0, len(sentences))
        sentences.insert(place, _filled(chance, lang, chance.choice(FILLING[lang])))
    paragraphs = [" ".join(sentences[at : at + 4]) for at in range(0, len(sentences), 4)]
    return f"{_filled(chance, lang, title)} ({number})", "\n".join(paragraphs)


def _filled(chance: random.Random, lang: str, sentence: str) -> str:
    return sentence.format(
        town=chance.choice(TOWNS[lang]),
        who=chance.choice(PEOPLE[lang]),
        **{name: chance.randint(2, most) for name, most in _WORD.items()},
    )


def fill(url: str, versions: Sequence[PlannedVersion]) -> None:
    """Store them in a ledger of their own, all judged: nothing waits for a worker."""
    from sqlalchemy import update

    from monitor.store.database import database_now, open_database
    from monitor.store.ingest import save_imported
    from monitor.store.migrations import upgrade
    from monitor.store.tables import task

    db = open_database(url)
    try:
        upgrade(db)
        for start in range(0, len(versions), 1000):
            save_imported(db, versions[start : start + 1000], backfill=False)
        with db.write() as connection:
            now = database_now(connection)
            connection.execute(
                update(task).where(task.c.state == "waiting").values(state="judged", closed_at=now)
            )
    finally:
        db.close()


def main() -> None:
    asked = argparse.ArgumentParser(description="Store made-up articles for measurements.")
    asked.add_argument("url", metavar="DATABASE_URL")
    asked.add_argument("count", type=int, nargs="?", default=20_000)
    asked.add_argument("--days", type=float, default=30.0)
    asked.add_argument("--letters", type=int, default=3100)
    given = asked.parse_args()
    # The clock of a script; the articles themselves follow from the seed.
    now = datetime.now(UTC)
    versions = list(planned_articles(given.count, until=now, days=given.days, letters=given.letters))
    fill(given.url, versions)
    size = sum(len(one.entry.text.encode()) for one in versions) / max(len(versions), 1)
    print(f"{len(versions)} articles of {size:.0f} bytes on average")


if __name__ == "__main__":
    main()
