import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { TurnDetail } from "@/client/contract";
import { skillVerdict } from "@/components/skill-verdict";

type Candidate = TurnDetail["injection"]["candidates"][number];

/** Which skills came into question for a request, and why each went in or stayed out. */
export function SkillsConsidered({ candidates }: { candidates: Candidate[] }) {
  if (candidates.length === 0) return null;
  return (
    <section aria-label={t`Skills considered`}>
      <h2 className="mb-1.5 text-sm font-semibold">
        <Trans>Skills considered</Trans>
      </h2>
      <table className="w-full text-xs">
        <thead className="sr-only">
          <tr>
            <th>
              <Trans>Skill</Trans>
            </th>
            <th>
              <Trans>Fit</Trans>
            </th>
            <th>
              <Trans>Outcome</Trans>
            </th>
          </tr>
        </thead>
        <tbody>
          {candidates.map(({ slug, version, score, verdict, relevance, factor }) => (
            <tr key={`${slug}@${version}`} className="border-t border-line first:border-t-0">
              <td
                className="w-full max-w-0 truncate py-1 pr-2 font-mono"
                title={`${slug}@${version}`}
              >
                {slug}@{version}
              </td>
              <td
                className="py-1 text-right whitespace-nowrap tabular-nums"
                title={factor === 1 ? t`Relevance` : t`Relevance × how it does beside the others`}
              >
                {factor !== 1 && (
                  <span className="text-mute">
                    {relevance.toFixed(2)} × {factor.toFixed(2)} ={" "}
                  </span>
                )}
                {score.toFixed(2)}
              </td>
              <td className={`py-1 pl-2 whitespace-nowrap ${verdict === "in" ? "" : "text-mute"}`}>
                {skillVerdict(verdict)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
