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
    header: "Proposed by",
    cell: (row) => (
      <span className="flex flex-wrap items-center gap-x-2">
        {[row.author_model, row.prompt_version].filter(Boolean).join(", ")}
        {row.is_simulated && <SimulatedTag />}
      </span>
    ),
  },
  {
    id: "precision",
    header: "Precision",
    isNumeric: true,
    cell: (row) => (
      <span title="Approved of those that are decided">
        {formatPercent(row.approved, row.proposed - row.waiting)}
      </span>
    ),
  },
  { ...count("proposed", "Proposed", (row) => row.proposed), hiddenBelow: "xl" },
  count("approved", "Approved", (row) => row.approved),
  { ...count("edited", "Edited first", (row) => row.edited), hiddenBelow: "xl" },
  count("rejected", "Rejected", (row) => row.rejected + row.quarantined),
  count("waiting", "Waiting", (row) => row.waiting),
];

/** What people made of the proposals, by who wrote them. */
export function PrecisionPanel() {
  const { slug } = useTenant();
  const rows = usePrecision(slug);
  return (
    <Panel title="What is taken of what is proposed">
      {rows.isPending && <LoadingRows rows={2} label="Loading precision" />}
      {rows.isError && <ErrorState error={rows.error} onRetry={() => void rows.refetch()} />}
      {rows.data?.length === 0 && (
        <EmptyState icon={GitPullRequestArrow} title="Nothing was proposed yet">
          How many proposals of each evolver people approve, once there are some.
        </EmptyState>
      )}
      {rows.data && rows.data.length > 0 && (
        <DataTable
          label="Precision"
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
