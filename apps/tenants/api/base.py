from collections.abc import Callable
from functools import wraps
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from apps.core.errors import Forbidden, NotFound
from apps.core.pagination import Pages
from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.tenants import selectors
from apps.tenants.models import Membership, User
from apps.tenants.selectors.sign_in import membership_open
from apps.tenants.types import Actor, KeyGrant

_METHODS = ("get", "post", "put", "patch", "delete")


class TenantApi(APIView):
    """Base of every endpoint under ``/t/<tenant_slug>/``.

    Subclasses state the least role for reading and writing, and read ``self.tenant_id``,
    ``self.actor`` and ``self.role``. Each method runs inside the tenant's transaction, unless
    the class says ``opens_own_transactions`` because it talks to the outside world.
    """

    read_role: ClassVar[str] = Membership.Role.VIEWER
    write_role: ClassVar[str] = Membership.Role.ADMIN
    opens_own_transactions: ClassVar[bool] = False
    # Whether keys that only send model requests may call it; they count as a viewer's.
    takes_gateway_keys: ClassVar[bool] = False
    # The name that drf-spectacular looks for.
    pagination_class: ClassVar[type[BasePagination]] = Pages

    tenant_id: UUID
    role: str
    actor: Actor

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if not cls.opens_own_transactions:
            for name in _METHODS:
                if name in cls.__dict__:
                    setattr(cls, name, _inside_tenant(cls.__dict__[name]))

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self._enter(request, kwargs["tenant_slug"])
        needed = self.read_role if request.method in ("GET", "HEAD") else self.write_role
        if selectors.role_rank(self.role) < selectors.role_rank(needed):
            english = "This takes the role {needed}; yours here is {role}."
            raise Forbidden(
                say("role_needed", english, needed=needed, role=self.role), needed=needed
            )

    def _enter(self, request: Request, slug: str) -> None:
        if isinstance(request.auth, KeyGrant):
            grant = request.auth
            tenant = selectors.tenant_find(slug=slug)
            if tenant is None or tenant.id != grant.tenant_id:
                raise NotFound
            self.role = _role_of(grant, takes_gateway_keys=self.takes_gateway_keys)
            self.tenant_id = tenant.id
            self.actor = Actor("key", str(grant.key_id), grant.name)
            return
        user = request.user
        assert isinstance(user, User)  # DEFAULT_PERMISSION_CLASSES saw to it
        membership = membership_open(user_id=user.pk, tenant_slug=slug)
        self.role = membership.role
        self.tenant_id = membership.tenant_id
        self.actor = Actor("user", str(user.pk), user.name or user.email)

    def page_of(
        self, rows: QuerySet[Any], output: type[BaseSerializer[Any]], **context: Any
    ) -> Response:
        """One keyset page of ``rows``, shaped by ``output``."""
        pages = self.pagination_class()
        page = pages.paginate_queryset(rows, self.request, view=self)
        return pages.get_paginated_response(output(page, many=True, context=context).data)


def _inside_tenant(method: Callable[..., Response]) -> Callable[..., Response]:
    @wraps(method)
    def run(self: TenantApi, *args: Any, **kwargs: Any) -> Response:
        with tenant_tx(self.tenant_id):
            return method(self, *args, **kwargs)

    return run


def _role_of(grant: KeyGrant, *, takes_gateway_keys: bool) -> str:
    roles = [role for scope, role in selectors.ROLE_OF_SCOPE.items() if scope in grant.scopes]
    if not roles and takes_gateway_keys:
        return Membership.Role.VIEWER
    if not roles:
        english = "This key may only send model requests to the gateway."
        raise Forbidden(say("key_for_gateway", english))
    return max(roles, key=selectors.role_rank)
