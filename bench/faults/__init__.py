"""Measuring what is promised when things go wrong: ``python -m bench --faults``.

A module a row: each has a ``measure`` that sets a scene, does the damage and counts what came of
it. Damage is done to processes that the run started itself, and to connections that pass through
a door of its own; servers and other processes are never touched.
"""
