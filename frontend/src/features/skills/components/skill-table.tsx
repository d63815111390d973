import { Link } from "@tanstack/react-router";
import type { Skill } from "@/client/contract";
import { Ago } from "@/components/ago";
import { type Column, DataTable } from "@/components/data-table";
import { Tag } from "@/components/tag";
import { formatCompact, words } from "@/lib/format";
import { useTenant } from "@/lib/tenant";
import { SourceTag } from "./source-tag";

const COLUMNS: Column<Skill>[] = [
  {
    id: "slug",
    header: "Skill",
    sortBy: (skill) => skill.slug,
    cell: (skill) => <SkillCell skill={skill} />,
  },
  {
    id: "category",
    header: "Category",
    sortBy: (skill) => skill.category,
    cell: (skill) => <span className="whitespace-nowrap">{words(skill.category)}</span>,
  },
  {
    id: "source",
    header: "Source",
    sortBy: (skill) => skill.source,
    cell: (skill) => <SourceTag source={skill.source} />,
  },
  numeric(
    "version",
    "Version",
    (skill) => skill.version,
    (n) => `v${n}`,
  ),
  numeric("tokens", "Tokens", (skill) => skill.tokens),
  numeric("uses_24h", "Uses 24 h", (skill) => skill.uses_24h),
  numeric("uses_total", "Uses", (skill) => skill.uses_total),
  {
    ...numeric("passed", "Passed / failed", (skill) => skill.passed - skill.failed),
    cell: (skill) => (
      <span className="whitespace-nowrap">
        <span className={skill.passed > 0 ? "text-ok" : "text-mute"}>
          {formatCompact(skill.passed)}
        </span>
        <span className="text-mute"> / </span>
        <span className={skill.failed > 0 ? "text-bad" : "text-mute"}>
          {formatCompact(skill.failed)}
        </span>
      </span>
    ),
  },
  {
    ...numeric("updated_at", "Updated", (skill) => Date.parse(skill.updated_at)),
    cell: (skill) => <Ago at={skill.updated_at} />,
  },
];

export function SkillTable({ skills }: { skills: Skill[] }) {
  return <DataTable label="Skills" rows={skills} columns={COLUMNS} rowId={(skill) => skill.slug} />;
}

function numeric(
  id: string,
  header: string,
  sortBy: (skill: Skill) => number,
  show: (n: number) => string = formatCompact,
): Column<Skill> {
  return {
    id,
    header,
    sortBy,
    isNumeric: true,
    cell: (skill) => {
      const value = sortBy(skill);
      return <span className={value === 0 ? "text-mute" : undefined}>{show(value)}</span>;
    },
  };
}

function SkillCell({ skill }: { skill: Skill }) {
  const { slug } = useTenant();
  return (
    <div className="w-[min(46ch,60vw)] min-w-0">
      <p className="flex items-center gap-2">
        <Link
          to="/t/$tenant/skills/$skillSlug"
          params={{ tenant: slug, skillSlug: skill.slug }}
          className="truncate font-medium hover:underline"
        >
          {skill.slug}
        </Link>
        {skill.status === "retired" && <Tag tone="warn">retired</Tag>}
        {skill.reach === "always" && <Tag tone="info">house rule</Tag>}
      </p>
      <p className="truncate text-xs text-mute" title={skill.description}>
        {skill.description}
      </p>
    </div>
  );
}
