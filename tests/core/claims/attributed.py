"""One sentence or two for each way in which English attributes: what test_detectors.py reads."""

from __future__ import annotations

# text, speaker, quote, kind, stance
ATTRIBUTED = [
    # what somebody is sure of
    ("Hale is adamant that the lights were on.", "Dora Hale", "the lights were on", "indirect", "assert"),
    # a figure without a verb of speaking, a stance without a content, the sentence before
    ("Hale has it at 40.", "Dora Hale", "Hale has it at 40", "indirect", "assert"),
    ("Hale scoffed at that.", "Dora Hale", "Hale scoffed at that", "indirect", "deny"),
    (
        "Two lamps went out on Friday. So says Dora Hale, who was there.",
        "Dora Hale",
        "Two lamps went out on Friday",
        "indirect",
        "assert",
    ),
    # in a set phrase
    ("Hale made it clear that the lights were on.", "Dora Hale", "the lights were on", "indirect", "assert"),
    # after a colon the speaker goes on
    (
        "Hale has it differently: the lamps had been dark since May.",
        "Dora Hale",
        "the lamps had been dark since May",
        "indirect",
        "assert",
    ),
    # in passing: what somebody says that something is, and how they see it
    (
        "The jet fell in what Hale called a bird strike.",
        "Dora Hale",
        "a bird strike",
        "indirect",
        "assert",
    ),
    (
        "The lights were on, if Hale is to be believed.",
        "Dora Hale",
        "The lights were on",
        "indirect",
        "assert",
    ),
    # a noun that carries what was said
    (
        "Despite the airline's insistence that the lights were on, the runway was closed.",
        "airline",
        "the lights were on",
        "indirect",
        "assert",
    ),
    # direct quotes, all marks
    (
        '"The runway lights were off," said Dora Hale.',
        "Dora Hale",
        "The runway lights were off",
        "direct",
        "assert",
    ),
    (
        "“The runway lights were off,” Hale told reporters.",
        "Dora Hale",
        "The runway lights were off",
        "direct",
        "assert",
    ),
    (
        "«The runway lights were off», said Hale.",
        "Dora Hale",
        "The runway lights were off",
        "direct",
        "assert",
    ),
    (
        "„The runway lights were off“, said Hale.",
        "Dora Hale",
        "The runway lights were off",
        "direct",
        "assert",
    ),
    (
        "'The runway lights were off,' Hale said.",
        "Dora Hale",
        "The runway lights were off",
        "direct",
        "assert",
    ),
    (
        "Hale said: “The pilots had been warned twice.”",
        "Dora Hale",
        "The pilots had been warned twice.",
        "direct",
        "assert",
    ),
    # broken round the cue
    (
        '"The lights were off," said Hale, "and nobody had noticed."',
        "Dora Hale",
        "and nobody had noticed.",
        "direct",
        "assert",
    ),
    # after a semicolon the speaker goes on
    (
        "The road was closed, Hale said; nobody on the estate had been warned.",
        "Dora Hale",
        "nobody on the estate had been warned",
        "indirect",
        "assert",
    ),
    # a figure without a verb of speaking
    (
        "Hale put the number of injured at 14.",
        "Dora Hale",
        "the number of injured at 14",
        "indirect",
        "assert",
    ),
    # a dateline is nobody
    (
        "OSKA (Wire) — Hale said the runway lights were off.",
        "Dora Hale",
        "the runway lights were off",
        "indirect",
        "assert",
    ),
    # each clause has its own speaker
    (
        "The pilot gave himself up, Hale said; police say he was caught on a bus.",
        "police",
        "he was caught on a bus",
        "indirect",
        "assert",
    ),
    # quoted words inside quoted words
    (
        "“He shouted ‘pull up’ three times,” said Hale.",
        "Dora Hale",
        "He shouted ‘pull up’ three times",
        "direct",
        "assert",
    ),
    # several sentences
    (
        "“The lights were off. Nobody had checked them,” said Hale.",
        "Dora Hale",
        "Nobody had checked them",
        "direct",
        "assert",
    ),
    (
        "“Who checked the lights that night?” Hale asked.",
        "Dora Hale",
        "Who checked the lights that night?",
        "direct",
        "question",
    ),
    # indirect
    (
        "Hale said that the runway lights were off.",
        "Dora Hale",
        "the runway lights were off",
        "indirect",
        "assert",
    ),
    (
        "Auric Airways insisted its crews were well rested.",
        "Auric Airways",
        "its crews were well rested",
        "indirect",
        "assert",
    ),
    (
        "The pilots' union warned that the rota was unsafe.",
        "pilots' union",
        "the rota was unsafe",
        "indirect",
        "assert",
    ),
    (
        "The rota was unsafe, the pilots' union argued.",
        "pilots' union",
        "The rota was unsafe",
        "indirect",
        "assert",
    ),
    (
        "Hale confirmed that the recorder had been found.",
        "Dora Hale",
        "the recorder had been found",
        "indirect",
        "confirm",
    ),
    (
        "Hale told parliament the recorder had been found.",
        "Dora Hale",
        "the recorder had been found",
        "indirect",
        "assert",
    ),
    (
        "Engineers asked whether the lights had been checked.",
        "engineers",
        "whether the lights had been checked",
        "indirect",
        "question",
    ),
    # according to
    (
        "According to the airport, two flights were diverted.",
        "airport",
        "two flights were diverted",
        "indirect",
        "assert",
    ),
    (
        "Two flights were diverted, according to a ministry official.",
        "ministry official",
        "Two flights were diverted",
        "indirect",
        "assert",
    ),
    # denials
    ("Auric denied that its crews were tired.", "Auric Airways", "its crews were tired", "indirect", "deny"),
    (
        "Auric denied falsifying the rota.",
        "Auric Airways",
        "Auric denied falsifying the rota",
        "indirect",
        "deny",
    ),
    (
        "Auric denied any involvement in the leak.",
        "Auric Airways",
        "Auric denied any involvement in the leak",
        "indirect",
        "deny",
    ),
    (
        "Hale rejected reports that the lights were off.",
        "Dora Hale",
        "the lights were off",
        "indirect",
        "deny",
    ),
    (
        "Hale dismissed claims of negligence.",
        "Dora Hale",
        "Hale dismissed claims of negligence",
        "indirect",
        "deny",
    ),
    # a denial by not having, knowing or finding
    (
        "Hale has no record of the outage.",
        "Dora Hale",
        "Hale has no record of the outage",
        "indirect",
        "deny",
    ),
    # what is read, given, told of, seen, without a clause
    (
        "The register lists no night shift in May.",
        "register",
        "The register lists no night shift in May",
        "indirect",
        "assert",
    ),
    (
        "Auric took responsibility for the delay.",
        "Auric Airways",
        "Auric took responsibility for the delay",
        "indirect",
        "assert",
    ),
    (
        "Auric put the outage down to a worn cable.",
        "Auric Airways",
        "the outage down to a worn cable",
        "indirect",
        "assert",
    ),
    (
        "Hale spoke of a lamp that had flickered twice.",
        "Dora Hale",
        "a lamp that had flickered twice",
        "indirect",
        "assert",
    ),
    (
        "Hale described the outage as a trifle.",
        "Dora Hale",
        "the outage as a trifle",
        "indirect",
        "assert",
    ),
    (
        "The ministry told passengers to stay at home.",
        "ministry",
        "The ministry told passengers to stay at home",
        "indirect",
        "assert",
    ),
    (
        "A porter saw two men running from the tower.",
        "porter",
        "two men running from the tower",
        "indirect",
        "assert",
    ),
    ("More than 300, said Hale.", "Dora Hale", "More than 300", "indirect", "assert"),
    # accusations, also in the passive
    (
        "Hale accused Auric Airways of falsifying the rota.",
        "Dora Hale",
        "Hale accused Auric Airways of falsifying the rota",
        "indirect",
        "accuse",
    ),
    (
        "The union blamed Auric for the delay.",
        "union",
        "The union blamed Auric for the delay",
        "indirect",
        "accuse",
    ),
    (
        "The union blamed the delay on Auric.",
        "union",
        "The union blamed the delay on Auric",
        "indirect",
        "accuse",
    ),
    (
        "Auric was accused by the union of falsifying the rota.",
        "union",
        "Auric was accused by the union of falsifying the rota",
        "indirect",
        "accuse",
    ),
    # a body that a title begins, a word of several joined by hyphens, a name behind that of a body
    (
        "The General Staff said the lights were on.",
        "General Staff",
        "the lights were on",
        "indirect",
        "assert",
    ),
    (
        "The mate of the tug-and-barge unit said the lights were on.",
        "mate of the tug-and-barge unit",
        "the lights were on",
        "indirect",
        "assert",
    ),
    (
        "The lights were on, deputy head of the Agency for Inner Waters Borut Lindvall told reporters. "
        "Lindvall had seen them.",
        "Borut Lindvall",
        "The lights were on",
        "indirect",
        "assert",
    ),
]
