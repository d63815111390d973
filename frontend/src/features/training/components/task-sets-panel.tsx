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
import { plural } from "@/lib/format";
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
      title="Task sets"
      aside={
        <Button
          disabled={!may("admin")}
          title={may("admin") ? undefined : "Admins and above add tasks."}
          onClick={() => setIsAdding(true)}
        >
          <Plus aria-hidden /> Add
        </Button>
      }
    >
      {sets.isPending && <LoadingRows rows={2} label="Loading task sets" />}
      {sets.isError && <ErrorState error={sets.error} onRetry={() => void sets.refetch()} />}
      {sets.data?.length === 0 && (
        <p className="px-3.5 py-3 text-sm text-mute">
          None yet. A file of tasks, one JSON object a line, is enough to train on: no traffic is
          needed.
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
        {plural(set.count, "task")} · <Ago at={set.created_at} />
      </span>
      <Button
        variant="ghost"
        isIcon
        disabled={!may("admin")}
        aria-label={`Delete ${set.name}`}
        onClick={() => setIsAsking(true)}
      >
        <Trash2 aria-hidden />
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        onClose={() => setIsAsking(false)}
        title={`Delete ${set.name}?`}
        action="Delete"
        isBusy={remove.isPending}
        onConfirm={() =>
          remove.mutate(undefined, {
            onSuccess: () => toast(`${set.name} is gone.`),
            onError: (error) => toast.error(errorText(error)),
            onSettled: () => setIsAsking(false),
          })
        }
      >
        What was played of it stays on record.
      </ConfirmDialog>
    </li>
  );
}
