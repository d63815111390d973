"""A simulated model provider, so that the whole loop can be watched without any key.

It follows a house rule only when the rule stands in its instructions, which makes the effect of a
skill visible in the answer. Everything it says is deterministic and labelled "simulated".
"""
