import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
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
        aria-label={t`Back to the queue`}
        className={`${buttonClass({ variant: "ghost", isIcon: true })} md:hidden`}
      >
        <ChevronLeft aria-hidden />
      </Link>
      <h2 className="max-w-[70vw] min-w-0 truncate font-mono text-sm" title={proposal.slug}>
        {proposal.slug}
      </h2>
      <span className="hidden text-xs whitespace-nowrap text-mute min-[1400px]:inline">
        {base === null ? t`new skill` : t`v${version ?? 0} to v${(version ?? 0) + 1}`}
      </span>
      <span className="hidden gap-2 text-xs whitespace-nowrap min-[1400px]:flex">
        {counts.added > 0 && (
          <span className="text-ok">
            <Trans>{counts.added} added</Trans>
          </span>
        )}
        {counts.changed > 0 && (
          <span className="text-warn">
            <Trans>{counts.changed} changed</Trans>
          </span>
        )}
        {counts.removed > 0 && (
          <span className="text-bad">
            <Trans>{counts.removed} removed</Trans>
          </span>
        )}
      </span>
      <span className="ml-auto">
        {isEditing ? (
          <Tag tone="accent">
            <Trans>editing</Trans>
          </Tag>
        ) : (
          <TabList label={t`View`} tabs={PROPOSAL_TABS} />
        )}
      </span>
    </PaneHeader>
  );
}
