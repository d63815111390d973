import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Select } from "@/components/field";
import { SearchBox } from "@/components/search-box";
import { words } from "@/lib/format";
import { useTypedText } from "@/lib/use-typed-text";
import { CATEGORIES, parseSkillFilters, type SkillFilters, SOURCES } from "../filters";

type Props = { filters: SkillFilters; onChange: (filters: SkillFilters) => void };

export function SkillFilterBar({ filters, onChange }: Props) {
  function set(name: keyof SkillFilters, value: string) {
    const { [name]: _old, ...rest } = filters;
    onChange(value ? parseSkillFilters({ ...rest, [name]: value }) : rest);
  }
  const [text, type] = useTypedText(filters.q ?? "", (value) => set("q", value));

  return (
    <search aria-label={t`Filter skills`} className="mb-3 flex flex-wrap gap-2">
      <SearchBox
        aria-label={t`Search skills`}
        placeholder={t`Name or description`}
        className="w-full sm:w-[280px]"
        value={text}
        onChange={(event) => type(event.target.value)}
      />
      <Select
        aria-label={t`Category`}
        isInline
        value={filters.category ?? ""}
        onChange={(event) => set("category", event.target.value)}
      >
        <option value="">
          <Trans>Category: any</Trans>
        </option>
        {CATEGORIES.map((category) => (
          <option key={category} value={category}>
            {words(category)}
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
          <Trans>Live</Trans>
        </option>
        <option value="retired">
          <Trans>Retired</Trans>
        </option>
        <option value="all">
          <Trans>Live and retired</Trans>
        </option>
      </Select>
      <Select
        aria-label={t`Source`}
        isInline
        value={filters.source ?? ""}
        onChange={(event) => set("source", event.target.value)}
      >
        <option value="">
          <Trans>Source: any</Trans>
        </option>
        {Object.entries(SOURCES).map(([source, name]) => (
          <option key={source} value={source}>
            {name}
          </option>
        ))}
      </Select>
    </search>
  );
}
