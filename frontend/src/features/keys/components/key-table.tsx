import { clsx } from "clsx";
import { useState } from "react";
import { toast } from "sonner";
import type { ApiKey } from "@/client/contract";
import { Ago } from "@/components/ago";
import { Button } from "@/components/button";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { type Column, DataTable } from "@/components/data-table";
import { Tag } from "@/components/tag";
import { errorText } from "@/lib/api";
import { formatDay } from "@/lib/format";
import { useTenant } from "@/lib/tenant";
import { useNow } from "@/lib/use-now";
import { useRevokeKey } from "../api/keys";

const COLUMNS: Column<ApiKey>[] = [
  {
    id: "name",
    header: "Name",
    sortBy: (key) => key.name,
    cell: (key) => (
      <span className={clsx("font-medium", key.revoked_at && "text-mute line-through")}>
        {key.name}
      </span>
    ),
  },
  {
    id: "key",
    header: "Key",
    cell: (key) => (
      <span className="font-mono text-xs whitespace-nowrap text-mute">
        mck_live_{key.public_id}…{key.last4}
      </span>
    ),
  },
  {
    id: "scopes",
    header: "Scopes",
    cell: (key) => (
      <span className="flex flex-wrap gap-1">
        {key.scopes.map((scope) => (
          <Tag key={scope} tone={scope === "admin" ? "warn" : "quiet"}>
            {scope}
          </Tag>
        ))}
        {key.passes_credentials && <Tag>pass-through</Tag>}
        {key.path_allowed && <Tag>in the address</Tag>}
      </span>
    ),
  },
  {
    id: "agent",
    header: "Agent",
    sortBy: (key) => key.agent,
    cell: (key) => key.agent || <span className="text-mute">any</span>,
  },
  {
    id: "last_used",
    header: "Last used",
    sortBy: (key) => key.last_used_at ?? "",
    cell: (key) =>
      key.last_used_at ? <Ago at={key.last_used_at} /> : <span className="text-mute">never</span>,
  },
  {
    id: "created",
    header: "Created",
    sortBy: (key) => key.created_at,
    cell: (key) => (
      <span className="whitespace-nowrap">
        {formatDay(key.created_at)} <span className="text-mute">by {key.created_by}</span>
      </span>
    ),
  },
  { id: "state", header: "State", cell: (key) => <KeyState apiKey={key} /> },
  {
    id: "actions",
    header: <span className="sr-only">Actions</span>,
    isNumeric: true,
    cell: (key) => <RevokeButton apiKey={key} />,
  },
];

export function KeyTable({ keys }: { keys: ApiKey[] }) {
  return <DataTable label="Keys" rows={keys} columns={COLUMNS} rowId={(key) => key.id} />;
}

function KeyState({ apiKey }: { apiKey: ApiKey }) {
  const now = useNow();
  const { revoked_at, expires_at } = apiKey;
  if (revoked_at) return <Tag tone="bad">revoked</Tag>;
  if (expires_at && Date.parse(expires_at) <= now) return <Tag tone="warn">expired</Tag>;
  if (expires_at) {
    return <span className="whitespace-nowrap">until {formatDay(expires_at)}</span>;
  }
  return <Tag tone="ok">active</Tag>;
}

function RevokeButton({ apiKey }: { apiKey: ApiKey }) {
  const { slug, may } = useTenant();
  const [isAsking, setIsAsking] = useState(false);
  const revoke = useRevokeKey(slug);
  if (apiKey.revoked_at) return null;
  return (
    <>
      <Button
        variant="danger"
        disabled={!may("admin")}
        aria-label={`Revoke ${apiKey.name}`}
        onClick={() => setIsAsking(true)}
      >
        Revoke
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        onClose={() => setIsAsking(false)}
        title={`Revoke ${apiKey.name}?`}
        action="Revoke key"
        typed={apiKey.name}
        isBusy={revoke.isPending}
        onConfirm={() =>
          revoke.mutate(apiKey.id, {
            onSuccess: () => {
              setIsAsking(false);
              toast(`${apiKey.name} revoked.`);
            },
            onError: (error) => toast.error(errorText(error)),
          })
        }
      >
        Every agent that uses it is refused within seconds. This cannot be undone.
      </ConfirmDialog>
    </>
  );
}
