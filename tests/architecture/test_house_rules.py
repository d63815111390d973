"""House rules that no linter can say, each with a line it must let pass and one it must catch."""

import re
from dataclasses import dataclass

import pytest

from tests.architecture.test_files import ROOT, source_files


@dataclass(frozen=True)
class Rule:
    """``pattern`` may stand in ``homes`` only; ``where`` says which files are looked at."""

    says: str
    pattern: str
    where: tuple[str, ...]
    homes: tuple[str, ...]
    bad: str
    good: str


PRODUCT = ("apps/", "metaclaw_web/", "bench/")
RULES = [
    Rule(
        says="unscoped managers are for Django itself and for migrations",
        pattern=r"\.unscoped\b|\._base_manager\b|\._default_manager\b",
        where=PRODUCT,
        homes=("apps/core/tenancy.py", "apps/*/migrations/"),
        bad="Turn.unscoped.filter(id=turn_id)",
        good="Turn.objects.for_tenant(tenant_id).filter(id=turn_id)",
    ),
    Rule(
        says="rows of all tenants are read by selectors, sweeps and the directory only",
        pattern=r"\.across_tenants\(",
        where=PRODUCT,
        homes=(
            "apps/tenants/selectors/",
            "apps/demo/selectors.py",
            "apps/evolution/selectors.py",
            "apps/exports/selectors.py",
            "apps/evolution/services/learning/triggers.py",
            "apps/trajectories/services/sessions.py",
            "apps/jobs/runner.py",
            "apps/skills/selectors/",
            "apps/training/selectors/",
        ),
        bad="ApiKey.objects.across_tenants().first()",
        good="ApiKey.objects.for_tenant(tenant_id).first()",
    ),
    Rule(
        says="the environment is read by settings and the launcher",
        pattern=r"\bos\.(?:environ|getenv)\b(?!.*DJANGO_SETTINGS_MODULE)",
        where=PRODUCT,
        homes=(
            "metaclaw_web/settings/",
            "metaclaw_web/env.py",
            "metaclaw_web/stack/",
            "metaclaw_web/cli/",
            "bench/",
            # Reads nothing of it: it takes away what a library would.
            "apps/integrations/tinker/policy/confining.py",
        ),
        bad='timeout = os.environ["TIMEOUT"]',
        good="timeout = settings.METACLAW_MODEL_TIMEOUT_SECONDS",
    ),
    Rule(
        says="the database's roles and the tenant setting have one home",
        pattern=r"set_config\(|SET (LOCAL )?ROLE|SET app\.tenant",
        where=PRODUCT,
        homes=("apps/core/tenancy.py", "apps/core/migrations/", "metaclaw_web/stack/"),
        bad="cursor.execute(\"SELECT set_config('app.tenant', %s, false)\")",
        good="with tenant_tx(tenant_id):",
    ),
    Rule(
        says="nothing asks for the time but the clock, so that tests can move it",
        pattern=r"\btimezone\.now\(|\bdatetime\.now\(|\bdatetime\.utcnow\(",
        where=("apps/",),
        homes=("apps/core/clock.py", "apps/integrations/practice/"),
        bad="at = datetime.now(UTC)",
        good="at = clock.now()",
    ),
    Rule(
        says="HTTP to addresses that tenants gave goes through the guarded client",
        pattern=r"\b(?:httpx2?|requests|urllib\.request|urllib3)\.(?:get|post|Client|AsyncClient"
        r"|urlopen|request|PoolManager)\(",
        where=("apps/",),
        homes=("apps/integrations/guarded_http.py", "apps/proxy/services.py"),
        bad="httpx2.get(row.base_url)",
        good="with guarded_client(10) as client:",
    ),
    Rule(
        says="tasks are asked for through job rows: a message alone may be lost",
        pattern=r"\.delay\(|\.apply_async\(|\.send_task\(",
        where=PRODUCT,
        homes=("apps/jobs/services.py",),
        bad="judge_turn.delay(turn_id)",
        good="job_enqueue(tenant_id=tenant_id, kind=JUDGE_KIND, payload={})",
    ),
    Rule(
        says="nothing is caught wholesale but at the edges of threads and workers",
        pattern=r"except (?:Base)?Exception\b(?!.*#)|except:\s",
        where=("apps/",),
        homes=(),
        bad="    except Exception as exc:",
        good="    except Exception as exc:  # the edge of the thread: a lost bell must not end it",
    ),
    Rule(
        says="signals are not used: a call that must happen is a call",
        pattern=r"django\.dispatch|django\.db\.models\.signals|@receiver\b",
        where=PRODUCT,
        homes=(),
        bad="from django.db.models.signals import post_save",
        good="publish_on_commit(tenant_id, event)",
    ),
    Rule(
        says="effects reach outside React, and that is what lib is for",
        pattern=r"\buse(?:Layout)?Effect\b",
        where=("frontend/src/",),
        homes=("frontend/src/lib/",),
        bad="useEffect(() => load(), []);",
        good="const turns = useQuery(turnsQuery(tenant));",
    ),
    Rule(
        says="HTML is never put into a page as it came",
        pattern=r"dangerouslySetInnerHTML|\.innerHTML\s*=|mark_safe\(|\|\s*safe\b",
        where=(*PRODUCT, "frontend/src/"),
        homes=(),
        bad="<p dangerouslySetInnerHTML={{ __html: text }} />",
        good="<Markdown text={text} />",
    ),
]
by_what_it_says = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.says[:50])


@by_what_it_says
def test_the_rule_catches_what_it_is_for_and_lets_the_rest_pass(rule):
    assert re.search(rule.pattern, rule.bad)
    assert not re.search(rule.pattern, rule.good)


@by_what_it_says
def test_the_rule_is_kept(rule):
    broken = []
    for path in source_files(".py", ".ts", ".tsx"):
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith(rule.where) or _at_home(name, rule.homes):
            continue
        for number, line in enumerate(path.read_text().splitlines(), start=1):
            if re.search(rule.pattern, line) and not line.lstrip().startswith(("#", "//", "*")):
                broken.append(f"{name}:{number}: {line.strip()}")

    assert broken == [], rule.says


def _at_home(name: str, homes: tuple[str, ...]) -> bool:
    return any(re.match(re.escape(home).replace(r"\*", "[^/]+"), name) for home in homes)
