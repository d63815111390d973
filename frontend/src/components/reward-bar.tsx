import { clsx } from "clsx";
import { formatScore } from "@/lib/format";

/** The signed reward as a number and a bar from the middle: never told by colour alone. */
export function RewardBar({ score }: { score: number | null }) {
  const share = Math.min(1, Math.abs(score ?? 0)) * 50;
  return (
    <span className="flex items-center justify-end gap-2">
      <span className={clsx("w-6 text-right", score === null && "text-mute")}>
        {formatScore(score)}
      </span>
      <svg viewBox="0 0 100 12" className="h-1.5 w-11" preserveAspectRatio="none" aria-hidden>
        <rect x="0" y="4.5" width="100" height="3" fill="var(--line)" />
        {score !== null && score !== 0 && (
          <rect
            x={score > 0 ? 50 : 50 - share}
            y="0"
            width={share}
            height="12"
            fill={score > 0 ? "var(--s1)" : "var(--bad)"}
          />
        )}
        <rect x="49" y="-2" width="2" height="16" fill="var(--line2)" />
      </svg>
    </span>
  );
}
