import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Download, Plus } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import type { Export } from "@/client/contract";
import { Ago } from "@/components/ago";
import { Button, buttonClass } from "@/components/button";
import { type Column, DataTable } from "@/components/data-table";
import { Moment } from "@/components/moment";
import { Panel } from "@/components/panel";
import { ErrorState, LoadingRows } from "@/components/states";
import { Tag, type Tone } from "@/components/tag";
import { errorText } from "@/lib/api";
import { formatBytes, formatCount } from "@/lib/format";
import { saidText } from "@/lib/said";
import { useTenant } from "@/lib/tenant";
import { downloadUrl, useExports, useRemoveExport, useSigningKeys } from "../api/exports";
import { ExportDialog } from "./export-dialog";

const SHOWN: Record<Export["status"], { name: string; tone: Tone }> = {
  running: { name: t`running`, tone: "info" },
  ready: { name: t`ready`, tone: "ok" },
  failed: { name: t`failed`, tone: "bad" },
  removed: { name: t`removed`, tone: "quiet" },
};
const REDACTED: Record<Export["redaction"], string> = {
  none: t`nothing`,
  secrets: t`secrets`,
  personal: t`secrets, personal data`,
};

const COLUMNS: Column<Export>[] = [
  {
    id: "what",
    header: t`What`,
    cell: (one) => (
      <span>
        <span className="font-medium">{one.kind === "turns" ? t`Turns` : t`Workspace`}</span>
        <span className="block text-xs text-mute">{filtersText(one)}</span>
      </span>
    ),
  },
  {
    id: "redaction",
    header: t`Taken out`,
    cell: (one) => (
      <span>
        {REDACTED[one.redaction]}
        <span className="block text-xs text-mute">{foundText(one)}</span>
      </span>
    ),
  },
  { id: "rows", header: t`Rows`, isNumeric: true, cell: (one) => formatCount(one.rows) },
  {
    id: "size",
    header: t`Size`,
    isNumeric: true,
    cell: (one) => (one.bytes ? formatBytes(one.bytes) : "–"),
  },
  {
    id: "state",
    header: t`State`,
    cell: (one) => (
      <span>
        <Tag tone={SHOWN[one.status].tone} title={saidText(one.reason, one.reason_said)}>
          {SHOWN[one.status].name}
        </Tag>
        <span className="block text-xs whitespace-nowrap text-mute">
          {one.status === "ready" ? (
            <Trans>
              until <Moment at={one.expires_at} look="day" />
            </Trans>
          ) : (
            <Ago at={one.as_of} />
          )}
        </span>
      </span>
    ),
  },
  {
    id: "actions",
    header: (
      <span className="sr-only">
        <Trans>Actions</Trans>
      </span>
    ),
    isNumeric: true,
    cell: (one) => <Actions one={one} />,
  },
];

/** Signed files of turns, or of everything, that leave the product. */
export function ExportsPanel() {
  const { slug } = useTenant();
  const exports = useExports(slug);
  const [isAsking, setIsAsking] = useState(false);
  return (
    <Panel
      title={t`Exports`}
      className="mt-4"
      aside={
        <>
          <PublicKeys />
          <Button onClick={() => setIsAsking(true)}>
            <Plus aria-hidden />
            <Trans>New export</Trans>
          </Button>
        </>
      }
    >
      {exports.isPending && <LoadingRows rows={2} label={t`Loading exports`} />}
      {exports.isError && (
        <ErrorState error={exports.error} onRetry={() => void exports.refetch()} />
      )}
      {exports.isSuccess &&
        (exports.data.length > 0 ? (
          <DataTable
            label={t`Exports`}
            rows={exports.data}
            columns={COLUMNS}
            rowId={(one) => one.id}
          />
        ) : (
          <p className="p-4 text-sm text-mute">
            <Trans>
              Turns as lines of JSON or Parquet, or the whole workspace: one signed file that{" "}
              <code>metaclaw verify-export</code> checks.
            </Trans>
          </p>
        ))}
      <ExportDialog isOpen={isAsking} onClose={() => setIsAsking(false)} />
    </Panel>
  );
}

function PublicKeys() {
  const { slug } = useTenant();
  const { data: keys = [] } = useSigningKeys(slug);
  if (keys.length === 0) return null;
  const pem = keys.map((key) => key.pem).join("");
  return (
    <a
      className={buttonClass({ variant: "ghost" })}
      href={`data:application/x-pem-file,${encodeURIComponent(pem)}`}
      download="metaclaw-keys.pem"
    >
      <Trans>Public keys</Trans>
    </a>
  );
}

function Actions({ one }: { one: Export }) {
  const { slug, may } = useTenant();
  const remove = useRemoveExport(slug);
  const isTheirs = one.kind === "turns" || may("admin");
  const isThere = one.status === "ready" || one.status === "running";
  const what = one.kind === "turns" ? "turns" : t`the workspace`;
  if (!isThere || !isTheirs) return null;
  return (
    <span className="inline-flex gap-1.5">
      {one.status === "ready" && (
        <a
          className={buttonClass()}
          href={downloadUrl(slug, one.id)}
          download
          aria-label={t`Download ${what}`}
        >
          <Download aria-hidden />
          <Trans>Download</Trans>
        </a>
      )}
      <Button
        variant="danger"
        isBusy={remove.isPending}
        aria-label={
          one.status === "running" ? t`Stop exporting ${what}` : t`Delete export of ${what}`
        }
        onClick={() => remove.mutate(one.id, { onError: (error) => toast.error(errorText(error)) })}
      >
        {one.status === "running" ? t`Stop` : t`Delete`}
      </Button>
    </span>
  );
}

function filtersText({ kind, encoding, filters }: Export): string {
  const given = Object.entries(filters).map(([name, value]) => `${name}: ${String(value)}`);
  const which = kind === "turns" ? given.join(", ") || "all" : t`everything it owns`;
  return encoding === "parquet" ? t`${which}, Parquet` : which;
}

type Redaction = { found?: Record<string, number> };

function foundText({ manifest }: Export): string {
  const { found = {} } = (manifest?.redaction ?? {}) as Redaction;
  return Object.entries(found)
    .map(([kind, count]) => `${formatCount(count)} ${kind.replaceAll("_", " ")}`)
    .join(", ");
}
