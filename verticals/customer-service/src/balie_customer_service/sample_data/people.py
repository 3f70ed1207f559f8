"""The customers: 225 made-up people from all over Europe.

Addresses end in ``example.org``, ``.com`` or ``.net`` (RFC 2606). Telephone numbers are of the ranges that
regulators keep free for stories (United Kingdom 020 7946 0xxx, France 01 99 00 xx xx, Germany 030 23125 xxx,
Sweden 08 465 004 xx), and for the Netherlands numbers that can't exist, since none begins with a zero.
"""

import unicodedata
import uuid
from datetime import time

from balie.db import blind_index
from msgspec import Struct

from balie_customer_service.models import Customer, Tier
from balie_customer_service.sample_data.rows import Rows

FIRST_NUMBER = 1001
CUSTOMERS = 225


class Person(Struct, frozen=True):
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


class _Country(Struct, frozen=True):
    code: str
    language: str
    timezone: str
    phone: str
    share: int
    cities: str
    streets: str
    given: str
    family: str


# A "#" in a pattern is a digit, a "@" a letter.
_COUNTRIES = (
    _Country(
        "NL", "nl", "Europe/Amsterdam", "+3120000####", 80,
        "Utrecht:35## @@,Rotterdam:30## @@,Groningen:97## @@,Eindhoven:56## @@,Haarlem:20## @@,"
        "Zwolle:80## @@,Nijmegen:65## @@,Leiden:23## @@,Breda:48## @@,Arnhem:68## @@,Middelburg:43## @@",
        "Lindelaan,Molenweg,Kastanjestraat,Havenkade,Dorpsplein,Beukenhof,Sluisweg,Vlierstraat,Zonnepad",
        "Sanne,Daan,Lotte,Bram,Fleur,Sven,Anouk,Thijs,Maud,Joris,Noor,Ruben,Esra,Mehmet,Fatima,Youssef,Naomi,"
        "Jaswinder,Rosalie,Wouter,Hanneke,Gijs,Iris,Koen,Samira,Delano,Xenia,Bilal,Marloes,Pieter",
        "Jansen,van den Berg,Bakker,Visser,Smit,Meijer,Mulder,Bos,Vos,Peters,Hendriks,van Leeuwen,Dekker,"
        "Brouwer,de Wit,Dijkstra,Yilmaz,El Amrani,Kaya,Pinas,Hoekstra,Postma,Kuipers,van der Meulen,Singh",
    ),
    _Country(
        "DE", "de", "Europe/Berlin", "+493023125###", 32,
        "Köln:506##,Leipzig:041##,Bremen:281##,Nürnberg:904##,Kiel:241##,Dresden:010##",
        "Gartenweg,Schulgasse,Am Anger,Birkenallee,Rosenstieg",
        "Lena,Felix,Katharina,Moritz,Anke,Tobias,Elif,Emre,Greta,Jürgen,Svenja,Matthias,Nele,Björn,Ayşe",
        "Müller,Schneider,Fischer,Weber,Hoffmann,Krüger,Öztürk,Vogel,Schäfer,Lorenz,Demir,Brandt,Winkler",
    ),
    _Country(
        "BE", "nl", "Europe/Brussels", "+3120000####", 18,
        "Gent:90##,Antwerpen:20##,Leuven:30##,Liège:40##,Namur:50##",
        "Kerkdreef,Nieuwpad,Rue du Moulin,Veldlaan",
        "Jef,Elke,Lien,Stijn,Amélie,Bastien,Ilse,Wout,Charlotte,Nadia",
        "Peeters,Maes,Claes,Willems,Dubois,Lambert,Wouters,De Smet,Benali,Goossens",
    ),
    _Country(
        "FR", "fr", "Europe/Paris", "+3319900####", 18,
        "Lyon:690##,Lille:590##,Nantes:440##,Rennes:350##",
        "Rue des Tilleuls,Allée du Parc,Chemin Vert,Rue du Lavoir",
        "Camille,Hugo,Manon,Théo,Inès,Antoine,Océane,Karim,Élodie,Guillaume",
        "Martin,Bernard,Petit,Moreau,Lefèvre,Garnier,Haddad,Rousseau,Chevalier,Diallo",
    ),
    _Country(
        "SE", "sv", "Europe/Stockholm", "+468465004##", 9,
        "Göteborg:413 ##,Malmö:211 ##,Uppsala:753 ##",
        "Björkgatan,Ängsvägen,Skolgatan",
        "Astrid,Linnea,Oskar,Elsa,Gustav,Maja,Åke",
        "Andersson,Nilsson,Bergström,Lundqvist,Sjöberg,Håkansson",
    ),
    _Country(
        "IE", "en", "Europe/Dublin", "+4420794600##", 8,
        "Cork:T12 @##@,Galway:H91 @##@,Limerick:V94 @##@",
        "Mill Road,Harbour View,Chapel Street",
        "Niamh,Cillian,Saoirse,Declan,Orla,Fionn",
        "Murphy,O'Sullivan,Byrne,Doyle,Gallagher,Kavanagh",
    ),
    _Country(
        "ES", "es", "Europe/Madrid", "+4420794601##", 9,
        "Valencia:460##,Sevilla:410##,Bilbao:480##",
        "Calle del Olmo,Paseo Nuevo,Calle Mayor",
        "Lucía,Álvaro,Carmen,Iker,Paula,Javier,Nerea",
        "García,Fernández,Ibáñez,Romero,Etxeberria,Navarro",
    ),
    _Country(
        "PT", "pt", "Europe/Lisbon", "+4420794602##", 7,
        "Porto:40##-###,Coimbra:30##-###,Faro:80##-###",
        "Rua das Flores,Travessa do Sol,Rua Direita",
        "Inês,Rui,Beatriz,Tiago,Mariana,Duarte",
        "Silva,Carvalho,Sousa,Pereira,Lopes,Fonseca",
    ),
    _Country(
        "IT", "it", "Europe/Rome", "+4420794603##", 9,
        "Torino:101##,Bologna:401##,Padova:351##",
        "Via dei Mille,Viale Verdi,Via Nuova",
        "Giulia,Matteo,Chiara,Lorenzo,Elisa,Davide,Nicolò",
        "Rossi,Bianchi,Ferrari,Esposito,Ricci,Colombo,D'Angelo",
    ),
    _Country(
        "PL", "pl", "Europe/Warsaw", "+4420794604##", 9,
        "Kraków:30-###,Gdańsk:80-###,Wrocław:50-###",
        "ulica Lipowa,ulica Polna,ulica Ogrodowa",
        "Agnieszka,Piotr,Zofia,Jakub,Magdalena,Tomasz",
        "Nowak,Kowalczyk,Wiśniewska,Zieliński,Wójcik,Mazur",
    ),
    _Country(
        "DK", "da", "Europe/Copenhagen", "+4420794605##", 6,
        "Aarhus:80##,Odense:50##",
        "Bøgevej,Strandgade,Kirkevej",
        "Freja,Mikkel,Ida,Rasmus,Søren",
        "Jensen,Nielsen,Møller,Kjær,Østergaard",
    ),
    _Country(
        "FI", "fi", "Europe/Helsinki", "+4420794606##", 6,
        "Tampere:331##,Turku:201##",
        "Koivukatu,Rantatie,Kuusitie",
        "Aino,Mikko,Helmi,Juhani,Päivi",
        "Korhonen,Virtanen,Mäkinen,Nieminen,Hämäläinen",
    ),
    _Country(
        "GR", "el", "Europe/Athens", "+4420794607##", 5,
        "Thessaloniki:546 ##,Patra:262 ##",
        "Odos Elias,Odos Thalassas",
        "Eleni,Nikos,Katerina,Giorgos",
        "Papadopoulos,Georgiou,Vlachos,Ioannidou",
    ),
    _Country(
        "RO", "ro", "Europe/Bucharest", "+4420794608##", 4,
        "Cluj-Napoca:400###,Brașov:500###",
        "Strada Teilor,Strada Morii",
        "Ioana,Andrei,Mihaela,Radu",
        "Popescu,Ionescu,Dumitru,Ștefan",
    ),
)  # fmt: skip

