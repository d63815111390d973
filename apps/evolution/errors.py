from apps.core.errors import Conflict, Invalid


class ProposalChanged(Conflict):
    code = "proposal_changed"


class ProposalDecided(Conflict):
    code = "proposal_decided"


class ProposalInvalid(Invalid):
    code = "proposal_invalid"
