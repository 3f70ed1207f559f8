"""What every desk says, and the exact words it knows, by itself, per language.

A vertical may say any of these in its own words.
"""

REPLIES: dict[str, dict[str, str]] = {
    "en": {
        "word_and": "and",
        "word_or": "or",
        "greeting": "Hello, you are at the desk of {{ title }}. What can I do for you?",
        "small_talk": "Happy to help. What can I do for you?",
        "help": "I can help you to {{ abilities | listed('or') }}. Or ask for a person.",
        "out_of_scope": "I can't help with that here. I can help you to {{ abilities | listed('or') }}.",
        "unclear": "I'm not sure what you mean.{% if options %} Do you want to {{ options | listed('or') }}?{% endif %}",
        "unclear_again": "I still don't understand, I'm sorry. Shall I bring in a person? Say “person” and I will.",
        "nothing_to_confirm": "There is nothing waiting for your yes. What can I do for you?",
        "to_be_sure": "To be sure that I do the right thing:",
        "nothing_to_stop": "There is nothing to stop. What can I do for you?",
        "nothing_to_repeat": "I have not said anything yet. What can I do for you?",
        "nothing_to_correct": "I'm not sure what to correct. What can I do for you?",
        "rejected": "All right, I have changed nothing.",
        "stopped": "All right, I leave it there.",
        "expired": "That waited too long for a yes, so I have changed nothing. Ask me again if you still want it.",
        "already_decided": "That was decided before. I have not done it a second time.",
        "replaced": "I leave the earlier question: {{ summary }}",
        "reminder": "This still waits for your yes: {{ summary }}",
        "verbatim": "{{ text }}",
        "identified": "Thank you, I know who you are now. What can I do for you?",
        "identify": "I need to know who you are first.",
        "not_identified": "That does not match what I have on file.",
        "identification_locked": "I can't identify you here any more. Please sign in, or ask for a person.",
        "handed_over": "{{ title }} takes it from here.",
        "handed_off": "I have passed this conversation to a colleague, with everything said so far. "
        "You will get an answer here.",
        "with_person": "A colleague has this conversation and sees your message.",
        "sorry": "I'm sorry about the trouble.",
        "offer_person": "If you would rather speak to a person, say “person”.",
        "forbidden": "I can't do that for you here.",
        "degraded": "I can't read free text at the moment, so I work with fixed commands. "
        "Type one of: {{ commands | listed('or') }}. Nothing you wrote is lost.",
        "warming_up": "I'm still warming up. Please say that again in a moment; nothing is lost.",
        "failed": "Something went wrong on our side and nothing was changed. Please try again, or ask for a person.",
        "confirm_default": "{{ description }} Shall I?",
    },
    # What is said in Dutch still has to be asked in English: where that may be unclear, it says so.
    "nl": {
        "word_and": "en",
        "word_or": "of",
        "greeting": "Welkom bij de balie van {{ title }}. Waarmee kan ik je helpen? Je typt in het Engels, ik antwoord "
        "in het Nederlands.",
        "small_talk": "Ik help je graag. Waarmee kan ik je helpen?",
        "help": "Ik kan voor je {{ abilities | listed('or') }}. Of vraag naar een medewerker.",
        "out_of_scope": "Daarmee kan ik je hier niet helpen. Ik kan wel {{ abilities | listed('or') }}.",
        "unclear": "Ik weet niet zeker wat je bedoelt.{% if options %} Wil je {{ options | listed('or') }}?{% endif %}",
        "unclear_again": "Het spijt me, ik begrijp het nog steeds niet. Ik lees alleen Engels. Zal ik er een "
        "medewerker bij halen? Typ “medewerker” en ik doe het.",
        "nothing_to_confirm": "Er wacht niets op je ja. Waarmee kan ik je helpen?",
        "to_be_sure": "Voor alle zekerheid:",
        "nothing_to_stop": "Er valt niets te stoppen. Waarmee kan ik je helpen?",
        "nothing_to_repeat": "Ik heb nog niets gezegd. Waarmee kan ik je helpen?",
        "nothing_to_correct": "Ik weet niet wat ik moet verbeteren. Waarmee kan ik je helpen?",
        "rejected": "Goed, ik heb niets veranderd.",
        "stopped": "Goed, dan laat ik het daarbij.",
        "expired": "Dat heeft te lang op een ja gewacht, dus ik heb niets veranderd. Vraag het gerust opnieuw.",
        "already_decided": "Daarover is al beslist. Ik heb het niet nog eens gedaan.",
        "replaced": "De vorige vraag laat ik rusten: {{ summary }}",
        "reminder": "Dit wacht nog op je ja: {{ summary }}",
        "verbatim": "{{ text }}",
        "identified": "Dank je, ik weet nu wie je bent. Waarmee kan ik je helpen?",
        "identify": "Ik moet eerst weten wie je bent.",
        "not_identified": "Dat klopt niet met wat ik van je weet.",
        "identification_locked": "Ik kan hier niet meer nagaan wie je bent. Meld je aan of vraag naar een medewerker.",
        "handed_over": "{{ title }} neemt het van hier over.",
        "handed_off": "Ik heb dit gesprek aan een collega doorgegeven, met alles wat er gezegd is. "
        "Je krijgt hier antwoord.",
        "with_person": "Een collega heeft dit gesprek en ziet je bericht.",
        "sorry": "Het spijt me dat dit niet goed ging.",
        "offer_person": "Spreek je liever met een mens? Typ “medewerker”.",
        "forbidden": "Dat mag ik hier niet voor je doen.",
        "degraded": "Ik kan op dit moment geen vrije tekst lezen en werk met vaste opdrachten. "
        "Typ een van deze: {{ commands | listed('or') }}. Er is niets verloren van wat je schreef.",
        "warming_up": "Ik ben nog aan het opstarten. Zeg het zo meteen nog eens; er is niets verloren.",
        "failed": "Er ging bij ons iets mis en er is niets veranderd. Probeer het nog eens of vraag naar een medewerker.",
        "confirm_default": "{{ description }} Zal ik dat doen?",
    },
}

