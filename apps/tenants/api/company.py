from typing import Any

from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_protect
from drf_spectacular.utils import extend_schema
from requests import RequestException
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.errors import NotFound, UpstreamFailed
from apps.core.said import say
from apps.tenants.authentication import BrowserSessionAuthentication, proof_check
from apps.tenants.sign_in.company import company_provider


@method_decorator(csrf_protect, name="dispatch")
class CompanySignInApi(APIView):
    """Begin a sign-in with the company's provider: says where to send the browser.

    Not a redirect: our security policy lets no form lead to another site.
    """

    authentication_classes = [BrowserSessionAuthentication]
    permission_classes = [AllowAny]

    class Input(serializers.Serializer[Any]):
        """``next``: the page of the console to come back to."""

        process = serializers.ChoiceField(choices=["login", "connect"], default="login")
        next = serializers.RegexField(r"^/(?![/\\])[^\\\s]*$", max_length=2000, default="/")

        class Meta:
            ref_name = "CompanySignInInput"

    class Output(serializers.Serializer[Any]):
        location = serializers.CharField()

        class Meta:
            ref_name = "CompanySignIn"

    @extend_schema(operation_id="sign_in_company", request=Input, responses=Output)
    def post(self, request: Request) -> Response:
        body = self.Input(data=request.data)
        body.is_valid(raise_exception=True)
        plain = request._request
        provider = company_provider(plain)
        if provider is None:
            raise NotFound(say("no_company", "No company sign-in is set up here."))
        process = body.validated_data["process"]
        if process == AuthProcess.CONNECT:
            if not request.user or not request.user.is_authenticated:
                raise NotAuthenticated
            # Whoever connects an account can get in with it from then on.
            proof_check(request)
        try:
            answer = provider.redirect(
                plain, process, next_url=body.validated_data["next"], headless=True
            )
        except (RequestException, OAuth2Error) as exc:
            english = "{name} does not answer as it should. Sign in another way, or try later."
            raise UpstreamFailed(
                say("company_away", english, name=provider.name),
                permanent=False,
            ) from exc
        return Response({"location": answer["Location"]})
