"""How people get in: passwords, second factors, passkeys, and the company's own sign-in.

django-allauth does the work; here stands what it is told. docs/mechanisms/sign-in.md
"""
