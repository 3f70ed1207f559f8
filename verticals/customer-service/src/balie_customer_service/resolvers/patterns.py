"""The shapes of what people name and say: numbers, addresses, reasons."""

import re

# Five digits standing alone: what follows a letter and a dash is a ticket, a customer, a serial.
ORDER = re.compile(r"(?<![\w-])#?(\d{5})(?![\w-])")
TICKET = re.compile(r"\bT-?(\d{5})\b|\bticket\s+(?:number\s+|no\.?\s+|#\s*)?(\d{5})\b", re.IGNORECASE)
INCIDENT = re.compile(r"\bI-(\d{4})\b|\bincident\s+(?:number\s+|no\.?\s+|#\s*)?(\d{4})\b", re.IGNORECASE)
SERIAL = re.compile(r"\b(HB-[0-9A-F]{4}-\d{4})\b", re.IGNORECASE)
CUSTOMER = re.compile(r"\b(C-\d{4})\b", re.IGNORECASE)
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
FULL_TICKET = re.compile(r"T-\d{5}", re.IGNORECASE)
FULL_INCIDENT = re.compile(r"I-\d{4}", re.IGNORECASE)
SAFETY = re.compile(
    r"\b(?:smok(?:e|es|ed|ing)|fire|flames?|burn(?:s|t|ed|ing)?|electric shock|shocked me|spark\w*|overheat\w*|melt\w*)\b",
    re.IGNORECASE,
)
# As people write them; ISO 3166-1. There are more, and none that a parcel of this shop has gone to.
COUNTRIES = {
    "austria": "AT",
    "belgium": "BE",
    "denmark": "DK",
    "france": "FR",
    "germany": "DE",
    "great britain": "GB",
    "holland": "NL",
    "ireland": "IE",
    "italy": "IT",
    "luxembourg": "LU",
    "netherlands": "NL",
    "norway": "NO",
    "poland": "PL",
    "spain": "ES",
    "sweden": "SE",
    "switzerland": "CH",
    "united kingdom": "GB",
}
DUTCH_POSTCODE = re.compile(r"\d{4}\s?[A-Z]{2}")
ADDRESS = re.compile(
    r"(?P<street>(?:\d+[a-z]?\s+)?[A-ZÀ-Þ][\w.'’-]*(?:\s+[\w.'’-]+){0,4}?(?:\s+\d+\s?[a-zA-Z]?(?:[-/]\d+)?)?)\s*,\s*"
    r"(?P<postcode>\d{4}\s?[A-Z]{2}|\d{3}\s\d{2}|\d{4,5}|[A-Z]\d{1,2}\s?[A-Z0-9]{3,4})\s*,?\s+"
    r"(?P<city>(?:[Dd]en |['’]s-)?[A-ZÀ-Þ][\w'’-]+(?:\s[A-ZÀ-Þ][\w'’-]+)*)"
    rf"(?:\s*,\s*(?:(?i:the)\s+)?(?P<country>[A-Z]{{2}}|(?i:{'|'.join(COUNTRIES)}))\b)?"
)
NUMBER_OF = r"\s*(?:number|nr|no|num)?\.?\s*[:#]?\s*"
# In the order in which they are said in words: an address may hold what looks like an order's number.
NAME = r"[A-ZÀ-Þ][\w'’-]+(?:\s(?:de|van|der|den|von|da|di|la|[A-ZÀ-Þ][\w'’-]+))+"
MENTIONS = (
    (
        re.compile(
            rf"\b((?i:customer|client|(?:account|orders?|details|file|records?) of|called|named|by the name of))\s+{NAME}"
        ),
        r"\1 the customer",
        "customer",
    ),
    (EMAIL, "the account", "email"),
    (re.compile(r"\b(?:the|my|a)\s+(?:\w+\s+){1,3}I\s+(?:bought|ordered|purchased)\b"), r"\g<0>", "order"),
    (ADDRESS, "the new address", "address"),
    (
        re.compile(rf"\b(?:ticket{NUMBER_OF})?T-?\d{{5}}\b|\bticket{NUMBER_OF}\d{{5}}\b", re.IGNORECASE),
        "the ticket",
        "ticket",
    ),
    (
        re.compile(rf"\b(?:incident{NUMBER_OF})?I-\d{{4}}\b|\bincident{NUMBER_OF}\d{{4}}\b", re.IGNORECASE),
        "the incident",
        "incident",
    ),
    (re.compile(r"\b(?:customer\s+)?C-\d{4}\b", re.IGNORECASE), "the customer", "customer"),
    (re.compile(r"\b(?:device\s+)?HB-[0-9A-F]{4}-\d{4}\b", re.IGNORECASE), "the device", "device"),
    (
        re.compile(rf"(?:\border{NUMBER_OF})?(?<![\w-])#?\d{{5}}(?![\w-])", re.IGNORECASE),
        "the order",
        "order",
    ),
)
POSTCODE_AND_CITY = re.compile(r"(\d{5})\s+[A-ZÀ-Þ]")
SENTENCE_END = r"(?=[.!?;](?:\s|$)|\n|$)"
POINTING = re.compile(r"\b(?:it|its|that|this|them|same)\b", re.IGNORECASE)
OTHER = re.compile(r"\b(?:other|another|different|else)\b", re.IGNORECASE)
STREET_FIRST = re.compile(r"\b(?:to|is|address|at)\b[:\s]+(?=[A-ZÀ-Þ\d])")
QUALITY = (
    r"(?:big|bright|cheap|clumsy|cold|complicated|dark|difficult|dim|flimsy|hard|heavy|hot|huge|large|long|loose|loud|"
    r"narrow|noisy|quiet|sharp|short|slow|small|smelly|soft|stiff|thick|thin|tight|tiny|ugly|uncomfortable|weak|wide)"
)
WISH = r"i(?:['’]?d| would| will)?\s+(?:like|want|wish|need|have)\s+to\s+(?:return|send|give|bring|exchange|swap)"
# The group that was found is the reason; without a word like "because" it ends with its sentence.
REASON = re.compile(
    rf"\b(?:because|['’]?cause|cos|coz|cuz|since(?!\s+(?:last|yesterday|then|\d))|as it|reason(?: is|:)?|due to)\s+"
    rf"(?!{WISH}\b)(?P<why>.+)"
    rf"|(?:\b(?:is|are|was|were|looks?|feels?|sounds?|smells?)|['’](?:s|re))\s+"
    rf"(?P<how>(?:(?:a bit|far|just|much|quite|so|too|very|way|\w+ly)\s+)*{QUALITY}\b.*?{SENTENCE_END})"
    rf"|(?P<said>\b(?:too {QUALITY}|broken|damaged|defective|faulty|not (?:working|needed|what)|wrong|"
    r"(?:is|was|has)n['’]?t (?:work|what)\w*|does(?:n['’]?t| not) (?!matter)\w+|"
    r"(?:do|did|will|wo)(?:n['’]?t| not) (?:even |ever |really |quite )*"
    r"(?:charge|close|connect|fit|go with|hold|last|like|match|need|open|start|stay|suit|turn|use|want|work)\w*|"
    r"(?:barely|hardly|never|rarely|seldom) (?:even |ever |really )*(?:charg|fit|go|us|work)\w*|keeps \w+ing|"
    r"chang(?:ed|ing) my mind|leak\w*|crack\w*|scratch\w*|flicker\w*|"
    r"(?:buzz|drip|hiss|hum|rattl|smell|spill|squeak|vibrat|wobbl)(?:[mp]?ing|e?[sd])|"
    r"no longer (?:like|need|use|want|work)\w*|stopped \w+ing|dead|(?:hate|regret)s?|"
    rf"ordered by mistake|missing parts?|disappoint\w*|duplicate|bought (?:it )?twice)\b.*?{SENTENCE_END})",
    re.IGNORECASE,
)
ABOUT = re.compile(
    r"\b(?:about|regarding|concerning|because of|with regard to)\s+(?P<about>.+)", re.IGNORECASE
)
TRAILING_TIME = re.compile(r"\s*\b(?:on|at|by|from|after|before)?\s*$", re.IGNORECASE)
