"""Folders beside the library: one that is watched, one that mirrors it."""
