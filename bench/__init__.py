"""Measuring the product against its aims: ``make bench``.

Not part of the product and imported by nothing in it. Whatever it measures runs in processes of
their own; the load generator and the fake provider are written in C, so that neither of them is
what is measured.
"""
