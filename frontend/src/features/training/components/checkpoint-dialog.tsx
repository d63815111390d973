import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { toast } from "sonner";
import type { Checkpoint } from "@/client/contract";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";
import { Dialog, DialogFooter } from "@/components/dialog";
import { Field, Input, Textarea } from "@/components/field";
import { ApiError, errorText } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import { useDecide, useRollback } from "../api/checkpoints";
import { useStartJob } from "../api/jobs";
import { type Step, wordsOf } from "../checkpoint-words";

type Props = { checkpoint: Checkpoint; what: Step; onClose: () => void };

/** Asks once more before a step, and for what belongs to it: a reason, or a share. */
export function CheckpointDialog({ checkpoint, what, onClose }: Props) {
  const words = wordsOf(what, checkpoint.step, checkpoint.route_model);
  return (
    <Dialog isOpen onClose={onClose} title={words.title} note={words.note}>
      <StepForm checkpoint={checkpoint} what={what} onClose={onClose} />
    </Dialog>
  );
}

function StepForm({ checkpoint, what, onClose }: Props) {
  const words = wordsOf(what, checkpoint.step, checkpoint.route_model);
  const [reason, setReason] = useState("");
  const [percent, setPercent] = useState("10");
  const step = useStep(checkpoint, what);
  const fields = step.error instanceof ApiError ? step.error.fields : {};
  return (
    <form
      className="flex flex-col gap-3.5"
      onSubmit={(event) => {
        event.preventDefault();
        step.take({ reason, share: Number(percent) / 100 }, () => {
          toast.success(words.done);
          onClose();
        });
      }}
    >
      {step.error && <Banner tone="bad" title={errorText(step.error)} />}
      {words.asks === "reason" && (
        <Field
          label={t`Why`}
          hint={words.isReasonNeeded ? undefined : t`May stay empty.`}
          errors={fields.reason}
        >
          {(control) => (
            <Textarea
              {...control}
              required={words.isReasonNeeded}
              maxLength={400}
              value={reason}
              onChange={({ target }) => setReason(target.value)}
            />
          )}
        </Field>
      )}
      {words.asks === "share" && (
        <Field label={t`Percent of the sessions`} isBeside errors={fields.share}>
          {(control) => (
            <Input
              {...control}
              required
              type="number"
              min={1}
              max={90}
              className="text-right"
              value={percent}
              onChange={({ target }) => setPercent(target.value)}
            />
          )}
        </Field>
      )}
      <DialogFooter>
        <Button onClick={onClose}>
          <Trans>Cancel</Trans>
        </Button>
        <Button
          type="submit"
          variant={words.isDanger ? "danger" : "primary"}
          isBusy={step.isPending}
        >
          {words.action}
        </Button>
      </DialogFooter>
    </form>
  );
}

type Asked = { reason: string; share: number };

/** One face for the three addresses that the steps go to. */
function useStep(checkpoint: Checkpoint, what: Step) {
  const { slug } = useTenant();
  const decide = useDecide(slug, checkpoint.id);
  const rollback = useRollback(slug, checkpoint.policy);
  const train = useStartJob(slug);
  const { error, isPending } = what === "rollback" ? rollback : what === "train" ? train : decide;
  function take({ reason, share }: Asked, onSuccess: () => void) {
    if (what === "rollback") return rollback.mutate(reason, { onSuccess });
    if (what === "train") {
      const body = { policy: checkpoint.policy, is_now: true, start: checkpoint.id };
      return train.mutate(body, { onSuccess });
    }
    const body = what === "pass" ? { reason } : what === "canary" ? { share } : undefined;
    return decide.mutate({ deed: what, body }, { onSuccess });
  }
  return { take, error, isPending };
}
