"""Calendars, read for one thing: when somebody is busy."""
