import type { TrainingWindow } from "@/client/contract";
import { type Column, DataTable } from "@/components/data-table";
import { Panel } from "@/components/panel";
import { ErrorState, LoadingRows } from "@/components/states";
import { Tag } from "@/components/tag";
import { plural } from "@/lib/format";
import { useTenant } from "@/lib/tenant";
import { useWindowHistory } from "../api/windows";
import { clockText, dayName, lengthText, localOf } from "../local-time";

const REASON: Record<string, string> = {
  end: "was over",
  traffic: "a request came",
  presence: "somebody typed",
  busy: "calendar busy",
  unknown: "calendar unknown",
  black_out: "day without training",
  rules: "rules changed",
};

/** Windows that were open, and what they were good for. */
export function HistoryPanel({ zone }: { zone: string }) {
  const { slug } = useTenant();
  const history = useWindowHistory(slug);
  return (
    <Panel title="Past windows">
      {history.isPending && <LoadingRows rows={3} label="Loading past windows" />}
      {history.isError && (
        <ErrorState error={history.error} onRetry={() => void history.refetch()} />
      )}
      {history.data?.length === 0 && (
        <p className="px-3.5 py-3 text-sm text-mute">No window has opened yet.</p>
      )}
      {history.data && history.data.length > 0 && (
        <DataTable
          label="Past windows"
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
    header: "Opened",
    cell: (row) => <Opened row={row} />,
    sortBy: (row) => row.opened_at,
  },
  {
    id: "lasted",
    header: "Lasted",
    cell: (row) =>
      row.closed_at
        ? lengthText(Date.parse(row.closed_at) - Date.parse(row.opened_at))
        : "still open",
  },
  { id: "why", header: "Why", cell: (row) => (row.source === "idle" ? "silence" : "sleep hours") },
  {
    id: "closed",
    header: "Closed",
    cell: (row) => (row.closed_at ? (REASON[row.reason] ?? row.reason) : <Tag tone="ok">open</Tag>),
  },
  {
    id: "interrupted",
    header: "Interrupted",
    isNumeric: true,
    hiddenBelow: "xl",
    cell: (row) => (row.interruptions ? plural(row.interruptions, "time") : "–"),
  },
  { id: "steps", header: "Steps", isNumeric: true, cell: (row) => row.steps },
];

function Opened({ row }: { row: Row }) {
  const { day, minutes } = localOf(row.opened_at, row.zone);
  return (
    <time dateTime={row.opened_at} className="whitespace-nowrap">
      {dayName(day)} {clockText(minutes)}
    </time>
  );
}
