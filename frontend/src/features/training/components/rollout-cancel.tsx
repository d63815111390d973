import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { toast } from "sonner";
import type { Rollout } from "@/client/contract";
import { Button } from "@/components/button";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { errorText } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import { useCancelRollout } from "../api/rollouts";
import { purpose } from "../rollout-words";

/** For one by hand: that of a training job ends with the job. */
export function RolloutCancel({ rollout }: { rollout: Rollout }) {
  const { slug, may } = useTenant();
  const [isAsking, setIsAsking] = useState(false);
  const cancel = useCancelRollout(slug);
  return (
    <>
      <Button
        variant="danger"
        disabled={!may("admin")}
        title={may("admin") ? undefined : t`Admins and above cancel rollouts.`}
        onClick={() => setIsAsking(true)}
      >
        <Trans>
          Cancel<span className="sr-only"> {purpose(rollout)}</span>
        </Trans>
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        onClose={() => setIsAsking(false)}
        title={t`Cancel this rollout?`}
        action={t`Cancel the rollout`}
        isBusy={cancel.isPending}
        onConfirm={() =>
          cancel.mutate(rollout.id, {
            onSuccess: () => toast(t`No more of it is played.`),
            onError: (error) => toast.error(errorText(error)),
            onSettled: () => setIsAsking(false),
          })
        }
      >
        <Trans>What is played of it stays.</Trans>
      </ConfirmDialog>
    </>
  );
}