_ANCHORED = (
    ("Marit de Vries", "marit.devries@example.org", "+31200000042", "Duinpad 18", "2586 ZB", "Den Haag", "NL",
     Tier.GOLD, "nl", "Europe/Amsterdam"),
    ("Jonas Becker", "jonas.becker@example.org", "+493023125042", "Ahornweg 7", "20459", "Hamburg", "DE",
     Tier.STANDARD, "de", "Europe/Berlin"),
    ("Sofia Lindqvist", "sofia.lindqvist@example.org", "+46846500442", "Lingonvägen 3", "118 20",
     "Stockholm", "SE", Tier.SILVER, "sv", "Europe/Stockholm"),
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
    weights = [country.share for country in _COUNTRIES]
    for number in range(FIRST_NUMBER + len(people), FIRST_NUMBER + CUSTOMERS):
        country = rows.random.choices(_COUNTRIES, weights)[0]
        person = _invent(rows, country, used)
        used.add(person.email)
        people.append(_add(rows, number, person))
    return people


def _invent(rows: Rows, country: _Country, used: set[str]) -> Person:
    choose = rows.random.choice
    given, family = choose(country.given.split(",")), choose(country.family.split(","))
    city, _colon, postcode = choose(country.cities.split(",")).partition(":")
    local = f"{_plain(given)}.{_plain(family)}"
    domain = choose(("org", "com", "net"))
    email = f"{local}@example.{domain}"
    while email in used:
        email = f"{local}{rows.random.randrange(10, 100)}@example.{domain}"
    house = rows.random.randrange(1, 190)
    street = choose(country.streets.split(","))
    return Person(
        id=uuid.UUID(int=0),
        number="",
        name=f"{given} {family}",
        email=email,
        phone=None if rows.random.random() < 0.05 else _filled(rows, country.phone),
        street=f"{house} {street}" if country.code in {"IE", "FR"} else f"{street} {house}",
        postcode=_filled(rows, postcode),
        city=city,
        country=country.code,
        tier=rows.random.choices(list(Tier), (70, 20, 10))[0],
        language=country.language,
        timezone=country.timezone,
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
