"""The closed sets of values."""

import enum


class Vat(enum.StrEnum):
    """Which of the Dutch VAT rates a product carries (RK-5)."""

    STANDARD = "standard"
    REDUCED = "reduced"
    ZERO = "zero"


class PromotionKind(enum.StrEnum):
    """How a promotion lowers a price (RK-3)."""

    PERCENTAGE = "percentage"
    AMOUNT_OFF = "amount_off"
    MULTI_BUY = "multi_buy"
    BUNDLE = "bundle"


class ReservationStatus(enum.StrEnum):
    """What became of a reservation; an active one whose time is over counts as expired (RK-8)."""

    ACTIVE = "active"
    COLLECTED = "collected"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class CallReason(enum.StrEnum):
    """Why a colleague is called to a kiosk."""

    ADVICE = "advice"
    LOCKED_CABINET = "locked_cabinet"
    HEAVY_ITEM = "heavy_item"
    PAYMENT = "payment"
    RETURN = "return"
    KIOSK_PROBLEM = "kiosk_problem"
    OTHER = "other"


class CallStatus(enum.StrEnum):
    """How far a call for a colleague is."""

    WAITING = "waiting"
    TAKEN = "taken"
    CLOSED = "closed"


class PriceMatchStatus(enum.StrEnum):
    """How far a price match request is (RK-10)."""

    REQUESTED = "requested"
    APPROVED = "approved"
    DECLINED = "declined"


class PlaceKind(enum.StrEnum):
    """What people look for in a shop that is no product."""

    DEPARTMENT = "department"
    SERVICE = "service"
    FACILITY = "facility"
