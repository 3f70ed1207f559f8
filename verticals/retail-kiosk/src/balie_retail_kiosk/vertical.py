"""The retail kiosk: the one object that names all of its parts."""

from balie.locales import marked
from balie.vertical import Demo, Vertical

VERTICAL = Vertical(
    name="retail-kiosk",
    title="Harbour & Home",
    description="A kiosk in a shop: stock, advice, quotes, reservations, and somebody who comes to help.",
    package="balie_retail_kiosk",
    forget_at="services.visits:forget",
    imports_at="importing:IMPORTERS",
    operator_at="screens.lines:for_operator",
    visitor_at="screens.lines:for_visitors",
    outgoing_at="printing.dispatch:outgoing",
    test_print_at="printing.dispatch:test_print",
    suggestions=(
        marked("Do you have HDMI cables of 2 m?"),
        marked("What 55 inch TVs do you have under 600?"),
        marked("Where are the coffee machines?"),
        marked("Are you open on Sunday?"),
    ),
    demo=Demo(
        messages=(
            "Hi, do you have the Meridian 55 inch 4K TV M55?",
            "Two HDMI cables, 2 m, and the cheapest 55 inch TV under 600, and is there a discount?",
            "yes",
            "Where is the toilet?",
            "Can somebody help me carry the TV?",
        ),
    ),
)
