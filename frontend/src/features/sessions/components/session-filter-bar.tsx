import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { Button } from "@/components/button";
import { DayFilter } from "@/components/day-filter";
import { FilterSelect } from "@/components/filter-select";
import { FilterText } from "@/components/filter-text";
import { parseSessionFilters, type SessionFilters } from "../filters";

type Props = {
  filters: SessionFilters;
  saved: ReactNode;
  onChange: (filters: SessionFilters) => void;
};

export function SessionFilterBar({ filters, saved, onChange }: Props) {
  function set(name: keyof SessionFilters, value: string) {
    const { [name]: _old, ...rest } = filters;
    onChange(value ? parseSessionFilters({ ...rest, [name]: value }) : rest);
  }
  return (
    <search
      aria-label={t`Filter sessions`}
      className="flex flex-wrap items-center gap-2 border-b border-line px-3.5 py-2"
    >
      <FilterText
        isSearch
        label={t`Search sessions`}
        placeholder={t`Words said, or the client’s id`}
        value={filters.q}
        onChange={(value) => set("q", value)}
      />
      <FilterSelect
        label={t`State`}
        any={t`State: any`}
        value={filters.state}
        options={[
          ["open", t`open`],
          ["closed", t`closed`],
        ]}
        onChange={(value) => set("state", value)}
      />
      <FilterText
        label={t`Filter by agent`}
        placeholder={t`Agent`}
        value={filters.agent}
        onChange={(value) => set("agent", value)}
      />
      <FilterText
        label={t`Filter by source`}
        placeholder={t`Source`}
        value={filters.source}
        onChange={(value) => set("source", value)}
      />
      {(["since", "until"] as const).map((name) => (
        <DayFilter
          key={name}
          edge={name}
          value={filters[name] ?? ""}
          onChange={(value) => set(name, value)}
        />
      ))}
      {saved}
      {Object.keys(filters).length > 0 && (
        <Button variant="ghost" onClick={() => onChange({})}>
          <Trans>Clear</Trans>
        </Button>
      )}
    </search>
  );
}
