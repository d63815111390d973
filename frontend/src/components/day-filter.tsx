import { t } from "@lingui/core/macro";
import { Input } from "./field";

type Props = { edge: "since" | "until"; value: string; onChange: (day: string) => void };

const EDGES = { since: t`From`, until: t`To` } as const;

/** One end of a span of days in a filter bar; two bare date fields would look the same. */
export function DayFilter({ edge, value, onChange }: Props) {
  return (
    <span className="relative inline-flex">
      <span
        aria-hidden
        className="pointer-events-none absolute inset-y-0 left-2.5 flex items-center text-sm text-mute"
      >
        {EDGES[edge]}
      </span>
      <Input
        type="date"
        aria-label={t`${EDGES[edge]} day`}
        isInline
        className={edge === "since" ? "w-[178px] pl-12" : "w-[160px] pl-8"}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </span>
  );
}
