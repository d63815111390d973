"""A miniature product: the launcher's own code around processes of a few lines each.

The launcher, supervisord, Postgres, Redis, Celery and daphne are the real ones. What they run
is small, so that a start takes two seconds and a failure can be planted in any process.
"""

import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCAL = "apps/integrations/embeddings/local"
INSTALLED = f"{LOCAL}/installed.py"
# What the launcher shares with the product: a few lines that need nothing else.
SHARED = (
    "apps/core/__init__.py",
    "apps/core/files.py",
    "apps/core/said.py",
    "apps/upstreams/presets.py",
    f"{LOCAL}/__init__.py",
    INSTALLED,
)

MANAGE = """
import json, os, pathlib, sys, time
command = sys.argv[1]
var = pathlib.Path(os.environ["METACLAW_VAR_DIR"])
if (var / f"break-{command}").exists():
    sys.exit((var / f"break-{command}").read_text())
if command == "migrate":
    import psycopg
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
        connection.execute("GRANT SELECT, INSERT ON kept TO mc_app")
elif command in ("first_run", "reset_access"):
    made = var / "made"
    keys = {"email": "owner@example.com", "password": "p", "tenant": "main",
            "api_key": "first-key" if command == "first_run" else "second-key",
            "admin_key": "admin-key"}
    if command == "reset_access" or not made.exists():
        pathlib.Path(sys.argv[sys.argv.index("--keep") + 1]).write_text(json.dumps(keys))
    if (var / f"die-after-{command}").exists():
        made.touch()
        os.kill(os.getpid(), 9)
    print(json.dumps({"created": not made.exists(), **keys}))
    made.touch()
elif command == "run_recorder":
    while True:
        time.sleep(60)
"""

SERVER = """
import http.server, os, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
    def log_message(self, *arguments):
        pass
host, port = os.environ.get("METACLAW_{name}_HOST", "127.0.0.1"), os.environ["METACLAW_{name}_PORT"]
http.server.ThreadingHTTPServer((host, int(port)), Handler).serve_forever()
"""

ASGI = """
async def application(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"{}"})
"""

CELERY = """
import os
from celery import Celery
# Without fixups: Celery would look for Django settings, and there are none here.
app = Celery("metaclaw_web", broker=os.environ["REDIS_URL"], fixups=[])
"""


def build(place: Path) -> Path:
    """Write the miniature into an empty folder and return it."""
    package = place / "metaclaw_web"
    shutil.copytree(
        ROOT / "metaclaw_web/stack", package / "stack", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(ROOT / "metaclaw_web/env.py", package)
    files = {
        "manage.py": MANAGE,
        "metaclaw_web/__init__.py": "",
        "metaclaw_web/celery.py": CELERY,
        "metaclaw_web/asgi.py": ASGI,
        "metaclaw_web/gateway.py": SERVER.replace("{name}", "GATEWAY"),
        "apps/__init__.py": "",
        "apps/integrations/__init__.py": "",
        "apps/integrations/practice/__init__.py": "",
        "apps/integrations/embeddings/__init__.py": "",
        "apps/upstreams/__init__.py": "",
        **{name: (ROOT / name).read_text() for name in SHARED},
        f"{LOCAL}/__main__.py": SERVER.replace("{name}", "EMBEDDER"),
        "apps/integrations/practice/__main__.py": SERVER.replace("{name}", "PRACTICE"),
    }
    for name, content in files.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return place
