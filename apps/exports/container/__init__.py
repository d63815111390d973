"""The form of an export: files, a manifest over them, a signature over that.

Needs neither Django nor a database: whoever was handed an export checks it with this alone.
"""
