"""The library's own screens: there are none."""

SCREENS: tuple[type, ...] = ()
