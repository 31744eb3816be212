"""What the shipped gazetteer takes for a country, a capital, a government, a person in office; and what not.

A false mention is worse than a missing one: half of the table is look-alikes.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import pytest

from monitor.core.matching import match
from monitor.core.rules.ruleset import RuleSet
from monitor.core.types import Article
from monitor.rulefiles import load_folder

ROOT = Path(__file__).parents[2]
NOW = datetime(2031, 5, 6, 12, tzinfo=UTC)


@lru_cache(maxsize=1)
def shipped() -> RuleSet:
    return load_folder(ROOT / "rules").rules


def mentioned(sentence: str) -> set[str]:
    article = Article(
        id=1,
        version=1,
        version_id=1,
        feed_id=None,
        url="https://paper.example/1",
        publisher="Paper",
        tags=(),
        title=sentence,
        summary="",
        text="",
        lang="",
        published_at=NOW,
        fetched_at=NOW,
    )
    (reading,) = match([article], shipped())
    return {mention.entity for mention in reading.mentions}


# One line a case: the sentence, then the entities in it and no others.
NAMES = """
Belarus closes two crossings | belarus
Belarusian soldiers left the camp | belarus
The Belarusian government denied the report | belarusian_government belarus
Belarus's foreign ministry was silent | belarusian_government belarus
Minsk said it knew nothing | minsk
Белорусские власти закрыли границу | belarus
Президент приехал из Минска в Беларусь | minsk belarus
Білорусь і Мінськ мовчать | belarus minsk
Türkiye and Turkey are one country | turkey
Ankara called in the ambassador | ankara
В Турции и в Анкаре ждут ответа | turkey ankara
Kyiv, or Kiev, as it was written | kyiv
Україна просить про зустріч у Києві | ukraine kyiv
Київ відповів Москві | kyiv moscow
Burma is called Myanmar | myanmar
The US and the U.S. and the USA | united_states
U.S. officials met in Washington | united_states washington
The United States of America | united_states
America has voted | united_states
Сполучених Штатів стосується лише це | united_states
США ввели пошлины | united_states
The UK and Britain agree | united_kingdom
Великобритания и Лондон | united_kingdom london
Велика Британія мовчить | united_kingdom
Côte d'Ivoire, that is Ivory Coast | ivory_coast
The Czech Republic, or Czechia | czechia
Papua New Guinea votes | papua_new_guinea
Guinea votes | guinea
Equatorial Guinea votes | equatorial_guinea
Guinea-Bissau votes | guinea_bissau
Guinean miners met Equatorial Guinean divers | guinea equatorial_guinea
Niger and Nigeria share a border | niger nigeria
Nigerien and Nigerian troops | niger nigeria
Dominica is not the Dominican Republic | dominica dominican_republic
South Sudan is not Sudan | south_sudan sudan
South Sudanese troops left | south_sudan
Южный Судан просит помощи | south_sudan
DR Congo recalls its envoy | dr_congo
The Democratic Republic of Congo votes | dr_congo
The Republic of Congo votes | republic_of_congo
North Korea fired again | north_korea
South Korean soldiers saw it | south_korea
Pyongyang and Seoul | pyongyang seoul
Northern Cyprus votes | northern_cyprus
American Samoa is far away |
Samoa is far away | samoa
New Zealand lifts the ban | new_zealand
Новую Зеландию накрыл шторм | new_zealand
Южную Корею посетил министр | south_korea
Саудовская Аравия и Эр-Рияд | saudi_arabia riyadh
ОАЭ закрыли небо | united_arab_emirates
Tbilisi and the Georgian opposition | tbilisi georgia
Грузия и Тбилиси | georgia tbilisi
Jordanian troops in Amman | jordan amman
Trucks from Jordan arrived | jordan
Chadian troops in N'Djamena | chad ndjamena
Fighting in Chad goes on | chad
Mexico City is the capital of Mexico | mexico_city mexico
Brussels and the European Commission | brussels european_commission
NATO and the OSCE met the IAEA | nato osce iaea
The WHO warned | who
ВОЗ и МАГАТЭ | who iaea
У Женеві зустрілися ООН і ЄС | united_nations european_union
Interpol asked Europol | interpol europol
Macron met Starmer and Merz | macron starmer merz
Си Цзиньпин прибыл в Пекин | xi_jinping beijing
Прем'єр Туск приїхав до Варшави | tusk warsaw
The Malian junta spoke in Bamako | mali bamako
Mali's government resigned | malian_government mali
Правительство Франции ушло | french_government france
МИД Сербии вызвал посла | serbian_government serbia
Уряд Польщі подав у відставку | polish_government poland
The British Foreign Office summoned him | british_government united_kingdom
The Kremlin and Downing Street | kremlin british_government
"""

LOOKALIKES = """
Georgia Tech beat Georgia State |
The governor of Georgia signed it in Atlanta |
A house in the Georgian style | georgia
A Georgian house near the Georgian terrace |
Michael Jordan sells his house |
Jordan Peterson speaks |
He gave it to Jordan Pickford |
Chad Smith plays the drums |
A roast turkey for two |
Turkey, Texas, has one shop |
The woman moved to Oman's neighbour | oman
The women's romance ended |
A mali gardener |
Cuba Gooding Jr. won a prize |
Peru, Indiana, is flooded |
Lebanon, Ohio, is flooded |
Lebanon County votes |
Paris Hilton opens a club |
Paris, Texas, is a film |
Paris Saint-Germain won |
The Washington Post reports |
Denzel Washington smiles |
Washington State lost |
New Mexico votes |
New England lost |
The Gulf of Mexico is warm |
A guinea pig and guinea fowl |
Guinea pigs are cheap |
Brazil nuts are dear |
A Panama hat |
French fries and Brussels sprouts |
Real Madrid beat Legia Warsaw |
Tom Holland and Jack London |
Irving Berlin wrote it |
East Palestine is in a valley |
Latin American music |
African American voters |
The America's Cup is near |
Bank of America cut its forecast |
The No. 10 seed lost |
The foreign office of the club |
Native American tribes |
They told us to wait |
who is there |
He felt the Bern |
China cabinet with fine china | china
fine china on the shelf |
The swiss roll | switzerland
A polish for shoes |
Lima beans and Adriana Lima |
A muscat wine |
The Niger Delta is poor |
Indian Ocean islands, West Indian cricket |
Air India and Air France |
British Columbia and British Airways |
Benin City in the south |
Moscow, Idaho, and a Moscow Mule |
German shepherd bites man |
Santiago, Victoria and Kingston came too |
Sofia and Georgia are sisters |
Congo drums |
Emirates orders jets |
Перец чили и чеснок |
Того человека больше нет |
Ребёнок, чадо, Чадов |
Южная Америка далеко |
Сальвадор Дали |
того, чего не было |
Мали мы, а хотим большего |
Чадо і чад |
Софія прийшла додому |
"""


def _cases(table: str) -> list[tuple[str, str]]:
    lines = (line.rpartition(" |") for line in table.strip().splitlines())
    return [(sentence.strip(), entities) for sentence, _, entities in lines]


@pytest.mark.parametrize(("sentence", "entities"), _cases(NAMES))
def test_a_name_is_taken_for_what_it_names_and_nothing_else(sentence: str, entities: str) -> None:
    assert mentioned(sentence) == set(entities.split())


@pytest.mark.parametrize(("sentence", "entities"), _cases(LOOKALIKES))
def test_what_only_looks_like_a_name_is_left_alone(sentence: str, entities: str) -> None:
    assert mentioned(sentence) == set(entities.split())


def test_the_tables_are_large_enough_to_mean_something() -> None:
    assert len(_cases(NAMES)) + len(_cases(LOOKALIKES)) >= 130
