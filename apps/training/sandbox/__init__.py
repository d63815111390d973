"""Commands that a policy, or a task, wants run: each in a room of its own.

What the walls are, and what they are not, is said in docs/mechanisms/rollouts.md.
"""
