"""The library: the one object that names all of its parts."""

from balie.vertical import Demo, Vertical

VERTICAL = Vertical(
    name="library",
    title="The library",
    description="A library's desk: books and loans.",
    package=str(__package__),
    demo=Demo(("B-101", "/borrow_book B-101", "yes"), identity="M-1"),
    suggestions=("Is Emma in?",),
    imports_at="importing:IMPORTERS",
)
