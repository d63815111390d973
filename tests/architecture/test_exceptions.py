"""An exception that is kept and raised again keeps every frame that it ever went through."""

import importlib
import pkgutil

import apps


def test_no_module_keeps_an_exception_to_raise_it_again():
    kept = [
        f"{name}.{attribute}"
        for _, name, _ in pkgutil.walk_packages(apps.__path__, "apps.")
        if name.startswith(("apps.proxy.", "apps.core.", "apps.jobs.", "apps.tenants."))
        and ".migrations" not in name
        and "management" not in name
        and not name.endswith("__main__")
        for attribute, value in vars(importlib.import_module(name)).items()
        if isinstance(value, BaseException)
    ]

    assert kept == []
