import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { Checkpoint, TrainingJob, TrainingPolicy } from "@/client/contract";
import { Ago } from "@/components/ago";
import { Panel } from "@/components/panel";
import { Tag } from "@/components/tag";
import { isUnderWay } from "@/components/training-status";
import { useTenant } from "@/lib/tenant";
import { useCheckpoints } from "../api/checkpoints";
import { useJobs } from "../api/jobs";
import { MODE, SOURCE } from "../words";
import { JobStanding } from "./job-standing";
import { JobTag } from "./job-tag";
import { ModelName } from "./model-name";

export function PoliciesPanel({ policies }: { policies: TrainingPolicy[] }) {
  const { slug } = useTenant();
  const jobs = useJobs(slug);
  const serving = useCheckpoints(slug, { status: "serving" });
  return (
    <Panel title={t`Policies`}>
      <ul className="divide-y divide-line">
        {policies.map((policy) => (
          <PolicyRow
            key={policy.id}
            policy={policy}
            // Latest first, so the first one found is the one under way or the last there was.
            job={jobs.data?.find((job) => job.policy === policy.id)}
            serving={serving.data?.find((checkpoint) => checkpoint.policy === policy.id)}
          />
        ))}
      </ul>
    </Panel>
  );
}

type RowProps = { policy: TrainingPolicy; job?: TrainingJob; serving?: Checkpoint };

function PolicyRow({ policy, job, serving }: RowProps) {
  const { slug: tenant } = useTenant();
  return (
    <li className="grid gap-x-5 gap-y-2 px-3.5 py-3 md:grid-cols-[minmax(0,5fr)_minmax(0,6fr)]">
      <div className="flex min-w-0 flex-col gap-1">
        <div className="flex flex-wrap items-center gap-2">
          <Link
            to="/t/$tenant/training/$policyId"
            params={{ tenant, policyId: policy.id }}
            className="text-base font-semibold hover:underline"
          >
            {policy.name}
          </Link>
          {serving && (
            <Tag tone="ok" title={t`Answers as ${serving.route_model}`}>
              <Trans>step {serving.step} serves</Trans>
            </Tag>
          )}
        </div>
        <p className="text-xs text-mute">
          <ModelName name={policy.base_model} />
          <Trans> at {policy.upstream_name}</Trans>
        </p>
        <p className="text-xs text-mute">
          <Trans>
            Learns from {SOURCE[policy.source].name}, {MODE[policy.mode].name}.
          </Trans>
        </p>
      </div>
      <div className="flex min-w-0 flex-col gap-1.5">
        {job ? (
          <>
            <p className="flex items-center gap-2 text-xs text-mute">
              <JobTag job={job} />
              <span>
                {isUnderWay(job) ? (
                  <Trans>
                    since <Ago at={job.started_at ?? job.created_at} />
                  </Trans>
                ) : (
                  <Trans>
                    ended <Ago at={job.ended_at ?? job.created_at} />
                  </Trans>
                )}
              </span>
            </p>
            <JobStanding job={job} />
          </>
        ) : (
          <p className="text-xs text-mute">
            <Trans>It was not trained yet.</Trans>
          </p>
        )}
      </div>
    </li>
  );
}
