"""What the shop can do: the domain's logic, and the only code that touches the tables.

One module an area. Every function takes the session of the transaction that it belongs to, plain values,
and ``now`` (aware) where time matters; none commits. Which shop a kiosk stands in is the setting ``site``;
functions that need it take the shop itself. A rule that is broken raises an error of :mod:`.errors`; the
numbers RK-1 … are those of ``policy.md``.

Nobody has a name here: whoever stands before a kiosk is anonymous, and what hangs on the conversation is
wiped by :mod:`.visits` when they walk away.
"""
