import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { TrainingJob } from "@/client/contract";
import { buttonClass } from "@/components/button";
import { JOB_STATUS } from "@/components/training-status";
import { formatPercent, formatUntil } from "@/lib/format";
import { useTenant } from "@/lib/tenant";
import { useNow } from "@/lib/use-now";
import { useLatestJob, useWindowsAhead } from "../api/training";
import { Stage } from "./stage";

/** What training does: the job under way, or the last one, or when the next window opens. */
export function TrainingStage() {
  const { slug: tenant } = useTenant();
  const job = useLatestJob(tenant).data;
  const opens = useOpening();
  if (!job)
    return (
      <Stage
        name={t`Training`}
        value={
          <Link to="/t/$tenant/training" params={{ tenant }}>
            {job === null ? t`none yet` : "–"}
          </Link>
        }
        note={opens}
      />
    );
  return (
    <Stage
      name={t`Training of ${job.policy_name}`}
      isWaiting={job.status === "failed"}
      value={
        <Link
          to="/t/$tenant/training/$policyId"
          params={{ tenant, policyId: job.policy }}
          search={{ job: job.id }}
        >
          {hasShare(job)
            ? formatPercent(job.done_steps, job.planned_steps)
            : JOB_STATUS[job.status].name}
        </Link>
      }
      note={noteOf(job, opens)}
      aside={
        job.status === "failed" && (
          <Link
            to="/t/$tenant/training/$policyId"
            params={{ tenant, policyId: job.policy }}
            search={{ job: job.id }}
            className={buttonClass()}
          >
            <Trans>See why</Trans>
          </Link>
        )
      }
    />
  );
}

/** Before a step and after the last a share says less than a word. */
const hasShare = ({ status }: TrainingJob) =>
  status === "running" || status === "paused" || status === "waiting_window";

function noteOf(job: TrainingJob, opens: string): string {
  if (job.status === "waiting_window") return opens;
  if (!hasShare(job)) return plural(job.done_steps, { one: "# step", other: "# steps" });
  return [JOB_STATUS[job.status].name, t`step ${job.done_steps} of ${job.planned_steps}`].join(
    " · ",
  );
}

/** When a window opens or closes, in words. */
function useOpening(): string {
  const now = useNow();
  const verdict = useWindowsAhead(useTenant().slug).data?.verdict;
  if (!verdict) return "";
  if (verdict.is_open)
    return verdict.closes_at
      ? t`window open for ${formatUntil(verdict.closes_at, now)}`
      : t`window open`;
  return verdict.next_opens_at
    ? t`window in ${formatUntil(verdict.next_opens_at, now)}`
    : t`no window ahead`;
}
