import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { TrainingJob, TrainingPolicy } from "@/client/contract";
import { Ago } from "@/components/ago";
import { Panel } from "@/components/panel";
import { isUnderWay } from "@/components/training-status";
import { TRIGGER } from "../job-words";
import { JobActions } from "./job-actions";
import { JobStanding } from "./job-standing";
import { JobTag } from "./job-tag";
import { StartButtons } from "./start-buttons";
import { WindowLine } from "./window-line";

type Props = { policy: TrainingPolicy; latest: TrainingJob | undefined };

/** The one job that a policy may have under way, or the ways to begin one. */
export function JobPanel({ policy, latest }: Props) {
  if (!latest || !isUnderWay(latest)) return <NoJob policy={policy} latest={latest} />;
  return (
    <Panel
      title={
        <span className="flex items-center gap-2">
          <Trans>Job under way </Trans>
          <JobTag job={latest} />
        </span>
      }
      aside={<JobActions job={latest} />}
    >
      <div className="flex flex-col gap-2 px-3.5 py-3">
        <JobStanding job={latest} />
        <p className="text-xs text-mute">
          <Ago at={latest.started_at ?? latest.created_at} /> · {TRIGGER[latest.trigger]}
          {latest.asked_by && ` (${latest.asked_by})`}
          {latest.is_now && t` · waits for no window`}
        </p>
        {!latest.is_now && <WindowLine />}
      </div>
    </Panel>
  );
}

function NoJob({ policy, latest }: Props) {
  return (
    <Panel title={t`No job under way`} aside={<StartButtons policy={policy} />}>
      <div className="flex flex-col gap-2 px-3.5 py-3">
        {latest ? (
          <>
            <p className="flex flex-wrap items-center gap-2 text-xs text-mute">
              <Trans>The last one: </Trans>
              <JobTag job={latest} />
              <span>
                {latest.ended_at && <Ago at={latest.ended_at} />}
                <Trans>
                  , after {latest.done_steps} of{" "}
                  {plural(latest.planned_steps, { one: "# step", other: "# steps" })}
                </Trans>
              </span>
            </p>
            <JobStanding job={latest} />
          </>
        ) : (
          <p className="text-sm text-mute">
            <Trans>
              It was not trained yet. “One step” is the smallest try: it shows whether trainer,
              samples and rewards are there.
            </Trans>
          </p>
        )}
        <WindowLine />
      </div>
    </Panel>
  );
}
