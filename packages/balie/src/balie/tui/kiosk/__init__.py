"""Kiosk mode: the same desk for people who walk up, touch, and walk away.

Nothing of a visit outlives it, and nobody but the operator leaves the app.
"""
