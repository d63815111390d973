import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { toast } from "sonner";
import type { WorkspaceDeletion } from "@/client/contract";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { Moment } from "@/components/moment";
import { Panel } from "@/components/panel";
import { ErrorState, LoadingBlock } from "@/components/states";
import { errorText } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import { useAskDeletion, useDeletion, useUndoDeletion } from "../api/deletion";

/** The end of the workspace: who may, what happens, and the way back. */
export function DangerZone() {
  const { slug } = useTenant();
  const deletion = useDeletion(slug);
  return (
    <Panel title={t`Danger zone`} className="mt-4">
      {deletion.isPending && <LoadingBlock label={t`Loading the state of the workspace`} />}
      {deletion.isError && (
        <ErrorState error={deletion.error} onRetry={() => void deletion.refetch()} />
      )}
      {deletion.isSuccess &&
        (deletion.data.delete_after ? (
          <Going state={deletion.data} at={deletion.data.delete_after} />
        ) : (
          <Staying graceHours={deletion.data.grace_hours} />
        ))}
    </Panel>
  );
}

function Staying({ graceHours }: { graceHours: number }) {
  const { slug, name, may } = useTenant();
  const [isAsking, setIsAsking] = useState(false);
  const ask = useAskDeletion(slug);
  return (
    <div className="flex flex-col items-start gap-3 p-4 text-sm">
      <p className="max-w-[62ch]">
        <Trans>
          <span className="font-medium">Delete this workspace.</span> Its keys stop at once. For{" "}
          {graceText(graceHours)} an owner can undo it; then turns, skills, proposals, scores, keys,
          members, the audit log and exports are deleted, and a signed certificate of that is left.
          People keep their accounts.{" "}
        </Trans>
        {may("owner") ? "" : t`Only an owner can do this.`}
      </p>
      <Button variant="danger" disabled={!may("owner")} onClick={() => setIsAsking(true)}>
        <Trans>Delete workspace</Trans>
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        onClose={() => setIsAsking(false)}
        title={t`Delete ${name}?`}
        action={t`Delete workspace`}
        typed={name}
        isBusy={ask.isPending}
        onConfirm={() =>
          ask.mutate(name, {
            onSuccess: () => setIsAsking(false),
            onError: (error) => toast.error(errorText(error)),
          })
        }
      >
        <Trans>
          Agents that use its keys are refused within seconds. Take an export first, if anybody may
          want something of it later.
        </Trans>
      </ConfirmDialog>
    </div>
  );
}

function Going({ state, at }: { state: WorkspaceDeletion; at: string }) {
  const { slug, may } = useTenant();
  const undo = useUndoDeletion(slug);
  return (
    <div className="p-4">
      <Banner
        tone="bad"
        title={
          <Trans>
            This workspace will be deleted after <Moment at={at} />
          </Trans>
        }
        action={
          <Button
            disabled={!may("owner")}
            isBusy={undo.isPending}
            onClick={() =>
              undo.mutate(undefined, {
                onSuccess: () => toast.success(t`The workspace stays; its keys work again.`),
                onError: (error) => toast.error(errorText(error)),
              })
            }
          >
            <Trans>Keep the workspace</Trans>
          </Button>
        }
      >
        <p>
          <Trans>
            Asked for by {state.asked_by}. Its keys are refused until then; an owner can undo it.
          </Trans>
        </p>
        {state.certificate_id && (
          <p className="mt-1 text-xs break-all">
            <Trans>
              The certificate will be at{" "}
              <code>/api/v1/deletion-certificates/{state.certificate_id}/</code>, for you alone:
              write this down.
            </Trans>
          </p>
        )}
      </Banner>
    </div>
  );
}

function graceText(hours: number): string {
  return hours >= 48
    ? plural(Math.round(hours / 24), { one: "# day", other: "# days" })
    : plural(hours, { one: "# hour", other: "# hours" });
}
