"""What of a workspace is exported, and what is not and why.

Every table of a workspace is in one of these two lists; a test holds a new one up until it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

TURNS: Final = "trajectories.turn"


@dataclass(frozen=True, slots=True)
class Table:
    """A table that is exported row by row, all columns but these."""

    label: str
    without: frozenset[str] = frozenset()
    # Columns of rows that these point at.
    also: tuple[str, ...] = ()
    # In which a person's or a model's text stands: what is looked through for secrets is the
    # whole row, but ids, hashes and times.
    facts: frozenset[str] = frozenset()


WORKSPACE: Final = (
    Table("tenants.membership", also=("user__email", "user__name")),
    # What proves a key is of no use to anybody and stays.
    Table("tenants.apikey", without=frozenset({"digest", "previous_digest"})),
    Table("tenants.agent"),
    Table("tenants.savedfilter"),
    Table("tenants.invitation", without=frozenset({"digest"})),
    Table("upstreams.upstream", without=frozenset({"sealed_key"})),
    Table("upstreams.route"),
    Table("upstreams.routetarget"),
    Table("usage.limit"),
    Table("usage.priceoverride"),
    Table("usage.usageentry"),
    Table("usage.usageday"),
    Table("skills.skill"),
    Table("skills.skillversion", facts=frozenset({"sha256"})),
    Table("skills.librarygeneration"),
    Table("skills.skillstat"),
    Table("skills.pack", facts=frozenset({"sha256", "skills"})),
    Table("trajectories.session"),
    Table(TURNS),
    Table("evolution.learningpolicy"),
    Table("evolution.failurecluster"),
    Table("evolution.clusteredturn", without=frozenset({"vector", "vector_model"})),
    Table("evolution.evolutionrun", facts=frozenset({"shown_turn_ids"})),
    Table("evolution.proposal", facts=frozenset({"sha256", "original_sha256"})),
    Table("evolution.evidence"),
    Table("evolution.reviewpolicy"),
    Table("evolution.review", facts=frozenset({"sha256", "guidance_sha256"})),
    Table("evolution.replay", facts=frozenset({"sha256"})),
    Table("evolution.replaycase"),
    Table("evolution.canary", facts=frozenset({"sha256"})),
    Table("evolution.canarysession"),
    Table("evolution.annotationpolicy"),
    Table("evolution.annotationitem"),
    Table("training.sample"),
    Table("training.batch"),
    Table("training.batchsample"),
    Table("training.trainingpolicy"),
    Table("training.trainingbudget"),
    Table("training.taskset", facts=frozenset({"sha256"})),
    Table("training.trainingjob"),
    Table("training.trainingstep"),
    Table("training.checkpoint"),
    Table("training.gate"),
    Table("training.gatecase"),
    Table("training.checkpointtrial"),
    Table("training.checkpointsession"),
    Table("training.rollout"),
    Table("training.rolloutepisode"),
    Table("training.windowrules"),
    # What opens a calendar is of no use to anybody, and nobody else's business.
    Table("training.calendarconnection", without=frozenset({"sealed", "pending_digest"})),
    Table("training.window"),
    Table("tenants.auditevent", facts=frozenset({"digest"})),
)

LEFT_OUT: Final[Mapping[str, str]] = {
    "exports.deletion": "it is about the workspace going, not of it",
    "exports.export": "exports are named in the audit log",
    "exports.exportfile": "files of other exports",
    "demo.demoload": "how far a demo is; its workspace is made up",
    "evolution.annotationlease": "who judges a turn right now; over within minutes",
    "evolution.reviewlease": "who reads a proposal right now; over within minutes",
    "jobs.job": "work under way, of no meaning elsewhere",
    "skills.skillembedding": "made from the texts of versions, and made again from them",
    "skills.skillstanding": "worked out from the counts of use by a sweep",
    "tenants.refusedrequest": "which requests were turned away lately; gone within a week",
    "tenants.audithead": "the last audit event says the same",
    "training.presence": "when somebody was at their keyboard; over within minutes",
    "trajectories.piece": "parts of requests, which stand whole in their turns",
    "trajectories.score": "in the line of its turn",
    "trajectories.turnskill": "in the line of its turn",
    "trajectories.turntext": "an index over turns, made again from them",
    "trajectories.turnvector": "an index over turns, made again from them",
}
