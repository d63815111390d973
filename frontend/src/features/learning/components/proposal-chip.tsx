import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { chipClass } from "@/components/lineage";
import { useTenant } from "@/lib/tenant";

/** Leads to what was proposed. */
export function ProposalChip({ id, name }: { id: string; name: string | null }) {
  const { slug } = useTenant();
  return (
    <Link
      to="/t/$tenant/review/$proposalId"
      params={{ tenant: slug, proposalId: id }}
      className={chipClass}
    >
      <Trans>Proposal {name}</Trans>
    </Link>
  );
}
