"""Base models, frozen, and the adapters laid over them."""
