import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useMemo } from "react";
import type { LedgerLine, Skill } from "@/client/contract";
import { Ago } from "@/components/ago";
import { type Column, DataTable } from "@/components/data-table";
import { Tag } from "@/components/tag";
import { formatCompact, words } from "@/lib/format";
import { useTenant } from "@/lib/tenant";
import { useLedger } from "../api/ledger";
import { CostCell, FactorCell, LiftCell, TrendCell } from "./ledger-cells";
import { SourceTag } from "./source-tag";

type Row = Skill & { line?: LedgerLine };

const COLUMNS: Column<Row>[] = [
  {
    id: "slug",
    header: t`Skill`,
    sortBy: (skill) => skill.slug,
    cell: (skill) => <SkillCell skill={skill} />,
  },
  {
    id: "category",
    header: t`Category`,
    hiddenBelow: "xl",
    sortBy: (skill) => skill.category,
    cell: (skill) => <span className="whitespace-nowrap">{words(skill.category)}</span>,
  },
  {
    id: "source",
    header: t`Source`,
    hiddenBelow: "xl",
    sortBy: (skill) => skill.source,
    cell: (skill) => <SourceTag source={skill.source} />,
  },
  {
    ...numeric(
      "version",
      t`Version`,
      (skill) => skill.version,
      (n) => `v${n}`,
    ),
    hiddenBelow: "2xl",
  },
  { ...numeric("tokens", t`Tokens`, (skill) => skill.tokens), hiddenBelow: "xl" },
  { ...numeric("uses_24h", t`Uses 24 h`, (skill) => skill.uses_24h), hiddenBelow: "2xl" },
  numeric("uses_total", t`Uses`, (skill) => skill.uses_total),
  {
    ...numeric("passed", t`Passed / failed`, (skill) => skill.passed - skill.failed),
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
  fromLedger(
    "trend",
    t`14 days`,
    (line) => line.daily.reduce((sum, day) => sum + day, 0),
    (line) => <TrendCell daily={line.daily} />,
  ),
  fromLedger(
    "lift",
    t`Lift`,
    (line) => line.lift?.difference ?? 0,
    (line) => <LiftCell lift={line.lift} />,
  ),
  fromLedger(
    "factor",
    t`Weight`,
    (line) => line.factor,
    (line) => <FactorCell factor={line.factor} />,
  ),
  {
    ...fromLedger(
      "cost",
      t`Added`,
      (line) => line.tokens_added,
      (line) => <CostCell line={line} />,
    ),
    hiddenBelow: "xl",
  },
  fromLedger(
    "last_used_at",
    t`Last used`,
    (line) => (line.last_used_at ? Date.parse(line.last_used_at) : 0),
    (line) =>
      line.last_used_at ? (
        <Ago at={line.last_used_at} />
      ) : (
        <span className="text-mute">
          <Trans>never</Trans>
        </span>
      ),
  ),
  {
    ...numeric("updated_at", t`Updated`, (skill) => Date.parse(skill.updated_at)),
    hiddenBelow: "2xl",
    cell: (skill) => <Ago at={skill.updated_at} />,
  },
];

export function SkillTable({ skills }: { skills: Skill[] }) {
  const { slug } = useTenant();
  const slugs = useMemo(() => skills.map((skill) => skill.slug), [skills]);
  const lines = useLedger(slug, slugs);
  const rows = useMemo(
    () => skills.map((skill) => ({ ...skill, line: lines.get(skill.slug) })),
    [skills, lines],
  );
  return (
    <DataTable label={t`Skills`} rows={rows} columns={COLUMNS} rowId={(skill) => skill.slug} />
  );
}

/** A number that comes with the ledger, behind the skills themselves. */
function fromLedger(
  id: string,
  header: string,
  sortBy: (line: LedgerLine) => number,
  show: (line: LedgerLine) => ReactNode,
): Column<Row> {
  return {
    id,
    header,
    isNumeric: true,
    sortBy: ({ line }) => (line ? sortBy(line) : Number.NEGATIVE_INFINITY),
    cell: ({ line }) => (line ? show(line) : <span className="text-mute">–</span>),
  };
}

function numeric(
  id: string,
  header: string,
  sortBy: (skill: Skill) => number,
  show: (n: number) => string = formatCompact,
): Column<Row> {
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
    <div className="w-[min(30ch,60vw)] min-w-0 2xl:w-[46ch]">
      <p className="flex items-center gap-2">
        <Link
          to="/t/$tenant/skills/$skillSlug"
          params={{ tenant: slug, skillSlug: skill.slug }}
          className="truncate font-medium hover:underline"
        >
          {skill.slug}
        </Link>
        {skill.status === "retired" && (
          <Tag tone="warn">
            <Trans>retired</Trans>
          </Tag>
        )}
        {skill.reach === "always" && (
          <Tag tone="info">
            <Trans>house rule</Trans>
          </Tag>
        )}
      </p>
      <p className="truncate text-xs text-mute" title={skill.description}>
        {skill.description}
      </p>
    </div>
  );
}
