import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { toast } from "sonner";
import type { ApiKey } from "@/client/contract";
import { Button, buttonClass } from "@/components/button";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { errorText } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import { useNow } from "@/lib/use-now";
import { useRevokeKey } from "../api/keys";
import { RotateDialog } from "./rotate-dialog";

export function KeyActions({ apiKey }: { apiKey: ApiKey }) {
  const now = useNow();
  if (apiKey.revoked_at) return null;
  const hasEnded = apiKey.expires_at !== null && Date.parse(apiKey.expires_at) <= now;
  return (
    <span className="flex flex-wrap justify-end gap-1.5 lg:flex-nowrap">
      {!hasEnded && apiKey.scopes.includes("gateway") && <LimitLink apiKey={apiKey} />}
      {!hasEnded && <RotateButton apiKey={apiKey} />}
      <RevokeButton apiKey={apiKey} />
    </span>
  );
}

function LimitLink({ apiKey }: { apiKey: ApiKey }) {
  const { slug: tenant, may } = useTenant();
  if (!may("admin")) return null;
  return (
    <Link
      to="/t/$tenant/budgets"
      params={{ tenant }}
      search={{ limit: `key:${apiKey.id}` }}
      className={buttonClass()}
      aria-label={t`Limit of ${apiKey.name}`}
    >
      <Trans>Limit</Trans>
    </Link>
  );
}

function RotateButton({ apiKey }: { apiKey: ApiKey }) {
  const { may } = useTenant();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button
        disabled={!may("admin")}
        aria-label={t`Rotate ${apiKey.name}`}
        onClick={() => setIsOpen(true)}
      >
        <Trans>Rotate</Trans>
      </Button>
      <RotateDialog apiKey={apiKey} isOpen={isOpen} onClose={() => setIsOpen(false)} />
    </>
  );
}

function RevokeButton({ apiKey }: { apiKey: ApiKey }) {
  const { slug, may } = useTenant();
  const [isAsking, setIsAsking] = useState(false);
  const revoke = useRevokeKey(slug);
  return (
    <>
      <Button
        variant="danger"
        disabled={!may("admin")}
        aria-label={t`Revoke ${apiKey.name}`}
        onClick={() => setIsAsking(true)}
      >
        <Trans>Revoke</Trans>
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        onClose={() => setIsAsking(false)}
        title={t`Revoke ${apiKey.name}?`}
        action={t`Revoke key`}
        typed={apiKey.name}
        isBusy={revoke.isPending}
        onConfirm={() =>
          revoke.mutate(apiKey.id, {
            onSuccess: () => {
              setIsAsking(false);
              toast(t`${apiKey.name} revoked.`);
            },
            onError: (error) => toast.error(errorText(error)),
          })
        }
      >
        <Trans>Every agent that uses it is refused within seconds. This cannot be undone.</Trans>
      </ConfirmDialog>
    </>
  );
}
