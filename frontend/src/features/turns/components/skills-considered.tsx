import type { TurnDetail } from "@/client/contract";
import { words } from "@/lib/format";

type Candidate = TurnDetail["injection"]["candidates"][number];

/** Which skills came into question for a request, and why each went in or stayed out. */
export function SkillsConsidered({ candidates }: { candidates: Candidate[] }) {
  if (candidates.length === 0) return null;
  return (
    <section aria-label="Skills considered">
      <h2 className="mb-1.5 text-sm font-semibold">Skills considered</h2>
      <table className="w-full text-xs">
        <thead className="sr-only">
          <tr>
            <th>Skill</th>
            <th>Fit</th>
            <th>Outcome</th>
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
                title={factor === 1 ? "Relevance" : "Relevance × how it does beside the others"}
              >
                {factor !== 1 && (
                  <span className="text-mute">
                    {relevance.toFixed(2)} × {factor.toFixed(2)} ={" "}
                  </span>
                )}
                {score.toFixed(2)}
              </td>
              <td className={`py-1 pl-2 whitespace-nowrap ${verdict === "in" ? "" : "text-mute"}`}>
                {words(verdict)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
