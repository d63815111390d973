import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import type { Route } from "@/client/contract";
import { Button } from "@/components/button";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { errorText } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import { useDeleteRoute } from "../api/routes";
import { RouteDialog } from "./route-dialog";

export function RouteActions({ route }: { route: Route }) {
  const { slug, may } = useTenant();
  const [open, setOpen] = useState<"edit" | "delete" | null>(null);
  const remove = useDeleteRoute(slug, route.id);
  const close = () => setOpen(null);
  return (
    <span className="inline-flex gap-1.5">
      <Button
        isIcon
        disabled={!may("admin")}
        aria-label={t`Edit route ${route.model}`}
        onClick={() => setOpen("edit")}
      >
        <Pencil aria-hidden />
      </Button>
      <Button
        variant="danger"
        isIcon
        disabled={!may("admin")}
        aria-label={t`Delete route ${route.model}`}
        onClick={() => setOpen("delete")}
      >
        <Trash2 aria-hidden />
      </Button>
      <RouteDialog route={route} isOpen={open === "edit"} onClose={close} />
      <ConfirmDialog
        isOpen={open === "delete"}
        onClose={close}
        title={t`Delete the route for ${route.model}?`}
        action={t`Delete`}
        isBusy={remove.isPending}
        onConfirm={() =>
          remove.mutate(undefined, {
            onSuccess: () => toast(t`The route for ${route.model} is gone.`),
            onError: (error) => toast.error(errorText(error)),
            onSettled: close,
          })
        }
      >
        <Trans>
          Its requests then go to another route that fits, or to the upstream that serves.
        </Trans>
      </ConfirmDialog>
    </span>
  );
}
