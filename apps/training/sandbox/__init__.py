"""Commands that a policy, or a task, wants run: in a room of their own, see docs/mechanisms/rollouts.md."""
