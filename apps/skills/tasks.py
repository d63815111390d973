from uuid import UUID

from apps.jobs.handlers import JobRun, handles
from apps.skills import services


@handles(services.EMBED_KIND)
def embed_version(run: JobRun) -> None:
    services.version_embed(run=run, version_id=UUID(run.payload["version_id"]))
