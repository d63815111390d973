"""OpenAI's chat and completions over base models and sampler checkpoints."""
