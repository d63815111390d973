"""A replay, done as its job does it."""

from apps.core.tenancy import tenant_tx
from apps.evolution import selectors, services
from apps.evolution.models import Replay
from apps.integrations.llm.client import OpenAiChat
from apps.upstreams.asking import llm_connection
from apps.upstreams.selectors import connection_for
from tests.factories import make_run


def run_replay(replay: Replay, *, is_simulated: bool) -> Replay:
    """Judged by the workspace's judge; the replay as it is afterwards."""
    with tenant_tx(replay.tenant_id):
        judge = connection_for(tenant_id=replay.tenant_id, use="judge")
    services.replay_run(
        run=make_run(replay.tenant_id),
        replay_id=replay.id,
        judge=OpenAiChat(llm_connection(judge)),
        is_simulated=is_simulated,
    )
    with tenant_tx(replay.tenant_id):
        return selectors.replay_get(tenant_id=replay.tenant_id, replay_id=replay.id)
