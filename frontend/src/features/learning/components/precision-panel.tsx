import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { GitPullRequestArrow } from "lucide-react";
import type { EvolverPrecision } from "@/client/contract";
import { type Column, DataTable } from "@/components/data-table";
import { Panel } from "@/components/panel";
import { SimulatedTag } from "@/components/simulated-tag";
import { EmptyState, ErrorState, LoadingRows } from "@/components/states";
import { formatCount, formatPercent } from "@/lib/format";
import { useTenant } from "@/lib/tenant";
import { usePrecision } from "../api/learning";

const COLUMNS: Column<EvolverPrecision>[] = [
  {
    id: "author",
    header: t`Proposed by`,
    cell: (row) => (
      <span className="flex flex-wrap items-center gap-x-2">
        {[row.author_model, row.prompt_version].filter(Boolean).join(", ")}
        {row.is_simulated && <SimulatedTag />}
      </span>
    ),
  },
  {
    id: "precision",
    header: t`Precision`,
    isNumeric: true,
    cell: (row) => (
      <span title={t`Approved of those that are decided`}>
        {formatPercent(row.approved, row.proposed - row.waiting)}
      </span>
    ),
  },
  { ...count("proposed", t`Proposed`, (row) => row.proposed), hiddenBelow: "xl" },
  count("approved", t`Approved`, (row) => row.approved),
  { ...count("edited", t`Edited first`, (row) => row.edited), hiddenBelow: "xl" },
  count("rejected", t`Rejected`, (row) => row.rejected + row.quarantined),
  count("waiting", t`Waiting`, (row) => row.waiting),
];

/** What people made of the proposals, by who wrote them. */
export function PrecisionPanel() {
  const { slug } = useTenant();
  const rows = usePrecision(slug);
  return (
    <Panel title={t`What is taken of what is proposed`}>
      {rows.isPending && <LoadingRows rows={2} label={t`Loading precision`} />}
      {rows.isError && <ErrorState error={rows.error} onRetry={() => void rows.refetch()} />}
      {rows.data?.length === 0 && (
        <EmptyState icon={GitPullRequestArrow} title={t`Nothing was proposed yet`}>
          <Trans>How many proposals of each evolver people approve, once there are some.</Trans>
        </EmptyState>
      )}
      {rows.data && rows.data.length > 0 && (
        <DataTable
          label={t`Precision`}
          rows={rows.data}
          columns={COLUMNS}
          rowId={(row) => `${row.author_model} ${row.prompt_version} ${row.is_simulated}`}
        />
      )}
    </Panel>
  );
}

function count(
  id: string,
  header: string,
  value: (row: EvolverPrecision) => number,
): Column<EvolverPrecision> {
  return { id, header, isNumeric: true, cell: (row) => formatCount(value(row)) };
}
