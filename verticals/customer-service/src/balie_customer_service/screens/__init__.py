"""The screens of the service desk: what staff work through, and what customers look up."""

from balie_customer_service.screens.callbacks import CallbacksScreen
from balie_customer_service.screens.customers import CustomersScreen
from balie_customer_service.screens.handoffs import HandoffsScreen
from balie_customer_service.screens.knowledge import KnowledgeScreen
from balie_customer_service.screens.my_orders import MyOrdersScreen
from balie_customer_service.screens.my_tickets import MyTicketsScreen
from balie_customer_service.screens.tickets import TicketsScreen

__all__ = ["SCREENS"]

SCREENS = (
    TicketsScreen,
    CallbacksScreen,
    HandoffsScreen,
    CustomersScreen,
    MyOrdersScreen,
    MyTicketsScreen,
    KnowledgeScreen,
)
"""In the order of their keys; each says for which roles it is."""
