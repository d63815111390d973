"""Opening the teacher that a recipe names."""

from contextlib import ExitStack
from uuid import UUID

from apps.core.said import say, together
from apps.core.tenancy import tenant_tx
from apps.integrations.tinker.types import TrainerConnection
from apps.training.connecting import BACKENDS, client_for, trainer_of
from apps.training.errors import TeacherUnfit
from apps.training.recipe import Recipe
from apps.training.teaching import TAKE_ANOTHER, CompletionsTeacher, Teacher, TinkerTeacher
from apps.upstreams.selectors import connection_of, upstream_get

_PATH = "tinker://"


def teacher_open(
    *, tenant_id: UUID, recipe: Recipe, connection: TrainerConnection, opened: ExitStack
) -> Teacher | None:
    """The recipe's teacher, closed with ``opened``; None where it has none.

    ``connection``: of the policy's own trainer, which knows its tokenizer. Raises TrainerFailed and
    TeacherUnfit.
    """
    if recipe.teacher is None:
        return None
    from apps.integrations.tinker.tokenizers import tokenizer_of

    with tenant_tx(tenant_id):
        row = upstream_get(tenant_id=tenant_id, upstream_id=recipe.teacher)
        theirs = connection_of(row)
    if theirs.kind not in BACKENDS:
        tokenizer = tokenizer_of(connection, recipe.base_model)
        return CompletionsTeacher(theirs, recipe.teacher_model, tokenizer)
    # ``base;path``, a path of the policy's own base model, or a base model.
    base, mark, path = recipe.teacher_model.partition(";")
    if not mark and base.startswith(_PATH):
        base, path = recipe.base_model, base
    other = trainer_of(theirs)
    if base != recipe.base_model:
        own, its = tokenizer_of(connection, recipe.base_model), tokenizer_of(other, base)
        if own.get_vocab() != its.get_vocab():
            english = "The teacher {name} has another tokenizer than {model}."
            other_tokens = say(
                "teacher_other_tokenizer", english, name=base, model=recipe.base_model
            )
            raise TeacherUnfit(together(other_tokens, TAKE_ANOTHER))
    sampler = client_for(other).open_sampler(other, base_model=base, path=path)
    return TinkerTeacher(opened.enter_context(sampler))
