"""The one thread that computes: what it takes next, and what it leaves on disk."""
