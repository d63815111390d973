import { Link } from "@tanstack/react-router";
import type { TriedSkill } from "@/client/contract";
import { Tag } from "@/components/tag";
import { formatCount, words } from "@/lib/format";
import { useTenant } from "@/lib/tenant";

const WHY: Record<string, string> = {
  in: "goes in",
  other_agent: "for other agents",
  other_tag: "for turns with other tags",
  control: "on trial, and this session does not get it",
  on_trial: "this session gets the version on trial",
};

/** The skills that came into question, what each was worth, and what became of it. */
export function TriedSkills({ skills }: { skills: TriedSkill[] }) {
  return (
    <div className="overflow-x-auto">
      <table className="w-full text-sm" aria-label="Skills considered">
        <thead className="text-xs text-mute">
          <tr className="border-b border-line text-left">
            <th className="px-3.5 py-1.5 font-medium">Skill</th>
            <th className="py-1.5 font-medium">What becomes of it</th>
            <th className="py-1.5 text-right font-medium">Relevance</th>
            <th
              className="py-1.5 pl-3 text-right font-medium"
              title="How it does beside the others"
            >
              Factor
            </th>
            <th className="py-1.5 pl-3 text-right font-medium">Score</th>
            <th className="px-3.5 py-1.5 text-right font-medium">Tokens</th>
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

function Row({ skill }: { skill: TriedSkill }) {
  const { slug } = useTenant();
  const isIn = skill.verdict === "in";
  // A house rule goes in whatever is asked: there is nothing to weigh.
  const number = (value: number, sign = "") =>
    skill.is_house_rule ? "–" : `${sign}${value.toFixed(2)}`;
  return (
    <tr className={`border-t border-line first:border-t-0 ${isIn ? "" : "text-mute"}`}>
      <td className="max-w-[320px] px-3.5 py-1.5">
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
        <Tag tone={isIn ? "ok" : "quiet"}>{WHY[skill.verdict] ?? words(skill.verdict)}</Tag>{" "}
        {skill.is_house_rule && <Tag tone="accent">house rule</Tag>}
      </td>
      <td className="py-1.5 text-right tabular-nums">{number(skill.relevance)}</td>
      <td className="py-1.5 pl-3 text-right tabular-nums">{number(skill.factor, "×")}</td>
      <td className="py-1.5 pl-3 text-right tabular-nums">{number(skill.score)}</td>
      <td className="px-3.5 py-1.5 text-right tabular-nums">{formatCount(skill.tokens)}</td>
    </tr>
  );
}
