import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/components/button";
import { DayFilter } from "@/components/day-filter";
import { Input } from "@/components/field";
import { FilterSelect } from "@/components/filter-select";
import { FilterText } from "@/components/filter-text";
import { OUTCOME_TEXT, STATUS_TEXT } from "@/components/outcome-tag";
import { shortId } from "@/lib/format";
import { parseTurnSearch, type TurnFilters, type TurnOrder } from "../filters";

type Props = {
  filters: TurnFilters;
  saved: ReactNode;
  onChange: (filters: TurnFilters) => void;
  order: TurnOrder | undefined;
  onOrder: (order: TurnOrder | undefined) => void;
};

const NAMED = [
  ["agent", t`Agent`, t`Filter by agent`],
  ["model", t`Model`, t`Filter by model`],
  ["upstream", t`Upstream`, t`Filter by upstream`],
  ["skill", t`Skill`, t`Filter by skill`],
] as const;

export function TurnFilterBar({ filters, saved, onChange, order, onOrder }: Props) {
  function set(name: keyof TurnFilters, value: string) {
    const { [name]: _old, ...rest } = filters;
    onChange(value ? parseTurnSearch({ ...rest, [name]: value }) : rest);
  }
  const isFiltered = Object.keys(filters).length > 0;

  return (
    <search
      aria-label={t`Filter turns`}
      className="flex flex-wrap items-center gap-2 border-b border-line px-3.5 py-2"
    >
      <FilterText
        isSearch
        label={t`Search turns`}
        placeholder={t`Words said, or a turn id`}
        value={filters.q}
        onChange={(value) => set("q", value)}
      />
      {filters.q && (
        <FilterSelect
          label={t`Order`}
          title={t`The best match goes by words and by meaning.`}
          any={t`Newest first`}
          value={order}
          options={[["best", t`Best match`]]}
          onChange={(value) => onOrder(value === "best" ? "best" : undefined)}
        />
      )}
      <FilterSelect
        label={t`Outcome`}
        any={t`Outcome: any`}
        value={filters.outcome}
        options={Object.entries(OUTCOME_TEXT)}
        onChange={(value) => set("outcome", value)}
      />
      <FilterSelect
        label={t`Status`}
        any={t`Status: any`}
        value={filters.status}
        options={Object.entries(STATUS_TEXT)}
        onChange={(value) => set("status", value)}
      />
      {NAMED.map(([name, placeholder, label]) => (
        <FilterText
          key={name}
          label={label}
          placeholder={placeholder}
          value={filters[name]}
          onChange={(value) => set(name, value)}
        />
      ))}
      <FilterSelect
        label={t`Split`}
        any={t`Split: any`}
        value={filters.split}
        options={[
          ["support", t`taught a skill`],
          ["query", t`did not`],
        ]}
        onChange={(value) => set("split", value)}
      />
      {(["since", "until"] as const).map((name) => (
        <DayFilter
          key={name}
          edge={name}
          value={filters[name] ?? ""}
          onChange={(value) => set(name, value)}
        />
      ))}
      {(["score_min", "score_max"] as const).map((name) => (
        <Input
          key={name}
          type="number"
          min={-1}
          max={1}
          step={0.5}
          aria-label={name === "score_min" ? t`Score at least` : t`Score at most`}
          placeholder={name === "score_min" ? t`Score ≥` : t`Score ≤`}
          isInline
          className="w-[82px]"
          value={filters[name] ?? ""}
          onChange={(event) => set(name, event.target.value)}
        />
      ))}
      {filters.key && (
        <Button onClick={() => set("key", "")} aria-label={t`Remove the key filter`}>
          <Trans>
            key <span className="font-mono text-xs">{shortId(filters.key)}</span>
          </Trans>
          <X aria-hidden />
        </Button>
      )}
      {filters.session && (
        <Button onClick={() => set("session", "")} aria-label={t`Remove the session filter`}>
          <Trans>
            session <span className="font-mono text-xs">{shortId(filters.session)}</span>
          </Trans>
          <X aria-hidden />
        </Button>
      )}
      {saved}
      {isFiltered && (
        <Button variant="ghost" onClick={() => onChange({})}>
          <Trans>Clear</Trans>
        </Button>
      )}
    </search>
  );
}
