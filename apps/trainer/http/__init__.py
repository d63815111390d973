"""The server's face: the SDK's protocol, and OpenAI's for checkpoints that only talk."""
