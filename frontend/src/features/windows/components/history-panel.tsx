import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { TrainingWindow } from "@/client/contract";
import { type Column, DataTable } from "@/components/data-table";
import { Panel } from "@/components/panel";
import { ErrorState, LoadingRows } from "@/components/states";
import { Tag } from "@/components/tag";
import { lengthText } from "@/lib/format";
import { clockText, dayName, localOf } from "@/lib/local-time";
import { useTenant } from "@/lib/tenant";
import { ownZone, timeIn } from "@/lib/zones";
import { useWindowHistory } from "../api/windows";

const REASON: Record<string, string> = {
  end: t`was over`,
  traffic: t`a request came`,
  presence: t`somebody typed`,
  busy: t`calendar busy`,
  unknown: t`calendar unknown`,
  black_out: t`day without training`,
  rules: t`rules changed`,
};

/** Windows that were open, and what they were good for. */
export function HistoryPanel({ zone }: { zone: string }) {
  const { slug } = useTenant();
  const history = useWindowHistory(slug);
  return (
    <Panel title={t`Past windows`} aside={<span className="text-xs text-mute">{zone}</span>}>
      {history.isPending && <LoadingRows rows={3} label={t`Loading past windows`} />}
      {history.isError && (
        <ErrorState error={history.error} onRetry={() => void history.refetch()} />
      )}
      {history.data?.length === 0 && (
        <p className="px-3.5 py-3 text-sm text-mute">
          <Trans>No window has opened yet.</Trans>
        </p>
      )}
      {history.data && history.data.length > 0 && (
        <DataTable
          label={t`Past windows`}
          rows={history.data.map((row) => ({ ...row, zone }))}
          columns={COLUMNS}
          rowId={(row) => row.id}
        />
      )}
    </Panel>
  );
}

type Row = TrainingWindow & { zone: string };

const COLUMNS: Column<Row>[] = [
  {
    id: "opened",
    header: t`Opened`,
    cell: (row) => <Opened row={row} />,
    sortBy: (row) => row.opened_at,
  },
  {
    id: "lasted",
    header: t`Lasted`,
    cell: (row) =>
      row.closed_at
        ? lengthText((Date.parse(row.closed_at) - Date.parse(row.opened_at)) / 60_000)
        : t`still open`,
  },
  {
    id: "why",
    header: t`Why`,
    cell: (row) => (row.source === "idle" ? t`silence` : t`sleep hours`),
  },
  {
    id: "closed",
    header: t`Closed`,
    cell: (row) =>
      row.closed_at ? (
        (REASON[row.reason] ?? row.reason)
      ) : (
        <Tag tone="ok">
          <Trans context="a window">open</Trans>
        </Tag>
      ),
  },
  {
    id: "interrupted",
    header: t`Interrupted`,
    isNumeric: true,
    hiddenBelow: "xl",
    cell: (row) =>
      row.interruptions ? plural(row.interruptions, { one: "# time", other: "# times" }) : "–",
  },
  { id: "steps", header: t`Steps`, isNumeric: true, cell: (row) => row.steps },
];

function Opened({ row }: { row: Row }) {
  const { zone } = row;
  const { day, minutes } = localOf(row.opened_at, zone);
  const own = ownZone();
  const here = timeIn(row.opened_at, own) ?? "";
  return (
    <time
      dateTime={row.opened_at}
      title={zone === own ? undefined : t`Where you are: ${here} (${own})`}
      className="whitespace-nowrap"
    >
      {dayName(day)} {clockText(minutes)}
    </time>
  );
}
