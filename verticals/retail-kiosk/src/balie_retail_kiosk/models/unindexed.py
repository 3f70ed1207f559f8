"""What the search does not know yet."""

import uuid

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from balie_retail_kiosk.models.base import Base


class UnindexedProduct(Base):
    """A product that was written and is still to be put into the search's index, in a moment."""

    __tablename__ = "unindexed_products"

    product_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("products.id", ondelete="CASCADE"), primary_key=True
    )
