"""Request bodies kept exactly, at the price of what is new in them.

``cutting`` takes a body apart, ``recipe`` says how to put it together again from the body of
an earlier turn and what that one did not have. Pure functions: no database, no Django.
"""
