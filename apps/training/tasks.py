"""Job handlers: open the trainer, call one service."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from apps.integrations.tinker.types import Sampler
from apps.jobs.handlers import JobRun, handles
from apps.training import services


@handles(services.ROLLOUT_KIND)
def play_rollout(run: JobRun) -> None:
    @contextmanager
    def open_sampler(upstream_id: UUID, base_model: str, path: str) -> Iterator[Sampler]:
        # The SDK is for processes that train or sample.
        from apps.integrations.tinker import client
        from apps.training.connecting import trainer_get

        connection = trainer_get(tenant_id=run.tenant_id, upstream_id=upstream_id)
        with client.open_sampler(connection, base_model=base_model, path=path) as sampler:
            yield sampler

    services.rollout_run(
        run=run, rollout_id=UUID(run.payload["rollout_id"]), open_sampler=open_sampler
    )
