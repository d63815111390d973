"""`metaclaw demo`: a small agent that repeats its mistakes until a skill is approved."""
