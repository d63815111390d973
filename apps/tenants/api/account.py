"""A person's own account. Keys have none."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import get_totp_secret
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.tenants.authentication import BrowserSessionAuthentication, proof_check
from apps.tenants.models import User
from apps.tenants.selectors.sign_in import sign_in_methods
from apps.tenants.services.sign_in import person_rename
from apps.tenants.sign_in.company import company_provider


class PersonApi(APIView):
    """Base of what is about whoever is signed in, in no workspace."""

    authentication_classes = [BrowserSessionAuthentication]

    @property
    def person(self) -> User:
        assert isinstance(self.request.user, User)  # DEFAULT_PERMISSION_CLASSES saw to it
        return self.request.user


class PasskeyOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    created_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True)

    class Meta:
        ref_name = "Passkey"


class CompanyAccountOutput(serializers.Serializer[Any]):
    provider = serializers.CharField()
    uid = serializers.CharField()
    email = serializers.CharField()
    connected_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField()

    class Meta:
        ref_name = "CompanyAccount"


class SignInMethodsOutput(serializers.Serializer[Any]):
    """``app_since``: when an authenticator app was set up; null without one.

    ``company_accounts``: those of the provider that is set up now.
    """

    has_password = serializers.BooleanField()
    app_since = serializers.DateTimeField(allow_null=True)
    app_used_at = serializers.DateTimeField(allow_null=True)
    recovery_codes_left = serializers.IntegerField()
    passkeys = PasskeyOutput(many=True)
    company_accounts = CompanyAccountOutput(many=True)

    class Meta:
        ref_name = "SignInMethods"


class AccountOutput(serializers.Serializer[Any]):
    email = serializers.EmailField()
    name = serializers.CharField()
    company = serializers.CharField(allow_null=True, help_text="Name of the company's sign-in.")
    methods = SignInMethodsOutput()

    class Meta:
        ref_name = "Account"


class AccountApi(PersonApi):
    class Input(serializers.Serializer[Any]):
        name = serializers.CharField(max_length=120, allow_blank=True)

        class Meta:
            ref_name = "AccountInput"

    @extend_schema(operation_id="account_get", responses=AccountOutput)
    def get(self, request: Request) -> Response:
        return self._answer()

    @extend_schema(operation_id="account_update", request=Input, responses=AccountOutput)
    def patch(self, request: Request) -> Response:
        body = self.Input(data=request.data)
        body.is_valid(raise_exception=True)
        person_rename(user=self.person, **body.validated_data)
        return self._answer()

    def _answer(self) -> Response:
        person = self.person
        company = company_provider(self.request._request)
        about = {
            "email": person.email,
            "name": person.name,
            "company": company.name if company else None,
            "methods": sign_in_methods(user=person, provider=company.sub_id if company else ""),
        }
        return Response(AccountOutput(about).data)


class AuthenticatorAppApi(PersonApi):
    """A secret for an authenticator app, as text and as a picture to scan.

    It counts only once a code made with it was handed in, in the same session
    (``POST /_allauth/browser/v1/account/authenticators/totp``).
    """

    class Output(serializers.Serializer[Any]):
        secret = serializers.CharField()
        address = serializers.CharField(help_text="otpauth://…, what the picture says.")
        picture = serializers.CharField(help_text="SVG.")

        class Meta:
            ref_name = "AuthenticatorAppSecret"

    @extend_schema(operation_id="account_app_begin", request=None, responses=Output)
    def post(self, request: Request) -> Response:
        proof_check(request)
        secret = get_totp_secret(regenerate=True)
        adapter = get_adapter()
        address = adapter.build_totp_url(self.person, secret)
        picture = adapter.build_totp_svg(address)
        return Response(
            {"secret": secret, "address": address, "picture": picture},
            headers={"Cache-Control": "no-store"},
        )
