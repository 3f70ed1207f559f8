"""Customer service: the one object that names all of its parts."""

from balie.vertical import Demo, Vertical

VERTICAL = Vertical(
    name="customer-service",
    title="Customer service",
    description="A shop's service desk: orders, returns, tickets, callbacks, and technical support.",
    package="balie_customer_service",
    corpus_at="services.knowledge:corpus",
    suggestions=(
        "Where is my order?",
        "I want to return something",
        "My thermostat is offline",
        "How long is the warranty?",
    ),
    demo=Demo(
        identity="C-1001",
        messages=(
            "Hi, where is my order 10234?",
            "And please cancel 10240, I ordered it by mistake",
            "yes",
            "How long do I have to send something back?",
            "My hallway thermostat has stopped working, can you check it?",
            "Let a person look at this please",
        ),
    ),
)
