"""What the server says to people, the console can say in other languages."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.core.errors import DomainError
from apps.training.degeneracy import Figures, checks
from apps.training.windows.words import _WHY
from apps.trajectories.training import _ENDED

ROOT = Path(__file__).parent.parent.parent
WORDS = "".join(
    path.read_text(encoding="utf-8") for path in (ROOT / "frontend/src/lib").glob("said*.ts")
)
# Says ``check_`` and its first word where all is well.
VERDICT = "verdict"
# Made of a part that is not written down: what the parts may be.
PARTS = {
    "window_": list(_WHY),
    "trial_": ["better", "worse", "chance"],
    "kept_out_": list(_ENDED),
    "budget_": ["steps", "tokens"],
    # Of every rule of the lint: see VERDICT.
    "check_": [],
    # Named by what a gate looks at, below.
    "gate_broken_": [],
}

# The trainer is a server of its own, with errors of its own API.
APPS = sorted({path.parent.name for path in ROOT.glob("apps/*/__init__.py")} - {"trainer"})
# What no page shows: met by programs, or by the sweep alone.
FOR_PROGRAMS = {"LeaseLost", "SampleInvalid"}


def codes() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "apps").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(node, "func", None)
            called = getattr(name, "id", "")
            is_rule = called == VERDICT and "skills" in path.parts
            if not isinstance(node, ast.Call) or not (called == "say" or is_rule):
                continue
            code = node.args[0]
            if isinstance(code, ast.Constant):
                yield f"check_{code.value}" if is_rule else str(code.value), str(path)
            elif isinstance(code, ast.JoinedStr):
                begin = code.values[0]
                assert isinstance(begin, ast.Constant)
                assert begin.value in PARTS, f"{path}: say what {begin.value}… may be, in PARTS"


def test_the_console_has_words_for_every_sentence():
    made = [f"{begin}{part}" for begin, parts in PARTS.items() for part in parts]
    said = [*codes(), *((code, "made of parts") for code in made)]

    missing = [f"{code} ({where})" for code, where in said if f"  {code}: (" not in WORDS]

    assert len(said) > 100
    assert missing == []


def test_the_console_has_names_for_what_a_gate_looks_at():
    answer = Figures("Yes.", 1.0, "", 2, 0.0, is_refusal=False, is_cut=False, surprise=1.0)

    found = [check.code for check in checks([answer], [answer])]

    assert [code for code in found if not re.search(rf"\n  {code}: t`", WORDS)] == []


def test_words_name_only_values_that_their_sentence_has():
    named = dict(re.findall(r"\n  (\w+): \(\{ ([\w, ]+) \}\)", WORDS))
    has: dict[str, set[str]] = {}
    for path in (ROOT / "apps").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if getattr(getattr(node, "func", None), "id", "") == "say" and isinstance(
                node, ast.Call
            ):
                code = ast.unparse(node.args[0]).strip("'")
                has[code] = {one.arg or "**" for one in node.keywords}

    wrong = {
        code: sorted(set(names.split(", ")) - has[code])
        for code, names in named.items()
        if code in has and "**" not in has[code] and set(names.split(", ")) - has[code]
    }

    assert len(named.keys() & has.keys()) > 100
    assert wrong == {}


def refusals(kind: type[DomainError]) -> Iterator[str]:
    yield kind.__name__
    for each in kind.__subclasses__():
        yield from refusals(each)


@pytest.mark.parametrize("app", APPS)
def test_what_people_are_refused_with_is_said(app):
    names = {*refusals(DomainError), "serializers.ValidationError"} - FOR_PROGRAMS
    plain = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in (ROOT / "apps" / app).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in names
        and any(isinstance(one, ast.JoinedStr | ast.Constant) for one in node.args[:1])
    ]

    assert plain == []
