import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
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
    header: t`Version`,
    cell: (line) => (
      <span className="flex items-center gap-2 whitespace-nowrap">
        v{line.version}
        {line.state !== "past" && (
          <Tag tone={line.state === "live" ? "ok" : "info"}>
            {line.state === "live" ? t`live` : t`on trial`}
          </Tag>
        )}
      </span>
    ),
  },
  {
    ...count("considered", t`Considered`, (line) => formatCompact(line.considered)),
    hiddenBelow: "xl",
  },
  count("injected", t`Carried`, (line) => formatCompact(line.injected)),
  count("passed", t`Passed`, (line) =>
    line.passed + line.failed === 0
      ? "–"
      : t`${formatPercent(line.passed, line.passed + line.failed)} of ${formatCompact(line.passed + line.failed)}`,
  ),
  {
    id: "lift",
    header: t`Lift`,
    isNumeric: true,
    cell: (line) => <LiftCell lift={line.lift} />,
  },
  {
    id: "factor",
    header: t`Weight`,
    isNumeric: true,
    cell: (line) => <FactorCell factor={line.factor} />,
  },
  {
    id: "cost",
    header: t`Added`,
    isNumeric: true,
    hiddenBelow: "xl",
    cell: (line) => <CostCell line={line} />,
  },
  {
    id: "trend",
    hiddenBelow: "xl",
    header: t`14 days`,
    isNumeric: true,
    cell: (line) => <TrendCell daily={line.daily} />,
  },
  {
    id: "used",
    header: t`Last used`,
    isNumeric: true,
    cell: (line) => <When at={line.last_used_at} />,
  },
  {
    id: "evidence",
    hiddenBelow: "xl",
    header: t`Last judged`,
    isNumeric: true,
    cell: (line) => <When at={line.evidence_at} />,
  },
];

/** What every version of a skill did, cost, and is held against. */
export function LedgerPanel({ skillSlug }: { skillSlug: string }) {
  const { slug } = useTenant();
  const lines = useSkillLedger(slug, skillSlug);
  if (lines.isPending) return <LoadingRows rows={3} label={t`Loading the ledger`} />;
  if (lines.isError) {
    return <ErrorState error={lines.error} onRetry={() => void lines.refetch()} />;
  }
  return (
    <DataTable
      label={t`Ledger`}
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
  return at ? (
    <Ago at={at} />
  ) : (
    <span className="text-mute">
      <Trans>never</Trans>
    </span>
  );
}
