"""What the desk can do: the domain's logic, and the only code that touches the tables.

One module an area. Every function takes the session of the transaction that it belongs to, plain values,
and ``now`` (aware) where time matters; none commits. What is personal takes ``customer``: the number of the
customer for whom it is done, or None for staff (:func:`accounts.scope` makes it from a caller). A rule that
is broken raises an error of :mod:`.errors`; the numbers CS-1 … CS-15 are those of ``policy.md``.

A function with an ``-able`` name (``cancellable``, ``redirectable``, ``returnable``, ``linkable``) or
``check_`` before it changes nothing and raises what the change itself would: it is what a preview asks.
The change asks again, in its own statement, so that it holds when two come at the same moment.

Nothing here writes to the audit log: the desk does, once an action.
"""
