import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Pause, Play, X } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import type { TrainingJob } from "@/client/contract";
import { Button } from "@/components/button";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { errorText } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import { useJobActions } from "../api/jobs";

const WAITS = ["queued", "waiting_window"];

/** Pause, go on, end: as far as each has a sense where the job stands. */
export function JobActions({ job }: { job: TrainingJob }) {
  const { slug, may } = useTenant();
  const [isAsking, setIsAsking] = useState(false);
  const { pause, resume, cancel } = useJobActions(slug, job.id);
  const onError = (error: Error) => toast.error(errorText(error));
  const reason = may("admin") ? undefined : t`Admins and above steer training.`;
  const gate = { disabled: reason !== undefined, title: reason };
  const canResume = job.status === "paused" || job.wants_pause;
  const canTrainNow = !job.is_now && (job.status === "waiting_window" || job.status === "paused");
  return (
    <span className="flex flex-wrap gap-2">
      {canTrainNow && (
        <Button
          variant="primary"
          {...gate}
          isBusy={resume.isPending && resume.variables}
          onClick={() => resume.mutate(true, { onError })}
        >
          <Play aria-hidden />
          <Trans>Train now</Trans>
        </Button>
      )}
      {canResume && (
        <Button
          {...gate}
          isBusy={resume.isPending && !resume.variables}
          onClick={() => resume.mutate(false, { onError })}
        >
          <Trans>Resume</Trans>
        </Button>
      )}
      {!canResume && (job.status === "running" || WAITS.includes(job.status)) && (
        <Button
          {...gate}
          isBusy={pause.isPending}
          onClick={() => pause.mutate(undefined, { onError })}
        >
          <Pause aria-hidden />
          <Trans>Pause</Trans>
        </Button>
      )}
      {!job.wants_cancel && job.status !== "gating" && (
        <Button variant="danger" {...gate} onClick={() => setIsAsking(true)}>
          <X aria-hidden />
          <Trans>Cancel</Trans>
        </Button>
      )}
      <ConfirmDialog
        isOpen={isAsking}
        onClose={() => setIsAsking(false)}
        title={t`Cancel this job?`}
        action={t`Cancel the job`}
        isBusy={cancel.isPending}
        onConfirm={() =>
          cancel.mutate(undefined, {
            onSuccess: () => toast(t`The job ends after the step in hand.`),
            onError,
            onSettled: () => setIsAsking(false),
          })
        }
      >
        <Trans>
          It ends after the step in hand. What its last step left is kept as a checkpoint; the other
          steps are not taken.
        </Trans>
      </ConfirmDialog>
    </span>
  );
}
