"""The console is one page; its paths are the browser's business."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import ensure_csrf_cookie

_NOT_BUILT = (
    "<!doctype html><title>MetaClaw Web</title><p>The console is not built. Run"
    " <code>make run</code>, or <code>npm ci &amp;&amp; npm run build</code> in"
    " <code>frontend/</code>.</p>"
)


@ensure_csrf_cookie
def console_page(request: HttpRequest, path: str = "") -> HttpResponse:
    """The built page, whatever the path: it is never cached, what it loads is for ever."""
    try:
        page = (settings.CONSOLE_DIST / "index.html").read_text()
    except FileNotFoundError:
        return HttpResponse(_NOT_BUILT, status=503)
    return HttpResponse(page, headers={"Cache-Control": "no-cache"})
