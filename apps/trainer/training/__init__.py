"""Losses, gradients and optimizer steps of one adapter."""
