"""Engines that run models: one protocol, one file an engine."""
