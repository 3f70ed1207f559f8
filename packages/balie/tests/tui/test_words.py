"""Every word on the runtime's screens, in Dutch too."""

import ast
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import balie.tui
import pytest
from balie.agent import wording
from balie.agent.exact import exactly
from balie.agent.replies import Replies
from balie.errors import BadRequest, ConfigError, DatabaseBusy
from balie.locales import RUNTIME, Words, entries
from balie.tui.words import words as error_words
from balie_testing.locales import facts, sentences
from balie_testing.replies import invented_digits

SCREENS = Path(balie.tui.__file__).parent
NL = Words("nl", RUNTIME)
EN = Words("en", RUNTIME)


def test_the_dutch_catalog_has_every_sentence_and_none_that_nobody_says():
    assert sentences(SCREENS) == set(entries(RUNTIME, "nl"))


@pytest.mark.parametrize("sentence", sorted(entries(RUNTIME, "nl")))
def test_a_translation_states_the_same_facts(sentence):
    said = entries(RUNTIME, "nl")[sentence]
    assert said.strip()
    assert facts(said) == facts(sentence)


def test_every_reply_of_the_runtime_is_there_in_dutch():
    assert wording.REPLIES["nl"].keys() == wording.REPLIES["en"].keys()
    replies = Replies({}, "nl", ZoneInfo("Europe/Amsterdam"))
    for key in wording.REPLIES["nl"]:
        assert replies.environment.get_template(key)
        assert not invented_digits(replies, key)


@pytest.mark.parametrize(
    ("said", "command"),
    [
        ("Ja", "confirm"),
        ("ja graag!", "confirm"),
        ("yes", "confirm"),
        ("nee", "reject"),
        ("no thanks", "reject"),
        ("stop", "stop"),
        ("laat maar", "stop"),
        ("opnieuw", "repeat"),
        ("medewerker", "talk_to_person"),
        ("is er koffie", None),
    ],
)
def test_exact_words_in_dutch(said, command):
    assert exactly(said, "nl") == command


def test_dutch_words_mean_nothing_to_an_english_desk():
    assert exactly("nee", "en") is None


def test_what_no_catalog_has_is_said_in_english():
    assert NL("A sentence of {whose} own", whose="its") == "A sentence of its own"
    assert Words("fr", RUNTIME)("Yes") == "Yes"
    assert Words("../nl", RUNTIME)("Yes") == "Yes"


def test_the_first_catalog_that_has_it_says_it(tmp_path):
    (tmp_path / "nl.toml").write_text('"Yes" = "Jawel"\n"Shelf" = "Plank"\n', encoding="utf-8")
    both = Words("nl", tmp_path, RUNTIME)
    assert (both("Yes"), both("Shelf"), both("No")) == ("Jawel", "Plank", "Nee")


@pytest.mark.parametrize("content", ["no toml", '"Yes" = ["Ja"]'])
def test_a_broken_catalog_says_where(tmp_path, content):
    (tmp_path / "nl.toml").write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"nl\.toml"):
        Words("nl", tmp_path)


ZONE = ZoneInfo("Europe/Amsterdam")
NINE = datetime(2026, 3, 10, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "english", "dutch"),
    [
        (1250, "1,250", "1.250"),
        (Decimal("12.5"), "12.5", "12,5"),
        (date(2026, 3, 10), "Tue 10 Mar", "di 10 mrt"),
        (NINE, "Tue 10 Mar 09:00", "di 10 mrt 09:00"),
        ("A3/2", "A3/2", "A3/2"),
        (None, "", ""),
    ],
)
def test_values_are_written_as_the_language_does(value, english, dutch):
    assert EN.value(value, ZONE) == english
    assert NL.value(value, ZONE) == dutch


def test_money_is_written_as_the_language_does():
    assert EN.money(Decimal("1089.90")) == "€1,089.90"
    assert NL.money(Decimal("1089.90")).replace("\xa0", " ") == "€ 1.089,90"


def test_an_error_is_told_in_the_language_by_its_kind():
    busy = DatabaseBusy("Another writer holds the database; try again.")
    assert error_words(busy) == str(busy)
    assert error_words(busy, NL) == "Het is erg druk aan de balie. Probeer het zo nog eens."
    assert (
        error_words(ValueError("secret"), NL)
        == "Hier ging iets mis. Er is niets verloren; probeer het nog eens."
    )
    assert error_words(BadRequest("B is needed."), NL) == "B is needed."


SAID_AS_THEY_ARE = {"Static", "Button", "Label", "notify", "Checkbox", "Select", "Input", "Binding"}


def raw_sentences(file):
    """Words in a literal that go onto the screen without asking for their translation."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        shown = node.args[2:3] if name == "Binding" else node.args[:1] if name in SAID_AS_THEY_ARE else []
        shown += [word.value for word in node.keywords if word.arg in {"placeholder", "prompt", "title"}]
        for each in shown:
            texts = each.values if isinstance(each, ast.JoinedStr) else [each]
            for text in texts:
                if isinstance(text, ast.Constant) and re.search(r"[a-z]{2} |^[A-Z][a-z]+$", str(text.value)):
                    yield text.value


@pytest.mark.parametrize("file", sorted(SCREENS.rglob("*.py")), ids=lambda file: file.stem)
def test_no_words_go_onto_a_screen_as_they_are(file):
    assert list(raw_sentences(file)) == []
