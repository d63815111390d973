import { t } from "@lingui/core/macro";
import { FilterSelect } from "@/components/filter-select";
import { FilterText } from "@/components/filter-text";
import { words } from "@/lib/format";
import { CATEGORIES, parseSkillFilters, type SkillFilters, SOURCES } from "../filters";

type Props = { filters: SkillFilters; onChange: (filters: SkillFilters) => void };

export function SkillFilterBar({ filters, onChange }: Props) {
  function set(name: keyof SkillFilters, value: string) {
    const { [name]: _old, ...rest } = filters;
    onChange(value ? parseSkillFilters({ ...rest, [name]: value }) : rest);
  }
  return (
    <search aria-label={t`Filter skills`} className="mb-3 flex flex-wrap gap-2">
      <FilterText
        isSearch
        label={t`Search skills`}
        placeholder={t`Name or description`}
        value={filters.q}
        onChange={(value) => set("q", value)}
      />
      <FilterSelect
        label={t`Category`}
        any={t`Category: any`}
        value={filters.category}
        options={CATEGORIES.map((category) => [category, words(category)])}
        onChange={(value) => set("category", value)}
      />
      <FilterSelect
        label={t`Status`}
        any={t`Live`}
        value={filters.status}
        options={[
          ["retired", t`Retired`],
          ["all", t`Live and retired`],
        ]}
        onChange={(value) => set("status", value)}
      />
      <FilterSelect
        label={t`Source`}
        any={t`Source: any`}
        value={filters.source}
        options={Object.entries(SOURCES)}
        onChange={(value) => set("source", value)}
      />
    </search>
  );
}
