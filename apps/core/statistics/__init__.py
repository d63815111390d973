"""Tests of whether one way does better than another. Pure functions, and deterministic."""
