"""What has been used up of a limit right now, in Redis: a cache of the ledger and of what is open.

``script.lua`` is the one place where the numbers change; ``operations`` are what it is asked.
"""
