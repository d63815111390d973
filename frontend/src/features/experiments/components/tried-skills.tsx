import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { TriedSkill } from "@/client/contract";
import { skillVerdict } from "@/components/skill-verdict";
import { Tag } from "@/components/tag";
import { formatCount } from "@/lib/format";
import { useTenant } from "@/lib/tenant";

/** The skills that came into question, what each was worth, and what became of it. */
export function TriedSkills({ skills }: { skills: TriedSkill[] }) {
  return (
    <div className="overflow-x-auto">
      <table className="w-full text-sm" aria-label={t`Skills considered`}>
        <thead className="text-xs text-mute">
          <tr className="border-b border-line text-left">
            <th className="px-3.5 py-1.5 font-medium">
              <Trans>Skill</Trans>
            </th>
            <th className="py-1.5 font-medium">
              <Trans>What becomes of it</Trans>
            </th>
            <th className="hidden py-1.5 text-right font-medium xl:table-cell">
              <Trans>Relevance</Trans>
            </th>
            <th
              className="hidden py-1.5 pl-3 text-right font-medium xl:table-cell"
              title={t`How it does beside the others`}
            >
              <Trans>Factor</Trans>
            </th>
            <th className="py-1.5 pl-3 text-right font-medium">
              <Trans>Score</Trans>
            </th>
            <th className="px-3.5 py-1.5 text-right font-medium">
              <Trans>Tokens</Trans>
            </th>
          </tr>
        </thead>
        <tbody>
          {skills.map((skill) => (
            <Row key={`${skill.slug}@${skill.version}`} skill={skill} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What other skills have to do with it; its text is in the prompt once, whatever brings it. */
function composition({ verdict, used_by, brings }: TriedSkill): string {
  const users = used_by.join(", ");
  const said = [];
  if (users) said.push(verdict === "in" ? t`also used by ${users}` : t`goes in with ${users}`);
  if (brings.length > 0) said.push(t`brings ${brings.join(", ")}`);
  return said.join("; ");
}

function Row({ skill }: { skill: TriedSkill }) {
  const { slug } = useTenant();
  const isIn = skill.verdict === "in";
  // A house rule goes in whatever is asked: there is nothing to weigh.
  const number = (value: number, sign = "") =>
    skill.is_house_rule ? "–" : `${sign}${value.toFixed(2)}`;
  return (
    <tr className={`border-t border-line first:border-t-0 ${isIn ? "" : "text-mute"}`}>
      <td className="max-w-[190px] px-3.5 py-1.5 xl:max-w-[320px]">
        <Link
          to="/t/$tenant/skills/$skillSlug"
          params={{ tenant: slug, skillSlug: skill.slug }}
          className="font-medium hover:underline"
        >
          {skill.slug}
        </Link>{" "}
        <span className="text-mute">v{skill.version}</span>
        <p className="truncate text-xs text-mute" title={skill.description}>
          {skill.description}
        </p>
      </td>
      <td className="py-1.5 pr-3">
        <Tag tone={isIn ? "ok" : "quiet"}>{skillVerdict(skill.verdict)}</Tag>{" "}
        {skill.is_house_rule && (
          <Tag tone="accent">
            <Trans>house rule</Trans>
          </Tag>
        )}
        {composition(skill) && <p className="mt-0.5 text-xs text-mute">{composition(skill)}</p>}
      </td>
      <td className="hidden py-1.5 text-right tabular-nums xl:table-cell">
        {number(skill.relevance)}
      </td>
      <td className="hidden py-1.5 pl-3 text-right tabular-nums xl:table-cell">
        {number(skill.factor, "×")}
      </td>
      <td className="py-1.5 pl-3 text-right tabular-nums">{number(skill.score)}</td>
      <td className="px-3.5 py-1.5 text-right tabular-nums">{formatCount(skill.tokens)}</td>
    </tr>
  );
}
