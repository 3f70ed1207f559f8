"""What stands around a letter, and what is said about it afterwards."""

OPENINGS = (
    "",
    "",
    "Hello, ",
    "Hi, ",
    "Good morning, ",
    "Dear team, ",
    "Hi there! ",
    "To whom it may concern: ",
)
CLOSINGS = (
    "",
    "",
    " Thanks in advance!",
    " Please let me know.",
    " Regards.",
    " I am home all week.",
    " You can also call me.",
    " Kind regards",
    " Best wishes, and thank you.",
)
REPLIES = (
    "Thank you, that was quick.",
    "I have tried it, and it is still the same.",
    "The picture is attached. The label says rev. B.",
    "Yes, it works now. Thanks a lot!",
    "Any news?",
    "That is not what I asked, but never mind.",
)
NOTES = (
    "Customer is right, see the photo in the mail.",
    "Second case with this batch; told the warehouse.",
    "Called, nobody picked up.",
    "Carrier admits that it was scanned at the wrong address.",
    "Goodwill is fine up to twenty euros.",
)
SOLUTIONS = (
    "Solved on the telephone.",
    "Replacement arrived; the customer is happy with it.",
    "Money refunded.",
    "The parcel turned up at the neighbours'.",
    "Works after the update.",
    "Explained how it is done.",
)
