"""The launcher: turns a fresh clone into a running stack, and stops it again.

`python -m metaclaw_web.stack run` prepares the data folder, starts supervisord with every
process of the product, and watches it. Needs no Django itself; what needs Django (migrations,
the first workspace) runs as a child process with the right environment.
"""
