import type { LedgerLine } from "@/client/contract";
import { Ago } from "@/components/ago";
import { type Column, DataTable } from "@/components/data-table";
import { ErrorState, LoadingRows } from "@/components/states";
import { Tag } from "@/components/tag";
import { formatCompact, formatPercent } from "@/lib/format";
import { useTenant } from "@/lib/tenant";
import { useSkillLedger } from "../api/ledger";
import { CostCell, FactorCell, LiftCell, TrendCell } from "./ledger-cells";

const COLUMNS: Column<LedgerLine>[] = [
  {
    id: "version",
    header: "Version",
    cell: (line) => (
      <span className="flex items-center gap-2 whitespace-nowrap">
        v{line.version}
        {line.state !== "past" && (
          <Tag tone={line.state === "live" ? "ok" : "info"}>{line.state}</Tag>
        )}
      </span>
    ),
  },
  {
    ...count("considered", "Considered", (line) => formatCompact(line.considered)),
    hiddenBelow: "xl",
  },
  count("injected", "Carried", (line) => formatCompact(line.injected)),
  count("passed", "Passed", (line) =>
    line.passed + line.failed === 0
      ? "–"
      : `${formatPercent(line.passed, line.passed + line.failed)} of ${formatCompact(line.passed + line.failed)}`,
  ),
  {
    id: "lift",
    header: "Lift",
    isNumeric: true,
    cell: (line) => <LiftCell lift={line.lift} />,
  },
  {
    id: "factor",
    header: "Weight",
    isNumeric: true,
    cell: (line) => <FactorCell factor={line.factor} />,
  },
  {
    id: "cost",
    header: "Added",
    isNumeric: true,
    hiddenBelow: "xl",
    cell: (line) => <CostCell line={line} />,
  },
  {
    id: "trend",
    hiddenBelow: "xl",
    header: "14 days",
    isNumeric: true,
    cell: (line) => <TrendCell daily={line.daily} />,
  },
  {
    id: "used",
    header: "Last used",
    isNumeric: true,
    cell: (line) => <When at={line.last_used_at} />,
  },
  {
    id: "evidence",
    hiddenBelow: "xl",
    header: "Last judged",
    isNumeric: true,
    cell: (line) => <When at={line.evidence_at} />,
  },
];

/** What every version of a skill did, cost, and is held against. */
export function LedgerPanel({ skillSlug }: { skillSlug: string }) {
  const { slug } = useTenant();
  const lines = useSkillLedger(slug, skillSlug);
  if (lines.isPending) return <LoadingRows rows={3} label="Loading the ledger" />;
  if (lines.isError) {
    return <ErrorState error={lines.error} onRetry={() => void lines.refetch()} />;
  }
  return (
    <DataTable
      label="Ledger"
      rows={lines.data}
      columns={COLUMNS}
      rowId={(line) => String(line.version)}
    />
  );
}

function count(id: string, header: string, show: (line: LedgerLine) => string): Column<LedgerLine> {
  return { id, header, isNumeric: true, cell: show };
}

function When({ at }: { at: string | null }) {
  return at ? <Ago at={at} /> : <span className="text-mute">never</span>;
}
