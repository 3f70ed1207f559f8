"""Balie: vertical agents on small language models, on the machine in front of you."""
