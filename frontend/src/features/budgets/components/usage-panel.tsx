import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import type { UsageGroup, UsageReport } from "@/client/contract";
import { Select } from "@/components/field";
import { Panel } from "@/components/panel";
import { ErrorState, LoadingRows } from "@/components/states";
import { Tag } from "@/components/tag";
import { formatCount } from "@/lib/format";
import { useTenant } from "@/lib/tenant";
import { useUsage } from "../api/budgets";
import { formatMoney } from "../money";

const GROUPS: Record<UsageGroup, { by: string; name: string }> = {
  day: { by: t`by day`, name: t`Day` },
  model: { by: t`by model`, name: t`Model` },
  key: { by: t`by key`, name: t`Key` },
  agent: { by: t`by agent`, name: t`Agent` },
  upstream: { by: t`by upstream`, name: t`Upstream` },
};

export function UsagePanel() {
  const { slug } = useTenant();
  const [by, setBy] = useState<UsageGroup>("day");
  const usage = useUsage(slug, by);
  return (
    <Panel
      title={t`Usage`}
      className="mt-5"
      aside={
        <Select
          isInline
          aria-label={t`Usage by`}
          value={by}
          onChange={({ target }) => setBy(target.value as UsageGroup)}
        >
          {Object.entries(GROUPS).map(([group, { by: text }]) => (
            <option key={group} value={group}>
              {text}
            </option>
          ))}
        </Select>
      }
    >
      {usage.isPending && <LoadingRows rows={4} label={t`Loading usage`} />}
      {usage.isError && <ErrorState error={usage.error} onRetry={() => void usage.refetch()} />}
      {usage.isSuccess &&
        (usage.data.rows.length > 0 ? (
          <UsageTable report={usage.data} />
        ) : (
          <p className="px-3.5 py-3 text-sm text-mute">
            <Trans>
              Nothing from {usage.data.since} to {usage.data.until}. Send a request through the
              gateway and it is counted here.
            </Trans>
          </p>
        ))}
    </Panel>
  );
}

function UsageTable({ report }: { report: UsageReport }) {
  const heads = [t`Requests`, t`Aborted`, t`Input`, t`Cached`, t`Output`, t`Cost`];
  const rows = [
    ...report.rows.map((row) => ({ ...row, name: row.name || row.group || t`none` })),
    { ...report.total, group: "\u0000total", name: t`Total` },
  ];
  return (
    // A region that scrolls must be reachable by keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways in a narrow window
    <section className="overflow-x-auto" tabIndex={0} aria-label={t`Usage table`}>
      <table className="w-full text-sm tabular-nums">
        <caption className="px-3.5 pt-2 text-left text-xs text-mute">
          <Trans>
            {report.since} to {report.until}
          </Trans>
        </caption>
        <thead>
          <tr className="border-b border-line2 text-xs text-mute">
            <th scope="col" className="h-8 px-3.5 text-left font-normal">
              {GROUPS[report.by].name}
            </th>
            {heads.map((head) => (
              <th key={head} scope="col" className="h-8 px-3 text-right font-normal">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.group} className="border-b border-line last:border-0 last:font-semibold">
              <th scope="row" className="h-9 px-3.5 text-left font-[inherit]">
                {row.name}
              </th>
              <Count n={row.requests} />
              <Count n={row.aborted} />
              <Count n={row.input_tokens} />
              <Count n={row.cache_read_tokens} />
              <Count n={row.output_tokens} />
              <td className="px-3 text-right whitespace-nowrap">
                {row.unpriced > 0 && (
                  <Tag tone="warn">
                    <Trans>{formatCount(row.unpriced)} unpriced</Trans>
                  </Tag>
                )}{" "}
                {formatMoney(row.cost_micros)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Count({ n }: { n: number }) {
  return <td className="px-3 text-right">{formatCount(n)}</td>;
}
