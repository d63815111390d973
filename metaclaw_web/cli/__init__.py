"""The `metaclaw` command line: it talks to a running stack over its public HTTP interfaces only."""
