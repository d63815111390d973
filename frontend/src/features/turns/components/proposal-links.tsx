import { Link } from "@tanstack/react-router";
import type { Proposal, ProposalStatus } from "@/client/contract";
import { Tag, type Tone } from "@/components/tag";
import { useTenant } from "@/lib/tenant";

const TONE: Record<ProposalStatus, Tone> = {
  pending: "accent",
  approved: "ok",
  rejected: "quiet",
  quarantined: "warn",
};

export function ProposalLinks({ proposals }: { proposals: Proposal[] }) {
  const tenant = useTenant().slug;
  return (
    <ul className="flex flex-wrap gap-1.5">
      {proposals.map(({ id, slug, status }) => (
        <li key={id}>
          <Link to="/t/$tenant/review/$proposalId" params={{ tenant, proposalId: id }}>
            <Tag tone={TONE[status]}>
              {slug} · {status}
            </Tag>
          </Link>
        </li>
      ))}
    </ul>
  );
}
