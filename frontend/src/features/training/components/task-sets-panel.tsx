import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import type { TaskSet } from "@/client/contract";
import { Ago } from "@/components/ago";
import { Button } from "@/components/button";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { Panel } from "@/components/panel";
import { ErrorState, LoadingRows } from "@/components/states";
import { errorText } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import { useDeleteTaskSet, useTaskSets } from "../api/task-sets";
import { TaskSetDialog } from "./task-set-dialog";

/** Tasks that a policy may learn from without any traffic. */
export function TaskSetsPanel() {
  const { slug, may } = useTenant();
  const sets = useTaskSets(slug);
  const [isAdding, setIsAdding] = useState(false);
  return (
    <Panel
      title={t`Task sets`}
      aside={
        <Button
          disabled={!may("admin")}
          title={may("admin") ? undefined : t`Admins and above add tasks.`}
          onClick={() => setIsAdding(true)}
        >
          <Plus aria-hidden />
          <Trans>Add</Trans>
        </Button>
      }
    >
      {sets.isPending && <LoadingRows rows={2} label={t`Loading task sets`} />}
      {sets.isError && <ErrorState error={sets.error} onRetry={() => void sets.refetch()} />}
      {sets.data?.length === 0 && (
        <p className="px-3.5 py-3 text-sm text-mute">
          <Trans>
            None yet. A file of tasks, one JSON object a line, is enough to train on: no traffic is
            needed.
          </Trans>
        </p>
      )}
      <ul className="divide-y divide-line">
        {sets.data?.map((set) => (
          <Row key={set.id} set={set} />
        ))}
      </ul>
      <TaskSetDialog isOpen={isAdding} onClose={() => setIsAdding(false)} />
    </Panel>
  );
}

function Row({ set }: { set: TaskSet }) {
  const { slug, may } = useTenant();
  const [isAsking, setIsAsking] = useState(false);
  const remove = useDeleteTaskSet(slug, set.id);
  return (
    <li className="flex min-h-11 items-center gap-3 px-3.5 py-2 text-sm">
      <span className="mr-auto min-w-0 truncate font-medium" title={set.name}>
        {set.name}
      </span>
      <span className="text-xs whitespace-nowrap text-mute">
        {plural(set.count, { one: "# task", other: "# tasks" })} · <Ago at={set.created_at} />
      </span>
      <Button
        variant="ghost"
        isIcon
        disabled={!may("admin")}
        aria-label={t`Delete ${set.name}`}
        onClick={() => setIsAsking(true)}
      >
        <Trash2 aria-hidden />
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        onClose={() => setIsAsking(false)}
        title={t`Delete ${set.name}?`}
        action={t`Delete`}
        isBusy={remove.isPending}
        onConfirm={() =>
          remove.mutate(undefined, {
            onSuccess: () => toast(t`${set.name} is gone.`),
            onError: (error) => toast.error(errorText(error)),
            onSettled: () => setIsAsking(false),
          })
        }
      >
        <Trans>What was played of it stays on record.</Trans>
      </ConfirmDialog>
    </li>
  );
}
