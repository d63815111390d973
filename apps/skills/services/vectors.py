"""The vectors of live versions: derived, made in the background, remade when the model changes."""

from uuid import UUID

from apps.core.tenancy import tenant_tx
from apps.integrations.embeddings.client import embed, is_configured
from apps.jobs.handlers import JobRun
from apps.jobs.services import job_enqueue
from apps.skills import selectors
from apps.skills.meaning import skill_texts, together
from apps.skills.models import SkillEmbedding
from apps.tenants.services import config_changed

EMBED_KIND = "skills.embed"


def vectors_request(tenant_id: UUID) -> None:
    """Have what lacks a vector get one, where an embedder is configured at all."""
    if is_configured():
        job_enqueue(tenant_id=tenant_id, kind=EMBED_KIND, payload={}, dedupe_key="live")


def vectors_make(*, run: JobRun) -> None:
    """Give every live version that lacks its vector one, some at a time.

    Makes network calls: no transaction may be open. Raises UpstreamFailed.
    """
    while True:
        with tenant_tx(run.tenant_id):
            wanted = selectors.versions_without_vector(tenant_id=run.tenant_id)
        if not wanted:
            return
        texts = [skill_texts(version.description, version.body) for version in wanted]
        vectors = iter(embed([text for some in texts for text in some]))
        made = [together([next(vectors) for _ in some]) for some in texts]
        with run.effect():
            SkillEmbedding.objects.bulk_create(
                [
                    SkillEmbedding(
                        tenant_id=run.tenant_id,
                        version=version,
                        model=selectors.vector_model(),
                        vector=vector,
                    )
                    for version, vector in zip(wanted, made, strict=True)
                ],
                # Another worker may have done the same; the vectors are no different.
                ignore_conflicts=True,
            )
            config_changed(tenant_id=run.tenant_id)


def vectors_sweep() -> None:
    """Ask for the vectors that are missing: embeddings may have come later than the skills."""
    if is_configured():
        for tenant_id in selectors.tenants_without_vectors():
            vectors_request(tenant_id)
