import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { RotateCcw } from "lucide-react";
import { toast } from "sonner";
import type { BackgroundJob } from "@/client/contract";
import { Ago } from "@/components/ago";
import { Button } from "@/components/button";
import { Moment } from "@/components/moment";
import { Tag } from "@/components/tag";
import { errorText } from "@/lib/api";
import { shortId } from "@/lib/format";
import { saidText } from "@/lib/said";
import { useTenant } from "@/lib/tenant";
import { useRetryJob } from "../api/jobs";
import { nameOf, STATUS } from "../words";

export function JobList({ jobs }: { jobs: BackgroundJob[] }) {
  return (
    <ul aria-label={t`Jobs, newest first`} className="divide-y divide-line">
      {jobs.map((job) => (
        <Job key={job.id} job={job} />
      ))}
    </ul>
  );
}

function Job({ job }: { job: BackgroundJob }) {
  const { text, tone } = STATUS[job.status];
  return (
    <li className="grid grid-cols-[88px_minmax(0,1fr)_max-content] items-start gap-x-3 px-3.5 py-2.5 text-sm">
      <span className="pt-px">
        <Tag tone={tone}>{text}</Tag>
      </span>
      <div className="min-w-0">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-medium">{nameOf(job.kind)}</span>
          <span className="font-mono text-xs text-mute">
            {job.kind} {shortId(job.id)}
          </span>
        </p>
        <Tries job={job} />
        {job.last_error && job.status !== "done" && (
          <p className="mt-1 font-mono text-xs break-words whitespace-pre-wrap">
            {saidText(job.last_error, job.last_error_said)}
          </p>
        )}
      </div>
      <div className="flex items-center gap-3 text-xs text-mute">
        <Ago at={job.finished_at ?? job.created_at} />
        {job.status === "dead" && <Retry job={job} />}
      </div>
    </li>
  );
}

function Retry({ job }: { job: BackgroundJob }) {
  const { slug } = useTenant();
  const retry = useRetryJob(slug);
  return (
    <Button
      isBusy={retry.isPending}
      onClick={() =>
        retry.mutate(job.id, {
          onSuccess: () => toast.success(t`It is tried again.`),
          onError: (error) => toast.error(errorText(error)),
        })
      }
      aria-label={t`Try again: ${nameOf(job.kind)} ${shortId(job.id)}`}
    >
      <RotateCcw aria-hidden />
      <Trans>Try again</Trans>
    </Button>
  );
}

function Tries({ job }: { job: BackgroundJob }) {
  const said = [];
  if (job.attempts > 0)
    said.push(
      t`${plural(job.attempts, { one: "# failed try", other: "# failed tries" })} of ${job.max_attempts}`,
    );
  if (job.crashes > 0)
    said.push(t`${plural(job.crashes, { one: "# worker", other: "# workers" })} died with it`);
  if (said.length === 0 && job.status !== "queued") return null;
  return (
    <p className="text-xs text-mute">
      {said.join(", ")}
      {job.status === "queued" && (
        <>
          {said.length > 0 && ", "}
          <Trans>
            not before <Moment at={job.run_after} />
          </Trans>
        </>
      )}
    </p>
  );
}
