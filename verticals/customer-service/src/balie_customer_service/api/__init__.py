"""The shop's resources over the services, for line-of-business systems.

A customer's key sees that customer's things; what belongs to others is not there for it. A write by a
system is its own confirmation: it is done at once, with a record in the audit log, and takes an
``Idempotency-Key``.
"""

from balie_customer_service.api.callbacks import CallbackController
from balie_customer_service.api.customers import CustomerController
from balie_customer_service.api.knowledge import ArticleController
from balie_customer_service.api.orders import OrderController, ReturnController
from balie_customer_service.api.technical import DeviceController, IncidentController, ServiceController
from balie_customer_service.api.tickets import TicketController

CONTROLLERS = (
    OrderController,
    ReturnController,
    CustomerController,
    TicketController,
    CallbackController,
    DeviceController,
    IncidentController,
    ServiceController,
    ArticleController,
)
