import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { X } from "lucide-react";
import { Button } from "@/components/button";
import { DayFilter } from "@/components/day-filter";
import { Input, Select } from "@/components/field";
import { OUTCOMES, STATUS_TEXT, STATUSES } from "@/components/outcome-tag";
import { SearchBox } from "@/components/search-box";
import { shortId } from "@/lib/format";
import { useTypedText } from "@/lib/use-typed-text";
import { parseTurnSearch, type TurnFilters, type TurnOrder } from "../filters";

type Props = {
  filters: TurnFilters;
  onChange: (filters: TurnFilters) => void;
  order: TurnOrder | undefined;
  onOrder: (order: TurnOrder | undefined) => void;
};

export function TurnFilterBar({ filters, onChange, order, onOrder }: Props) {
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
      <TextFilter
        label={t`Search turns`}
        placeholder={t`Words said, or a turn id`}
        value={filters.q ?? ""}
        onChange={(value) => set("q", value)}
        isSearch
      />
      {filters.q && (
        <Select
          aria-label={t`Order`}
          title={t`The best match goes by words and by meaning.`}
          isInline
          value={order ?? ""}
          onChange={(event) => onOrder(event.target.value === "best" ? "best" : undefined)}
        >
          <option value="">
            <Trans>Newest first</Trans>
          </option>
          <option value="best">
            <Trans>Best match</Trans>
          </option>
        </Select>
      )}
      <Select
        aria-label={t`Outcome`}
        isInline
        value={filters.outcome ?? ""}
        onChange={(event) => set("outcome", event.target.value)}
      >
        <option value="">
          <Trans>Outcome: any</Trans>
        </option>
        {OUTCOMES.map((outcome) => (
          <option key={outcome} value={outcome}>
            {outcome}
          </option>
        ))}
      </Select>
      <Select
        aria-label={t`Status`}
        isInline
        value={filters.status ?? ""}
        onChange={(event) => set("status", event.target.value)}
      >
        <option value="">
          <Trans>Status: any</Trans>
        </option>
        {STATUSES.map((status) => (
          <option key={status} value={status}>
            {STATUS_TEXT[status]}
          </option>
        ))}
      </Select>
      {(["agent", "model", "upstream", "skill"] as const).map((name) => (
        <TextFilter
          key={name}
          label={t`Filter by ${name}`}
          placeholder={name[0]?.toUpperCase() + name.slice(1)}
          value={filters[name] ?? ""}
          onChange={(value) => set(name, value)}
        />
      ))}
      <Select
        aria-label={t`Split`}
        isInline
        value={filters.split ?? ""}
        onChange={(event) => set("split", event.target.value)}
      >
        <option value="">
          <Trans>Split: any</Trans>
        </option>
        <option value="support">
          <Trans>taught a skill</Trans>
        </option>
        <option value="query">
          <Trans>did not</Trans>
        </option>
      </Select>
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
      {isFiltered && (
        <Button variant="ghost" onClick={() => onChange({})}>
          <Trans>Clear</Trans>
        </Button>
      )}
    </search>
  );
}

type TextProps = {
  label: string;
  placeholder: string;
  value: string;
  onChange: (value: string) => void;
  isSearch?: boolean;
};

function TextFilter({ label, placeholder, value, onChange, isSearch }: TextProps) {
  const [text, type] = useTypedText(value, onChange);
  const props = {
    "aria-label": label,
    placeholder,
    value: text,
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => type(event.target.value),
  };
  if (isSearch) return <SearchBox {...props} className="w-full sm:w-[270px]" />;
  return <Input {...props} isInline className="w-[92px]" />;
}
