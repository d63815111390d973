import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { AnnotationProgress } from "@/client/contract";
import { formatCount } from "@/lib/format";

/** How much of the day's work is done, and how much waits. */
export function Progress({ progress }: { progress: AnnotationProgress }) {
  const { waiting, answered_today, answered_by_you_today, being_read } = progress;
  const all = waiting + answered_today;
  return (
    <div className="ml-auto flex items-center gap-3 text-sm text-mute">
      <span>
        <Trans>{formatCount(waiting)} waiting</Trans>
        {being_read > 0 && t`, ${formatCount(being_read)} being read`}
      </span>
      <span className="hidden sm:inline">
        <Trans>
          {formatCount(answered_by_you_today)} by you today, {formatCount(answered_today)} in all
        </Trans>
      </span>
      {/* The words beside it say the same. */}
      <span aria-hidden className="h-1.5 w-24 overflow-hidden rounded-full bg-line">
        <span
          className="block h-full bg-ink"
          style={{ width: `${(100 * answered_today) / Math.max(1, all)}%` }}
        />
      </span>
    </div>
  );
}
