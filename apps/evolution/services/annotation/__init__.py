"""Turns that people are asked about, and how far the judge says the same.

Nothing is imported here: scoring takes part in this, and is needed for it.
"""
