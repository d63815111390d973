import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { SkillDetail, Turn } from "@/client/contract";
import { Ago } from "@/components/ago";
import { OutcomeTag } from "@/components/outcome-tag";
import { LoadingBlock } from "@/components/states";
import { errorText } from "@/lib/api";
import { formatCount, formatPercent, words } from "@/lib/format";
import { useTenant } from "@/lib/tenant";
import { useTurnsOfSkill } from "../api/skills";
import { SkillReferences } from "./skill-references";
import { SkillScope } from "./skill-scope";

export function SkillSide({ skill }: { skill: SkillDetail }) {
  const { slug } = useTenant();
  const turns = useTurnsOfSkill(slug, skill.slug);
  return (
    <aside
      aria-label={t`Use`}
      className="flex flex-col gap-5 border-line p-4 lg:overflow-y-auto lg:border-l"
    >
      <dl className="grid grid-cols-[1fr_auto] gap-y-1 text-sm">
        <Fact name={t`Uses`} value={formatCount(skill.uses_total)} />
        <Fact name={t`Last 24 h`} value={formatCount(skill.uses_24h)} />
        <Fact
          name={t`Passed with it`}
          value={`${formatCount(skill.passed)} (${formatPercent(skill.passed, skill.passed + skill.failed)})`}
        />
        <Fact name={t`Failed with it`} value={formatCount(skill.failed)} />
        <Fact name={t`Prompt size`} value={t`${formatCount(skill.tokens)} tokens`} />
        <Fact name={t`Category`} value={words(skill.category)} />
        <Fact
          name={t`Reach`}
          value={skill.reach === "always" ? t`every request` : t`requests it fits`}
        />
      </dl>
      <SkillScope skill={skill} />
      <SkillReferences skillSlug={skill.slug} />
      <section>
        <h2 className="mb-1 flex text-sm font-semibold">
          <span className="mr-auto">
            <Trans>Recent turns</Trans>
          </span>
          <Link
            to="/t/$tenant/turns"
            params={{ tenant: slug }}
            search={{ skill: skill.slug }}
            className="text-xs font-normal text-mute hover:text-ink hover:underline"
          >
            <Trans>All</Trans>
          </Link>
        </h2>
        {turns.isPending && <LoadingBlock label={t`Loading turns`} />}
        {turns.isError && (
          <p role="alert" className="text-sm text-bad">
            {errorText(turns.error)}
          </p>
        )}
        {turns.data?.length === 0 && (
          <p className="text-sm text-mute">
            <Trans>No request has carried it yet.</Trans>
          </p>
        )}
        <ul className="divide-y divide-line">
          {turns.data?.map((turn) => (
            <RecentTurn key={turn.id} turn={turn} />
          ))}
        </ul>
      </section>
    </aside>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt className="text-mute">{name}</dt>
      <dd className="text-right">{value}</dd>
    </>
  );
}

function RecentTurn({ turn }: { turn: Turn }) {
  const { slug } = useTenant();
  return (
    <li>
      <Link
        to="/t/$tenant/turns/$turnId"
        params={{ tenant: slug, turnId: turn.id }}
        className="flex items-center gap-2 py-1.5 hover:underline"
      >
        <span className="mr-auto truncate">{turn.preview || t`no text`}</span>
        <OutcomeTag outcome={turn.outcome} />
        <span className="w-11 shrink-0 text-right text-xs text-mute">
          <Ago at={turn.started_at} />
        </span>
      </Link>
    </li>
  );
}
