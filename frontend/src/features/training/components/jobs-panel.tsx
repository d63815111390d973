import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import type { TrainingJob } from "@/client/contract";
import { Ago } from "@/components/ago";
import { type Column, DataTable } from "@/components/data-table";
import { Panel } from "@/components/panel";
import { formatCount } from "@/lib/format";
import { useTenant } from "@/lib/tenant";
import { standing, TRIGGER } from "../job-words";
import { JobTag } from "./job-tag";

type Props = { jobs: TrainingJob[]; shown: string | undefined };

/** Every job of a policy; each leads to its curves. */
export function JobsPanel({ jobs, shown }: Props) {
  const { slug } = useTenant();
  const columns = useMemo(() => columnsOf(slug, shown), [slug, shown]);
  return (
    <Panel title={t`Jobs`}>
      <DataTable label={t`Jobs`} rows={jobs} columns={columns} rowId={({ id }) => id} />
    </Panel>
  );
}

function columnsOf(tenant: string, shown: string | undefined): Column<TrainingJob>[] {
  return [
    {
      id: "when",
      header: t`Asked for`,
      cell: (job) => (
        <Link
          to="/t/$tenant/training/$policyId"
          params={{ tenant, policyId: job.policy }}
          search={{ job: job.id }}
          aria-current={job.id === shown || undefined}
          className="underline underline-offset-2 aria-[current]:font-semibold aria-[current]:no-underline"
        >
          <Ago at={job.created_at} />
          <span className="sr-only">
            <Trans>: show its curves</Trans>
          </span>
        </Link>
      ),
    },
    {
      id: "status",
      header: t`What came of it`,
      cell: (job) => (
        <span className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
          <JobTag job={job} />
          <span className="text-xs text-mute">{standing(job)}</span>
        </span>
      ),
    },
    {
      id: "steps",
      header: t`Steps`,
      isNumeric: true,
      cell: (job) => t`${formatCount(job.done_steps)} of ${formatCount(job.planned_steps)}`,
    },
    {
      id: "why",
      header: t`Why`,
      hiddenBelow: "xl",
      cell: (job) => (
        <span className="text-xs text-mute">
          {TRIGGER[job.trigger]}
          {job.asked_by && `, ${job.asked_by}`}
        </span>
      ),
    },
  ];
}
