import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { clsx } from "clsx";
import type { ApiKey } from "@/client/contract";
import { Ago } from "@/components/ago";
import { type Column, DataTable } from "@/components/data-table";
import { Moment } from "@/components/moment";
import { Tag } from "@/components/tag";
import { useNow } from "@/lib/use-now";
import { KeyActions } from "./key-actions";
import { Overlap } from "./overlap";

const COLUMNS: Column<ApiKey>[] = [
  {
    id: "name",
    header: t`Name`,
    sortBy: (key) => key.name,
    cell: (key) => (
      <span className={clsx("font-medium", key.revoked_at && "text-mute line-through")}>
        {key.name}
      </span>
    ),
  },
  {
    id: "key",
    header: t`Key`,
    cell: (key) => (
      <span className="font-mono text-xs whitespace-nowrap text-mute">
        <Trans>
          mck_live_{key.public_id}…{key.last4}
        </Trans>
        <Overlap apiKey={key} />
      </span>
    ),
  },
  {
    id: "scopes",
    header: t`Scopes`,
    cell: (key) => (
      <span className="flex flex-wrap gap-1">
        {key.scopes.map((scope) => (
          <Tag key={scope} tone={scope === "admin" ? "warn" : "quiet"}>
            {scope}
          </Tag>
        ))}
        {key.passes_credentials && (
          <Tag>
            <Trans>pass-through</Trans>
          </Tag>
        )}
        {key.path_allowed && (
          <Tag>
            <Trans>in the address</Trans>
          </Tag>
        )}
      </span>
    ),
  },
  {
    id: "agent",
    header: t`Agent`,
    sortBy: (key) => key.agent,
    cell: (key) =>
      key.agent || (
        <span className="text-mute">
          <Trans>any</Trans>
        </span>
      ),
  },
  {
    id: "last_used",
    header: t`Last used`,
    sortBy: (key) => key.last_used_at ?? "",
    cell: (key) =>
      key.last_used_at ? (
        <Ago at={key.last_used_at} />
      ) : (
        <span className="text-mute">
          <Trans>never</Trans>
        </span>
      ),
  },
  {
    id: "created",
    header: t`Created`,
    hiddenBelow: "xl",
    sortBy: (key) => key.created_at,
    cell: (key) => (
      <span>
        <Moment at={key.created_at} look="day" />{" "}
        <span className="text-mute">
          <Trans>by {key.created_by}</Trans>
        </span>
      </span>
    ),
  },
  { id: "state", header: t`State`, cell: (key) => <KeyState apiKey={key} /> },
  {
    id: "actions",
    header: (
      <span className="sr-only">
        <Trans>Actions</Trans>
      </span>
    ),
    isNumeric: true,
    cell: (key) => <KeyActions apiKey={key} />,
  },
];

export function KeyTable({ keys }: { keys: ApiKey[] }) {
  return <DataTable label={t`Keys`} rows={keys} columns={COLUMNS} rowId={(key) => key.id} />;
}

function KeyState({ apiKey }: { apiKey: ApiKey }) {
  const now = useNow();
  const { revoked_at, expires_at } = apiKey;
  if (revoked_at)
    return (
      <Tag tone="bad">
        <Trans>revoked</Trans>
      </Tag>
    );
  if (expires_at && Date.parse(expires_at) <= now)
    return (
      <Tag tone="warn">
        <Trans>expired</Trans>
      </Tag>
    );
  if (expires_at) {
    return (
      <span className="whitespace-nowrap">
        <Trans>
          until <Moment at={expires_at} look="day" />
        </Trans>
      </span>
    );
  }
  return (
    <Tag tone="ok">
      <Trans>active</Trans>
    </Tag>
  );
}
