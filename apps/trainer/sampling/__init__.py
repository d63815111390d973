"""Text from a policy: many callers in one batch, each with its own settings."""
