import {
  type ColumnDef,
  createSortedRowModel,
  rowSortingFeature,
  sortFns,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { clsx } from "clsx";
import { ArrowDown, ArrowUp } from "lucide-react";
import { type ReactNode, useMemo } from "react";

const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns,
});

export type Column<Row> = {
  id: string;
  header: ReactNode;
  cell: (row: Row) => ReactNode;
  /** What the column is sorted by; without it the column cannot be sorted. */
  sortBy?: (row: Row) => string | number;
  isNumeric?: boolean;
  /** Up to which width of the window the column gives way to the ones that matter more. */
  hiddenBelow?: "xl" | "2xl";
};

const GIVES_WAY = { xl: "max-xl:hidden", "2xl": "max-2xl:hidden" };

type Props<Row> = {
  label: string;
  rows: Row[];
  /** Must keep its identity between renders. */
  columns: Column<Row>[];
  rowId: (row: Row) => string;
};

/** A table of tens of rows, sorted in the browser. Long lists have their own, virtual table. */
export function DataTable<Row extends object>({ label, rows, columns, rowId }: Props<Row>) {
  const definitions = useMemo(() => columns.map(define), [columns]);
  const table = useTable({ features, columns: definitions, data: rows, getRowId: rowId });
  const lookOf = (id: string) => {
    const column = columns.find((one) => one.id === id);
    return clsx(
      column?.isNumeric ? "text-right whitespace-nowrap" : "text-left",
      column?.hiddenBelow && GIVES_WAY[column.hiddenBelow],
    );
  };
  return (
    <div className="overflow-x-auto">
      <table className="w-full border-collapse text-sm" aria-label={label}>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id} className="border-b border-line2">
              {group.headers.map((header) => {
                const sorted = header.column.getIsSorted();
                const Arrow = sorted === "asc" ? ArrowUp : ArrowDown;
                const content = <table.FlexRender header={header} />;
                return (
                  <th
                    key={header.id}
                    scope="col"
                    aria-sort={ariaSort(sorted)}
                    className={clsx(
                      "h-8 px-3 text-xs font-normal whitespace-nowrap text-mute first:pl-3.5",
                      lookOf(header.id),
                    )}
                  >
                    {header.column.getCanSort() ? (
                      <button
                        type="button"
                        onClick={header.column.getToggleSortingHandler()}
                        className="inline-flex items-center gap-1 hover:text-ink"
                      >
                        {content}
                        {sorted && <Arrow className="size-3" aria-hidden />}
                      </button>
                    ) : (
                      content
                    )}
                  </th>
                );
              })}
            </tr>
          ))}
        </thead>
        <tbody>
          {table.getRowModel().rows.map((row) => (
            <tr key={row.id} className="border-b border-line last:border-0 hover:bg-bg/60">
              {row.getAllCells().map((cell) => (
                <td
                  key={cell.id}
                  className={clsx("h-9 px-3 py-1.5 first:pl-3.5", lookOf(cell.column.id))}
                >
                  <table.FlexRender cell={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function define<Row extends object>(column: Column<Row>): ColumnDef<typeof features, Row> {
  const cell = ({ row }: { row: { original: Row } }) => column.cell(row.original);
  const header = () => column.header;
  if (!column.sortBy) return { id: column.id, header, cell, enableSorting: false };
  return { id: column.id, header, cell, accessorFn: column.sortBy };
}

function ariaSort(sorted: false | "asc" | "desc") {
  if (!sorted) return undefined;
  return sorted === "asc" ? "ascending" : "descending";
}
