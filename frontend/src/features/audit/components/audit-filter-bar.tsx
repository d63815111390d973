import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { X } from "lucide-react";
import { Button } from "@/components/button";
import { DayFilter } from "@/components/day-filter";
import { Select } from "@/components/field";
import { SearchBox } from "@/components/search-box";
import { useTypedText } from "@/lib/use-typed-text";
import { type AuditFilters, parseAuditFilters } from "../filters";
import { SUBJECTS } from "../words";

type Props = { filters: AuditFilters; onFilters: (filters: AuditFilters) => void };

export function AuditFilterBar({ filters, onFilters }: Props) {
  const set = (name: keyof AuditFilters, value: string) =>
    onFilters(parseAuditFilters({ ...filters, [name]: value }));
  // An address may name one action, such as "key.revoked", which is in no list.
  const isListed = SUBJECTS.some(([subject]) => subject === filters.action);
  return (
    <search aria-label={t`Filter the audit log`} className="mb-3 flex flex-wrap items-center gap-2">
      <TextFilter
        label={t`Subject or details`}
        value={filters.q ?? ""}
        onChange={(value) => set("q", value)}
      />
      <TextFilter
        label={t`By whom`}
        value={filters.actor ?? ""}
        onChange={(value) => set("actor", value)}
      />
      <Select
        isInline
        aria-label={t`What it was done to`}
        value={filters.action ?? ""}
        onChange={({ target }) => set("action", target.value)}
      >
        <option value="">{t`Done to: anything`}</option>
        {filters.action && !isListed && <option value={filters.action}>{filters.action}</option>}
        {SUBJECTS.map(([subject, name]) => (
          <option key={subject} value={subject}>
            {name}
          </option>
        ))}
      </Select>
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

type TextProps = { label: string; value: string; onChange: (value: string) => void };

function TextFilter({ label, value, onChange }: TextProps) {
  const [text, type] = useTypedText(value, (next) => onChange(next.trim()));
  return (
    <SearchBox
      aria-label={label}
      placeholder={label}
      className="w-40"
      value={text}
      onChange={(event) => type(event.target.value)}
    />
  );
}
