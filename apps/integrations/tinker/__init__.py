"""The Tinker API: training LoRA adapters and sampling from them, with the vendor's own SDK."""
