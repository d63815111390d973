"""`metaclaw connect`: an agent's own configuration, changed so that it talks to the gateway."""
