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
        aria-label={`Edit ${agent.name}`}
        onClick={() => setOpen("edit")}
      >
        <Pencil aria-hidden />
      </Button>
      <Button
        variant="danger"
        isIcon
        disabled={!may("admin")}
        aria-label={`Delete ${agent.name}`}
        onClick={() => setOpen("delete")}
      >
        <Trash2 aria-hidden />
      </Button>
      <AgentDialog agent={agent} isOpen={open === "edit"} onClose={close} />
      <ConfirmDialog
        isOpen={open === "delete"}
        onClose={close}
        title={`Delete ${agent.name}?`}
        action="Delete"
        isBusy={remove.isPending}
        onConfirm={() =>
          remove.mutate(undefined, {
            onSuccess: () => toast(`${agent.name} is gone.`),
            onError: (error) => toast.error(errorText(error)),
            onSettled: close,
          })
        }
      >
        Its requests then follow the settings of the workspace.
      </ConfirmDialog>
    </span>
  );
}