EXACT: dict[str, dict[str, frozenset[str]]] = {
    "en": {
        "confirm": frozenset(
            {
                "yes",
                "y",
                "yes please",
                "yep",
                "yeah",
                "ok",
                "okay",
                "sure",
                "go ahead",
                "do it",
                "please do",
                "yes do it",
                "yes, do it",
                "confirm",
                "confirmed",
                "correct",
                "that's right",
                "right",
                "fine",
                "yes go ahead",
                "yes, go ahead",
                "yes thanks",
                "yes, please",
                "ok do it",
                "absolutely",
            }
        ),
        "reject": frozenset(
            {
                "no",
                "n",
                "nope",
                "no thanks",
                "no thank you",
                "no, thanks",
                "no, thank you",
                "don't",
                "do not",
                "no don't",
                "no, don't",
                "rather not",
                "better not",
                "please don't",
                "no please don't",
                "not now",
            }
        ),
        "stop": frozenset(
            {"stop", "never mind", "nevermind", "forget it", "forget that", "leave it", "drop it"}
        ),
        "repeat": frozenset(
            {
                "repeat",
                "again",
                "repeat that",
                "say that again",
                "once more",
                "pardon",
                "what did you say",
                "come again",
            }
        ),
        "talk_to_person": frozenset(
            {
                "person",
                "human",
                "a person",
                "a human",
                "agent",
                "human please",
                "person please",
                "real person",
                "representative",
                "speak to a person",
                "talk to a person",
                "talk to a human",
            }
        ),
        "help": frozenset({"help", "?", "what can you do", "menu", "options"}),
        "small_talk": frozenset(
            {
                "hi",
                "hello",
                "hey",
                "good morning",
                "good afternoon",
                "good evening",
                "thanks",
                "thank you",
                "thanks a lot",
                "thank you very much",
                "bye",
                "goodbye",
                "cheers",
            }
        ),
    }
}
"""Exact words for built-in commands: lower case, without the punctuation around them."""

_DUTCH = {
    "confirm": "ja|j|ja graag|ja hoor|jazeker|zeker|prima|goed|oké|akkoord|doe maar|ja doe maar|klopt|dat klopt",
    "reject": "nee|neen|nee bedankt|nee, bedankt|nee dank u|nee, dank u|liever niet|niet doen|nu niet",
    "stop": "stop maar|laat maar|laat maar zitten|vergeet het|annuleer",
    "repeat": "opnieuw|herhaal|nog eens|nog een keer|wat zei u",
    "talk_to_person": "medewerker|een medewerker|mens|een mens|persoon|collega",
    "help": "hulp|wat kun je|wat kunt u|mogelijkheden",
    "small_talk": "hallo|hoi|goedemorgen|goedemiddag|goedenavond|dank u|dank je|dank u wel|bedankt|tot ziens|dag",
}
# Whoever reads Dutch still types English.
EXACT["nl"] = {name: said | set(_DUTCH.get(name, "").split("|")) - {""} for name, said in EXACT["en"].items()}

ELSEWHERE: dict[str, frozenset[str]] = {
    "en": frozenset(
        {"other", "another", "different", "else", "wrong", "meant", "mean", "instead", "rather", "make"}
    )
}
"""Words that ask for another value without naming it."""

ASKING: dict[str, frozenset[str]] = {
    "en": frozenset(
        (
            "add am are bring call can cancel change check close collect compare could did do does exchange file "
            "find get give hand has have hold how is keep know let link log look make mark need open order pick "
            "print put quote release remove report reserve return ring schedule see send set show start take "
            "tell track want what what's when where where's which who why will would"
        ).split()
    )
}
"""Words by which a part of a message asks or tells something by itself; a part without any only names things."""

QUESTIONS: dict[str, frozenset[str]] = {"en": frozenset("how what when where which who why".split())}
"""Those of them that ask only where a sentence begins with them, and otherwise join two."""

COUNTING: dict[str, frozenset[str]] = {
    "en": frozenset("two three four five six seven eight nine ten eleven twelve twenty dozen half".split())
}
"""Words that say how many: "no, three" is more than a no."""

GOING_ON: dict[str, frozenset[str]] = {
    "en": frozenset({"it", "its", "it's", "they", "they're", "he", "she", "because", "since", "as", "so"})
}
"""First words of what speaks on of the same thing."""

AROUND = frozenset(
    (
        "it's its it is was the a an my one order number no nr for about that this please i mean i'm think would "
        "be of on at and or to thanks thank you um uh well ok okay yes hi hello sorry"
    ).split()
)
"""Words around an answer that add nothing to it: "it's the 10234 one please"."""
