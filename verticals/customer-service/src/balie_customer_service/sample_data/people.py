"""The customers: 225 made-up people, with names from all over Europe.

The shop delivers to the Netherlands, Belgium and Germany, so those who order live there. E-mail addresses end
in ``example.org``, ``.com`` or ``.net`` (RFC 2606). Telephone numbers are of the ranges that regulators keep
free for stories (Germany 030 23125 xxx, France 01 99 00 xx xx, United Kingdom 020 7946 0xxx), and for the
Netherlands numbers that can't exist, since none begins with a zero.
"""

import unicodedata
import uuid
from collections.abc import Mapping, Sequence
from datetime import time
from decimal import Decimal

from balie.db import blind_index
from msgspec import Struct

from balie_customer_service.models import Customer, Tier
from balie_customer_service.sample_data.rows import Rows

FIRST_NUMBER = 1001
CUSTOMERS = 225
ANCHORED = 5
_TIERS = {Tier.GOLD: 1500, Tier.SILVER: 500, Tier.STANDARD: 0}


class Person(Struct):
    """A customer, as the other parts of the sample data need it."""

    id: uuid.UUID
    number: str
    name: str
    email: str
    phone: str | None
    street: str
    postcode: str
    city: str
    country: str
    tier: Tier
    language: str
    timezone: str


class _Residence(Struct, frozen=True):
    """A country that the shop delivers to. In patterns "#" is a digit and "@" a letter."""

    code: str
    language: str
    timezone: str
    phone: str
    share: int
    cities: str
    streets: str


_RESIDENCES = (
    _Residence(
        "NL",
        "nl",
        "Europe/Amsterdam",
        "+3120000####",
        65,
        "Utrecht:35## @@,Rotterdam:30## @@,Groningen:97## @@,Eindhoven:56## @@,Haarlem:20## @@,"
        "Zwolle:80## @@,Nijmegen:65## @@,Leiden:23## @@,Breda:48## @@,Arnhem:68## @@,Middelburg:43## @@",
        "Lindelaan,Molenweg,Kastanjestraat,Havenkade,Dorpsplein,Beukenhof,Sluisweg,Vlierstraat,Zonnepad",
    ),
    _Residence(
        "DE",
        "de",
        "Europe/Berlin",
        "+493023125###",
        20,
        "Köln:506##,Leipzig:041##,Bremen:281##,Nürnberg:904##,Kiel:241##,Dresden:010##",
        "Gartenweg,Schulgasse,Am Anger,Birkenallee,Rosenstieg",
    ),
    _Residence(
        "BE",
        "nl",
        "Europe/Brussels",
        "+3319900####",
        15,
        "Gent:90##,Antwerpen:20##,Leuven:30##,Liège:40##,Namur:50##",
        "Kerkdreef,Nieuwpad,Rue du Moulin,Veldlaan",
    ),
)

# Where a family came from once, how often, its given names and its names: people move.
_ORIGINS = (
    (
        80,
        "Sanne,Daan,Lotte,Bram,Fleur,Sven,Anouk,Thijs,Maud,Joris,Noor,Ruben,Esra,Mehmet,"
        "Fatima,Youssef,Naomi,Jaswinder,Rosalie,Wouter,Hanneke,Gijs,Iris,Koen,Samira,"
        "Delano,Xenia,Bilal,Marloes,Pieter",
        "Jansen,van den Berg,Bakker,Visser,Smit,Meijer,Mulder,Bos,Vos,Peters,Hendriks,"
        "van Leeuwen,Dekker,Brouwer,de Wit,Dijkstra,Yilmaz,El Amrani,Kaya,Pinas,Hoekstra,"
        "Postma,Kuipers,van der Meulen,Singh",
    ),
    (
        32,
        "Lena,Felix,Katharina,Moritz,Anke,Tobias,Elif,Emre,Greta,Jürgen,Svenja,Matthias,Nele,Björn,Ayşe",
        "Müller,Schneider,Fischer,Weber,Hoffmann,Krüger,Öztürk,Vogel,Schäfer,Lorenz,Demir,Brandt,Winkler",
    ),
    (
        18,
        "Jef,Elke,Lien,Stijn,Amélie,Bastien,Ilse,Wout,Charlotte,Nadia",
        "Peeters,Maes,Claes,Willems,Dubois,Lambert,Wouters,De Smet,Benali,Goossens",
    ),
    (
        18,
        "Camille,Hugo,Manon,Théo,Inès,Antoine,Océane,Karim,Élodie,Guillaume",
        "Martin,Bernard,Petit,Moreau,Lefèvre,Garnier,Haddad,Rousseau,Chevalier,Diallo",
    ),
    (
        9,
        "Astrid,Linnea,Oskar,Elsa,Gustav,Maja,Åke",
        "Andersson,Nilsson,Bergström,Lundqvist,Sjöberg,Håkansson",
    ),
    (
        8,
        "Niamh,Cillian,Saoirse,Declan,Orla,Fionn",
        "Murphy,O'Sullivan,Byrne,Doyle,Gallagher,Kavanagh",
    ),
    (
        9,
        "Lucía,Álvaro,Carmen,Iker,Paula,Javier,Nerea",
        "García,Fernández,Ibáñez,Romero,Etxeberria,Navarro",
    ),
    (
        7,
        "Inês,Rui,Beatriz,Tiago,Mariana,Duarte",
        "Silva,Carvalho,Sousa,Pereira,Lopes,Fonseca",
    ),
    (
        9,
        "Giulia,Matteo,Chiara,Lorenzo,Elisa,Davide,Nicolò",
        "Rossi,Bianchi,Ferrari,Esposito,Ricci,Colombo,D'Angelo",
    ),
    (
        9,
        "Agnieszka,Piotr,Zofia,Jakub,Magdalena,Tomasz",
        "Nowak,Kowalczyk,Wiśniewska,Zieliński,Wójcik,Mazur",
    ),
    (
        6,
        "Freja,Mikkel,Ida,Rasmus,Søren",
        "Jensen,Nielsen,Møller,Kjær,Østergaard",
    ),
    (
        6,
        "Aino,Mikko,Helmi,Juhani,Päivi",
        "Korhonen,Virtanen,Mäkinen,Nieminen,Hämäläinen",
    ),
    (
        5,
        "Eleni,Nikos,Katerina,Giorgos",
        "Papadopoulos,Georgiou,Vlachos,Ioannidou",
    ),
    (
        4,
        "Ioana,Andrei,Mihaela,Radu",
        "Popescu,Ionescu,Dumitru,Ștefan",
    ),
)

