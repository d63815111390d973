import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { SkillComposition } from "@/client/contract";
import { ChartTable } from "@/components/chart-table";
import { troubleText } from "../trouble";

/** The same as rows, and how many skills have nothing to do with it. */
export function CompositionTable({ composition }: { composition: SkillComposition }) {
  const { references, alone } = composition;
  const broken = references.filter(({ trouble }) => trouble !== "");
  return (
    <>
      <p className="border-t border-line px-3.5 py-1.5 text-xs text-mute">
        {plural(alone, {
          one: "# more live skill neither uses another one nor is used.",
          other: "# more live skills neither use another one nor are used.",
        })}
      </p>
      {broken.length > 0 && (
        <ul className="border-t border-line px-3.5 py-1.5 text-xs text-bad">
          {broken.map(({ slug, uses, trouble }) => (
            <li key={`${slug} ${uses}`}>
              <Trans>
                {slug} uses {uses}: {troubleText(trouble)}
              </Trans>
            </li>
          ))}
        </ul>
      )}
      <ChartTable
        caption={t`Which skill uses which`}
        heads={[t`Skill`, t({ message: "Uses", context: "another skill" }), t`Goes into prompts`]}
        rows={() =>
          references.map(({ slug, uses, trouble }) => [
            slug,
            uses,
            trouble ? troubleText(trouble) : t`yes`,
          ])
        }
      />
    </>
  );
}
