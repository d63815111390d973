import { t } from "@lingui/core/macro";
import { Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import type { Limit } from "@/client/contract";
import { Button } from "@/components/button";
import { errorText } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import { useLiftLimit, useSaveLimit } from "../api/limits";
import { LimitDialog } from "./limit-dialog";

/** Changing a limit, and lifting it: that can be undone, so nobody is asked before. */
export function LimitActions({ limit, name }: { limit: Limit; name: string }) {
  const { slug, may } = useTenant();
  const [isEditing, setIsEditing] = useState(false);
  const lift = useLiftLimit(slug);
  const again = useSaveLimit(slug, null);
  const onError = (error: unknown) => toast.error(errorText(error));

  function remove() {
    const { id: _, created_at: __, subject_name: ___, ...numbers } = limit;
    lift.mutate(limit.id, {
      onSuccess: () =>
        toast(t`The limit of ${name} is lifted.`, {
          action: { label: t`Undo`, onClick: () => again.mutate(numbers, { onError }) },
        }),
      onError,
    });
  }

  return (
    <span className="inline-flex shrink-0 gap-1.5">
      <Button
        isIcon
        disabled={!may("admin")}
        aria-label={t`Change the limit of ${name}`}
        onClick={() => setIsEditing(true)}
      >
        <Pencil aria-hidden />
      </Button>
      <Button
        variant="danger"
        isIcon
        disabled={!may("admin") || lift.isPending}
        aria-label={t`Lift the limit of ${name}`}
        onClick={remove}
      >
        <Trash2 aria-hidden />
      </Button>
      <LimitDialog limit={limit} isOpen={isEditing} onClose={() => setIsEditing(false)} />
    </span>
  );
}
