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
    <search aria-label="Filter skills" className="mb-3 flex flex-wrap gap-2">
      <SearchBox
        aria-label="Search skills"
        placeholder="Name or description"
        className="w-full sm:w-[280px]"
        value={text}
        onChange={(event) => type(event.target.value)}
      />
      <Select
        aria-label="Category"
        isInline
        value={filters.category ?? ""}
        onChange={(event) => set("category", event.target.value)}
      >
        <option value="">Category: any</option>
        {CATEGORIES.map((category) => (
          <option key={category} value={category}>
            {words(category)}
          </option>
        ))}
      </Select>
      <Select
        aria-label="Status"
        isInline
        value={filters.status ?? ""}
        onChange={(event) => set("status", event.target.value)}
      >
        <option value="">Live</option>
        <option value="retired">Retired</option>
        <option value="all">Live and retired</option>
      </Select>
      <Select
        aria-label="Source"
        isInline
        value={filters.source ?? ""}
        onChange={(event) => set("source", event.target.value)}
      >
        <option value="">Source: any</option>
        {Object.entries(SOURCES).map(([source, name]) => (
          <option key={source} value={source}>
            {name}
          </option>
        ))}
      </Select>
    </search>
  );
}
