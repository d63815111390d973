import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { TrainingFunnel } from "@/client/contract";
import { Panel } from "@/components/panel";
import { ErrorState, LoadingRows } from "@/components/states";
import { formatCount, formatPercent } from "@/lib/format";
import { saidText } from "@/lib/said";
import { useTenant } from "@/lib/tenant";
import { useFunnel } from "../api/overview";

/** What was recorded, how much of it may train, and what keeps the rest out. */
export function FunnelPanel() {
  const { slug } = useTenant();
  const funnel = useFunnel(slug);
  return (
    <Panel title={t`Samples`}>
      {funnel.isPending && <LoadingRows rows={3} label={t`Loading samples`} />}
      {funnel.isError && <ErrorState error={funnel.error} onRetry={() => void funnel.refetch()} />}
      {funnel.isSuccess &&
        (funnel.data.captured > 0 ? (
          <Funnel funnel={funnel.data} />
        ) : (
          <p className="px-3.5 py-3 text-sm text-mute">
            <Trans>
              No answer is on record in tokens yet. One is kept for every answer that a route
              samples from a policy.
            </Trans>
          </p>
        ))}
    </Panel>
  );
}

function Funnel({
  funnel: { captured, eligible, refused, sentences, sentences_said },
}: {
  funnel: TrainingFunnel;
}) {
  const reasons = Object.entries(refused).sort(([, a], [, b]) => b - a);
  return (
    <>
      <dl className="flex flex-wrap gap-x-8 gap-y-2 px-3.5 py-3">
        <Figure name={t`on record`} value={formatCount(captured)} />
        <Figure
          name={t`may train (${formatPercent(eligible, captured)})`}
          value={formatCount(eligible)}
        />
        <Figure name={t`kept out`} value={formatCount(captured - eligible)} />
      </dl>
      {reasons.length > 0 && (
        <ul aria-label={t`Kept out`} className="border-t border-line px-3.5 py-2">
          {reasons.map(([code, n]) => (
            <li key={code} className="flex items-center gap-3 py-1 text-sm">
              <span className="w-14 shrink-0 text-right tabular-nums">{formatCount(n)}</span>
              <span
                aria-hidden
                className="h-1.5 w-24 shrink-0 overflow-hidden rounded bg-sunk max-sm:hidden"
              >
                <span
                  className="block h-full rounded bg-line2"
                  style={{ width: `${(100 * n) / captured}%` }}
                />
              </span>
              <span className="text-mute">
                {saidText(sentences[code] ?? code, sentences_said[code])}
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div className="flex flex-col-reverse">
      <dt className="text-xs text-mute">{name}</dt>
      <dd className="text-[20px] font-semibold tracking-tight tabular-nums">{value}</dd>
    </div>
  );
}
