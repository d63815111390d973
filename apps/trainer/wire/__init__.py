"""The SDK's messages, in and out."""
