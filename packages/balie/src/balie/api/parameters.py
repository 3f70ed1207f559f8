"""What many operations are given, and the pages that lists come in."""

from collections.abc import Sequence
from typing import Annotated, TypeVar

from litestar.di import NamedDependency
from litestar.pagination import OffsetPagination
from litestar.params import HeaderParameter, QueryParameter

from balie.agent.desk import Desk
from balie.agent.policy import Caller

T = TypeVar("T")

TheDesk = NamedDependency[Desk]
"""The desk of the vertical that the address belongs to."""
TheCaller = NamedDependency[Caller]
"""Who calls; see :mod:`balie.api.authentication`."""

VISIBLE = r"[^\x00-\x20\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]"
"""Something in the text can be seen. Spelled out, since ``\\s`` is not the same everywhere."""

Limit = Annotated[int, QueryParameter(ge=1, le=200, description="At most so many")]
Offset = Annotated[int, QueryParameter(ge=0, le=1_000_000, description="Leave out so many first")]
IdempotencyKey = Annotated[
    str | None,
    HeaderParameter(
        name="Idempotency-Key",
        description="A repeat with the same key gets the same answer, and is done once",
        min_length=1,
        max_length=200,
        pattern=r"^[!-~]+$",
    ),
]


def page(everything: Sequence[T], limit: int, offset: int) -> OffsetPagination[T]:
    """A page of what is all at hand."""
    return OffsetPagination(
        items=list(everything[offset : offset + limit]), limit=limit, offset=offset, total=len(everything)
    )
