import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { X } from "lucide-react";
import { Button } from "@/components/button";
import { DayFilter } from "@/components/day-filter";
import { FilterSelect } from "@/components/filter-select";
import { FilterText } from "@/components/filter-text";
import { type AuditFilters, parseAuditFilters } from "../filters";
import { SUBJECTS } from "../words";

type Props = { filters: AuditFilters; onFilters: (filters: AuditFilters) => void };

export function AuditFilterBar({ filters, onFilters }: Props) {
  const set = (name: keyof AuditFilters, value: string) =>
    onFilters(parseAuditFilters({ ...filters, [name]: value }));
  // An address may name one action, such as "key.revoked", which is in no list.
  const isListed = SUBJECTS.some(([subject]) => subject === filters.action);
  const actions: typeof SUBJECTS =
    filters.action && !isListed ? [[filters.action, filters.action], ...SUBJECTS] : SUBJECTS;
  return (
    <search aria-label={t`Filter the audit log`} className="mb-3 flex flex-wrap items-center gap-2">
      <FilterText
        isSearch
        label={t`Subject or details`}
        placeholder={t`Subject or details`}
        value={filters.q}
        onChange={(value) => set("q", value)}
      />
      <FilterText
        label={t`By whom`}
        placeholder={t`By whom`}
        value={filters.actor}
        onChange={(value) => set("actor", value)}
      />
      <FilterSelect
        label={t`What it was done to`}
        any={t`Done to: anything`}
        value={filters.action}
        options={actions}
        onChange={(value) => set("action", value)}
      />
      <DayFilter edge="since" value={filters.since ?? ""} onChange={(day) => set("since", day)} />
      <DayFilter edge="until" value={filters.until ?? ""} onChange={(day) => set("until", day)} />
      {Object.keys(filters).length > 0 && (
        <Button variant="ghost" onClick={() => onFilters({})}>
          <X aria-hidden />
          <Trans>Clear</Trans>
        </Button>
      )}
    </search>
  );
}
