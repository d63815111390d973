import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import type { TrainingPolicy } from "@/client/contract";
import { Button } from "@/components/button";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { Panel } from "@/components/panel";
import { errorText } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import { useDeletePolicy } from "../api/policies";
import { PolicyForm } from "./policy-form";

type Props = { policy: TrainingPolicy; onDeleted: () => void };

export function SettingsTab({ policy, onDeleted }: Props) {
  const { may } = useTenant();
  const isDisabled = !may("admin");
  return (
    <Panel
      title={t`Settings`}
      className="max-w-[720px]"
      aside={<DeleteButton policy={policy} onDeleted={onDeleted} />}
    >
      <PolicyForm
        key={policy.id}
        policy={policy}
        isDisabled={isDisabled}
        className="flex flex-col gap-3.5 p-4"
      >
        {({ isSame, isBusy, undo }) => (
          <footer className="flex flex-wrap items-center gap-2 border-t border-line px-4 py-3">
            <Button type="submit" variant="primary" isBusy={isBusy} disabled={isDisabled || isSame}>
              <Trans>Save</Trans>
            </Button>
            <Button disabled={isSame} onClick={undo}>
              <Trans>Undo changes</Trans>
            </Button>
            <span className="text-xs text-mute">
              <Trans>A job under way goes on as it began.</Trans>
            </span>
          </footer>
        )}
      </PolicyForm>
    </Panel>
  );
}

function DeleteButton({ policy, onDeleted }: Props) {
  const { slug, may } = useTenant();
  const [isAsking, setIsAsking] = useState(false);
  const remove = useDeletePolicy(slug, policy.id);
  return (
    <>
      <Button variant="danger" disabled={!may("admin")} onClick={() => setIsAsking(true)}>
        <Trash2 aria-hidden />
        <Trans>Delete</Trans>
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        onClose={() => setIsAsking(false)}
        title={t`Delete ${policy.name}?`}
        action={t`Delete`}
        typed={policy.name}
        isBusy={remove.isPending}
        onConfirm={() =>
          remove.mutate(undefined, {
            onSuccess: () => {
              toast(t`${policy.name} is gone.`);
              onDeleted();
            },
            onError: (error) => toast.error(errorText(error)),
            onSettled: () => setIsAsking(false),
          })
        }
      >
        <Trans>Its jobs, steps and checkpoints go with it. Samples stay.</Trans>
      </ConfirmDialog>
    </>
  );
}