_ANCHORED = (
    ("Marit de Vries", "marit.devries@example.org", "+31200000042", "Duinpad 18", "2586 ZB", "Den Haag", "NL",
     Tier.GOLD, "nl", "Europe/Amsterdam"),
    ("Jonas Becker", "jonas.becker@example.org", "+493023125042", "Ahornweg 7", "20459", "Hamburg", "DE",
     Tier.STANDARD, "de", "Europe/Berlin"),
    ("Sofia Lindqvist", "sofia.lindqvist@example.org", "+493023125043", "Gartenweg 3", "28199", "Bremen", "DE",
     Tier.SILVER, "de", "Europe/Berlin"),
    ("Aoife Brennan", "aoife.brennan@example.org", "+442079460042", "12 Quay Lane", "D08 X4Y7", "Dublin",
     "IE", Tier.STANDARD, "en", "Europe/Dublin"),
    ("Eino Laaksonen", "eino.laaksonen@example.org", None, "Koivukuja 9", "00180", "Helsinki", "FI",
     Tier.GOLD, "fi", "Europe/Helsinki"),
)  # fmt: skip


def add_customers(rows: Rows) -> list[Person]:
    """All customers, those whom tests know by name first."""
    people = [
        _add(rows, FIRST_NUMBER + index, Person(uuid.UUID(int=0), "", *anchored))
        for index, anchored in enumerate(_ANCHORED)
    ]
    used = {person.email for person in people}
    for number in range(FIRST_NUMBER + len(people), FIRST_NUMBER + CUSTOMERS):
        person = _invent(rows, used)
        used.add(person.email)
        people.append(_add(rows, number, person))
    return people


def _invent(rows: Rows, used: set[str]) -> Person:
    choose = rows.random.choice
    home = rows.random.choices(_RESIDENCES, [each.share for each in _RESIDENCES])[0]
    _share, all_given, all_family = rows.random.choices(_ORIGINS, [origin[0] for origin in _ORIGINS])[0]
    given, family = choose(all_given.split(",")), choose(all_family.split(","))
    city, _colon, postcode = choose(home.cities.split(",")).partition(":")
    local = f"{_plain(given)}.{_plain(family)}"
    domain = choose(("org", "com", "net"))
    email = f"{local}@example.{domain}"
    while email in used:
        email = f"{local}{rows.random.randrange(10, 100)}@example.{domain}"
    return Person(
        id=uuid.UUID(int=0),
        number="",
        name=f"{given} {family}",
        email=email,
        phone=None if rows.random.random() < 0.05 else _filled(rows, home.phone),
        street=f"{choose(home.streets.split(','))} {rows.random.randrange(1, 190)}",
        postcode=_filled(rows, postcode),
        city=city,
        country=home.code,
        tier=Tier.STANDARD,
        language=home.language,
        timezone=home.timezone,
    )


def _add(rows: Rows, number: int, person: Person) -> Person:
    since = rows.moment(rows.at(-rows.random.randrange(400, 2200), time()).date())
    values = {
        name: getattr(person, name) for name in Person.__struct_fields__ if name not in {"id", "number"}
    }
    key = rows.add(
        Customer,
        number=f"C-{number}",
        **values,
        email_index=blind_index(person.email),
        created_at=since,
        updated_at=since,
    )
    return Person(key, f"C-{number}", **values)


def promote(rows: Rows, spent: Mapping[uuid.UUID, Decimal], made_up: Sequence[Person]) -> None:
    """Give made-up customers the tier that they have earned by what they bought, in euros a year."""
    tiers = {}
    for person in made_up:
        earned = spent.get(person.id, Decimal(0))
        person.tier = next(tier for tier, least in _TIERS.items() if earned >= least)
        tiers[person.id] = person.tier
    for row in rows.of(Customer):
        row["tier"] = tiers.get(row["id"], row["tier"])


def _plain(name: str) -> str:
    # Letters that are letters of their own do not fall apart into a letter and an accent.
    for special, written in (("ø", "o"), ("Ø", "o"), ("ł", "l"), ("æ", "ae"), ("ß", "ss"), ("ı", "i")):
        name = name.replace(special, written)
    decomposed = unicodedata.normalize("NFKD", name.lower())
    return "".join(letter for letter in decomposed if letter.isascii() and letter.isalpha())


def _filled(rows: Rows, pattern: str) -> str:
    letters = "ABDEFGHKLNPRTVXZ"
    return "".join(
        str(rows.random.randrange(10))
        if sign == "#"
        else rows.random.choice(letters)
        if sign == "@"
        else sign
        for sign in pattern
    )
