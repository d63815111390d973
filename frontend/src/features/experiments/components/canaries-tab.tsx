import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { clsx } from "clsx";
import { FlaskConical } from "lucide-react";
import type { Canary } from "@/client/contract";
import { Ago } from "@/components/ago";
import { Panel } from "@/components/panel";
import { EmptyState, ErrorState, LoadingRows } from "@/components/states";
import { formatChange } from "@/lib/format";
import { useTenant } from "@/lib/tenant";
import { useCanaries } from "../api/canaries";
import { CanaryCard } from "./canary-card";
import { CanaryTag } from "./canary-tag";

type Props = {
  /** Named by the address; without one it is what runs, or the latest. */
  chosen: string | undefined;
  onChoose: (id: string) => void;
};

/** What is tried on a share of the sessions, and one of them at a closer look. */
export function CanariesTab({ chosen, onChoose }: Props) {
  const { slug } = useTenant();
  const canaries = useCanaries(slug);
  const rows = canaries.data ?? [];
  const open = chosen ?? (rows.find(({ status }) => status === "running") ?? rows[0])?.id ?? null;
  return (
    <div
      className={clsx(
        "grid items-start gap-4",
        open !== null && "lg:grid-cols-[minmax(0,1fr)_380px] xl:grid-cols-[minmax(0,1fr)_440px]",
      )}
    >
      <Panel title={t`Canaries`} className="overflow-hidden">
        {canaries.isPending && <LoadingRows rows={4} label={t`Loading canaries`} />}
        {canaries.isError && (
          <ErrorState error={canaries.error} onRetry={() => void canaries.refetch()} />
        )}
        {canaries.data?.length === 0 && (
          <EmptyState icon={FlaskConical} title={t`Nothing has been tried yet`}>
            <Trans>
              Approve a proposal “to canary” in Review: half of the sessions get it, and the numbers
              promote it or take it out by themselves.
            </Trans>
          </EmptyState>
        )}
        <ul className="divide-y divide-line">
          {rows.map((row) => (
            <li key={row.id}>
              <CanaryRow row={row} isOpen={row.id === open} onOpen={() => onChoose(row.id)} />
            </li>
          ))}
        </ul>
      </Panel>
      {open !== null && (
        <Panel className="p-3.5">
          <CanaryCard id={open} />
        </Panel>
      )}
    </div>
  );
}

type RowProps = { row: Canary; isOpen: boolean; onOpen: () => void };

function CanaryRow({ row, isOpen, onOpen }: RowProps) {
  const reward = row.result?.reward;
  return (
    <button
      type="button"
      onClick={onOpen}
      aria-pressed={isOpen}
      className={clsx(
        "flex w-full items-center gap-x-3 border-l-2 px-3.5 py-2 text-left text-sm hover:bg-bg",
        isOpen ? "border-accent bg-bg" : "border-transparent",
      )}
    >
      <span className="min-w-0 truncate font-medium">{row.slug}</span>
      <span className="text-mute">v{row.version}</span>
      <CanaryTag status={row.status} />
      <span className="ml-auto text-right whitespace-nowrap">
        {reward ? (
          <>
            {formatChange(reward.difference)}{" "}
            <span className="block text-xs text-mute xl:inline">
              <Trans>
                {formatChange(reward.low)} to {formatChange(reward.high)}
              </Trans>
            </span>
          </>
        ) : (
          <span className="text-mute">
            <Trans>no pair yet</Trans>
          </span>
        )}
      </span>
      <span className="w-12 shrink-0 text-right text-xs text-mute">
        <Ago at={row.created_at} />
      </span>
    </button>
  );
}
