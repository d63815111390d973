import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { clsx } from "clsx";
import type { TrainingJob } from "@/client/contract";
import { isUnderWay } from "@/components/training-status";
import { useTenant } from "@/lib/tenant";
import { standing, type WayOn, wayOn } from "../job-words";
import { Bar } from "./bar";

/** How far a job is, why it stands where it stands, and what to do about that. */
export function JobStanding({ job }: { job: TrainingJob }) {
  const sentence = standing(job);
  const way = isUnderWay(job) || job.status === "failed" ? wayOn(job) : null;
  const far = t`${job.done_steps} of ${plural(job.planned_steps, { one: "# step", other: "# steps" })}`;
  return (
    <div className="flex min-w-0 flex-col gap-1">
      {isUnderWay(job) && (
        <div className="flex items-center gap-3">
          <Bar
            label={t`Progress of ${job.policy_name}`}
            text={far}
            part={job.done_steps}
            whole={job.planned_steps}
            className="flex-1"
          />
          <span className="shrink-0 text-xs tabular-nums">{far}</span>
        </div>
      )}
      {(sentence || way) && (
        <p
          className={clsx(
            "text-xs",
            job.reason && job.status !== "done" ? "text-warn" : "text-mute",
          )}
        >
          {sentence} {way && <Way way={way} policy={job.policy} />}
        </p>
      )}
    </div>
  );
}

const LINK = "underline underline-offset-2";

function Way({ way, policy }: { way: WayOn; policy: string }) {
  const { slug: tenant } = useTenant();
  return (
    <span className="text-ink">
      {way.text}{" "}
      {way.to === "upstreams" && (
        <Link to="/t/$tenant/upstreams" params={{ tenant }} className={LINK}>
          <Trans>Open Upstreams</Trans>
        </Link>
      )}
      {way.to === "training" && (
        <Link to="/t/$tenant/training" params={{ tenant }} className={LINK}>
          <Trans>Limits and samples</Trans>
        </Link>
      )}
      {way.to === "windows" && (
        <Link to="/t/$tenant/windows" params={{ tenant }} className={LINK}>
          <Trans>Open Windows</Trans>
        </Link>
      )}
      {way.to === "settings" && (
        <Link
          to="/t/$tenant/training/$policyId"
          params={{ tenant, policyId: policy }}
          search={{ tab: "settings" }}
          className={LINK}
        >
          <Trans>Open the settings</Trans>
        </Link>
      )}
    </span>
  );
}
