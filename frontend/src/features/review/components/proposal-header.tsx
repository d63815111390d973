import { Link } from "@tanstack/react-router";
import { ChevronLeft } from "lucide-react";
import { useMemo } from "react";
import type { ProposalDetail } from "@/client/contract";
import { buttonClass } from "@/components/button";
import { PaneHeader } from "@/components/page";
import { TabList } from "@/components/tabs";
import { Tag } from "@/components/tag";
import { alignLines, countChanges } from "@/lib/align";
import { useTenant } from "@/lib/tenant";
import { PROPOSAL_TABS } from "./proposal-text";

type Props = { proposal: ProposalDetail; isEditing: boolean };

export function ProposalHeader({ proposal, isEditing }: Props) {
  const { slug } = useTenant();
  const { base_text: base, base_version: version, text } = proposal;
  const counts = useMemo(() => countChanges(alignLines(base ?? "", text)), [base, text]);
  return (
    <PaneHeader className="flex-wrap py-1.5 md:flex-nowrap">
      <Link
        to="/t/$tenant/review"
        params={{ tenant: slug }}
        aria-label="Back to the queue"
        className={`${buttonClass({ variant: "ghost", isIcon: true })} md:hidden`}
      >
        <ChevronLeft aria-hidden />
      </Link>
      <h2 className="max-w-[70vw] min-w-0 truncate font-mono text-sm" title={proposal.slug}>
        {proposal.slug}
      </h2>
      <span className="hidden text-xs whitespace-nowrap text-mute sm:inline">
        {base === null ? "new skill" : `v${version} to v${(version ?? 0) + 1}`}
      </span>
      <span className="hidden gap-2 text-xs whitespace-nowrap lg:flex">
        {counts.added > 0 && <span className="text-ok">{counts.added} added</span>}
        {counts.changed > 0 && <span className="text-warn">{counts.changed} changed</span>}
        {counts.removed > 0 && <span className="text-bad">{counts.removed} removed</span>}
      </span>
      <span className="ml-auto">
        {isEditing ? (
          <Tag tone="accent">editing</Tag>
        ) : (
          <TabList label="View" tabs={PROPOSAL_TABS} />
        )}
      </span>
    </PaneHeader>
  );
}
