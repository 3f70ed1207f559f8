"""The library's own resources: there are none."""

CONTROLLERS: tuple[type, ...] = ()
