"""Finding products: by name, brand, kind, attributes and synonyms, through typing errors, by measure and price.

``refresh`` keeps the index; ``vocabulary`` has the words that can be asked for; ``wants.read`` reads a message;
``find`` finds the products. The results are the same on SQLite and PostgreSQL: the database's full-text index
gives the candidates, and one function ranks them.
"""

from balie_retail_kiosk.search.finding import Hit, find
from balie_retail_kiosk.search.indexing import is_current, refresh
from balie_retail_kiosk.search.limits import Measure
from balie_retail_kiosk.search.vocabulary import Vocabulary, vocabulary
from balie_retail_kiosk.search.wants import Want, read, read_one

__all__ = [
    "Hit",
    "Measure",
    "Vocabulary",
    "Want",
    "find",
    "is_current",
    "read",
    "read_one",
    "refresh",
    "vocabulary",
]
