import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import type { Agent } from "@/client/contract";
import { Button } from "@/components/button";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { errorText } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import { useDeleteAgent } from "../api/agents";
import { AgentDialog } from "./agent-dialog";

export function AgentActions({ agent }: { agent: Agent }) {
  const { slug, may } = useTenant();
  const [open, setOpen] = useState<"edit" | "delete" | null>(null);
  const remove = useDeleteAgent(slug, agent.id);
  const close = () => setOpen(null);
  return (
    <span className="inline-flex gap-1.5">
      <Button
        isIcon
        disabled={!may("admin")}
        aria-label={t`Edit ${agent.name}`}
        onClick={() => setOpen("edit")}
      >
        <Pencil aria-hidden />
      </Button>
      <Button
        variant="danger"
        isIcon
        disabled={!may("admin")}
        aria-label={t`Delete ${agent.name}`}
        onClick={() => setOpen("delete")}
      >
        <Trash2 aria-hidden />
      </Button>
      <AgentDialog agent={agent} isOpen={open === "edit"} onClose={close} />
      <ConfirmDialog
        isOpen={open === "delete"}
        onClose={close}
        title={t`Delete ${agent.name}?`}
        action={t`Delete`}
        isBusy={remove.isPending}
        onConfirm={() =>
          remove.mutate(undefined, {
            onSuccess: () => toast(t`${agent.name} is gone.`),
            onError: (error) => toast.error(errorText(error)),
            onSettled: close,
          })
        }
      >
        <Trans>Its requests then follow the settings of the workspace.</Trans>
      </ConfirmDialog>
    </span>
  );
}
