import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button } from "@/components/button";
import { DayFilter } from "@/components/day-filter";
import { Input, Select } from "@/components/field";
import { SearchBox } from "@/components/search-box";
import { useTypedText } from "@/lib/use-typed-text";
import { parseSessionFilters, type SessionFilters } from "../filters";

type Props = { filters: SessionFilters; onChange: (filters: SessionFilters) => void };

export function SessionFilterBar({ filters, onChange }: Props) {
  function set(name: keyof SessionFilters, value: string) {
    const { [name]: _old, ...rest } = filters;
    onChange(value ? parseSessionFilters({ ...rest, [name]: value }) : rest);
  }
  const [words, typeWords] = useTypedText(filters.q ?? "", (value) => set("q", value));
  const [agent, typeAgent] = useTypedText(filters.agent ?? "", (value) => set("agent", value));
  const [source, typeSource] = useTypedText(filters.source ?? "", (value) => set("source", value));
  return (
    <search
      aria-label={t`Filter sessions`}
      className="flex flex-wrap items-center gap-2 border-b border-line px-3.5 py-2"
    >
      <SearchBox
        aria-label={t`Search sessions`}
        placeholder={t`Words said, or the client’s id`}
        className="w-full sm:w-[270px]"
        value={words}
        onChange={(event) => typeWords(event.target.value)}
      />
      <Select
        aria-label={t`State`}
        isInline
        value={filters.state ?? ""}
        onChange={(event) => set("state", event.target.value)}
      >
        <option value="">
          <Trans>State: any</Trans>
        </option>
        <option value="open">
          <Trans>open</Trans>
        </option>
        <option value="closed">
          <Trans>closed</Trans>
        </option>
      </Select>
      <Input
        aria-label={t`Filter by agent`}
        placeholder={t`Agent`}
        isInline
        className="w-[92px]"
        value={agent}
        onChange={(event) => typeAgent(event.target.value)}
      />
      <Input
        aria-label={t`Filter by source`}
        placeholder={t`Source`}
        isInline
        className="w-[92px]"
        value={source}
        onChange={(event) => typeSource(event.target.value)}
      />
      {(["since", "until"] as const).map((name) => (
        <DayFilter
          key={name}
          edge={name}
          value={filters[name] ?? ""}
          onChange={(value) => set(name, value)}
        />
      ))}
      {Object.keys(filters).length > 0 && (
        <Button variant="ghost" onClick={() => onChange({})}>
          <Trans>Clear</Trans>
        </Button>
      )}
    </search>
  );
}
