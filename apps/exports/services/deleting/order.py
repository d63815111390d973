"""In which order tables can be emptied: what points at others before what it points at."""

from typing import Any

from django.apps import apps
from django.db import models

from apps.core.tenancy import TenantOwned

Model = Any


def tables_in_order() -> list[list[Model]]:
    """Every table of a workspace, in groups. The tables of a group point at each other in a
    circle: they can be emptied in one transaction only, where order does not matter."""
    tables = [model for model in apps.get_models() if issubclass(model, TenantOwned)]
    return list(reversed(_circles({model: targets_of(model) for model in tables})))


def targets_of(model: Model) -> set[Model]:
    """The other tables of a workspace that this one points at."""
    return {
        field.related_model
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
        and issubclass(field.related_model, TenantOwned)
        and field.related_model is not model
    }


def own_pointers(model: Model) -> list[str]:
    """Columns that point at rows of the same table."""
    return [
        field.attname
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field.related_model is model
    ]


def _circles(graph: dict[Model, set[Model]]) -> list[list[Model]]:
    """Strongly connected components, each after all that it points at (Tarjan's algorithm)."""
    found: list[list[Model]] = []
    number: dict[Model, int] = {}
    lowest: dict[Model, int] = {}
    path: list[Model] = []

    def visit(node: Model) -> None:
        number[node] = lowest[node] = len(number)
        path.append(node)
        for target in sorted(graph[node], key=lambda one: str(one._meta.label)):
            if target not in number:
                visit(target)
                lowest[node] = min(lowest[node], lowest[target])
            elif target in path:
                lowest[node] = min(lowest[node], number[target])
        if lowest[node] == number[node]:
            at = path.index(node)
            found.append(path[at:])
            del path[at:]

    for node in graph:
        if node not in number:
            visit(node)
    return found
