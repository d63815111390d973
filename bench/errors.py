class BenchError(Exception):
    """The benchmark cannot go on; the text says why and what would help."""
