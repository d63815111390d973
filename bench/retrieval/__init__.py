"""How well skills are found: a labelled set, the ways of choosing, and a table of both."""
