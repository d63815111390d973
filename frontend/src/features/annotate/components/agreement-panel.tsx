import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { Estimate, JudgeAgreement } from "@/client/contract";
import { Panel } from "@/components/panel";
import { ErrorState, LoadingBlock } from "@/components/states";
import { Tag } from "@/components/tag";
import { useTenant } from "@/lib/tenant";
import { useAgreement } from "../api/annotations";

const NAMES = [t`failed`, t`neither`, t`passed`];

/** How far judge and people agree, for each judge of the window. */
export function AgreementPanel() {
  const found = useAgreement(useTenant().slug);
  return (
    <Panel
      title={t`Judge and people`}
      aside={
        found.data && (
          <span className="text-xs text-mute">
            <Trans>last {plural(found.data.window_days, { one: "# day", other: "# days" })}</Trans>
          </span>
        )
      }
    >
      {found.isPending && <LoadingBlock label={t`Loading the agreement`} />}
      {found.isError && <ErrorState error={found.error} onRetry={() => void found.refetch()} />}
      {found.data?.judges.length === 0 && (
        <p className="p-3.5 text-sm text-mute">
          <Trans>No judge has scored a turn yet.</Trans>
        </p>
      )}
      {found.data?.judges.map((judge) => (
        <Judge key={`${judge.judge_model} ${judge.prompt_version}`} judge={judge} />
      ))}
    </Panel>
  );
}

function Judge({ judge }: { judge: JudgeAgreement }) {
  return (
    <div className="flex flex-col gap-2 border-line p-3.5 not-first:border-t">
      <p className="flex flex-wrap items-center gap-2 text-sm">
        <span className="font-mono text-xs">{judge.judge_model}</span>
        <span className="text-xs text-mute">{judge.prompt_version}</span>
        {judge.is_in_use && (
          <Tag tone="info">
            <Trans>in use</Trans>
          </Tag>
        )}
      </p>
      {judge.n === 0 || !judge.raw ? (
        <p className="text-sm text-mute">
          <Trans>Nobody answered about its turns yet.</Trans>
        </p>
      ) : (
        <>
          <dl className="grid grid-cols-[1fr_auto] gap-y-0.5 text-sm [&_dd]:text-right">
            <dt className="text-mute">
              <Trans>Same verdict</Trans>
            </dt>
            <dd>{range(judge.raw, percent)}</dd>
            <dt className="text-mute">
              <Trans>Beyond chance (kappa)</Trans>
            </dt>
            <dd>{judge.kappa ? range(judge.kappa, decimal) : "–"}</dd>
            <dt className="text-mute">
              <Trans>Turns compared</Trans>
            </dt>
            <dd>{judge.n}</dd>
          </dl>
          <Counts counts={judge.counts} />
        </>
      )}
    </div>
  );
}

function Counts({ counts }: { counts: number[][] }) {
  return (
    <table className="w-full text-xs [&_td]:text-right [&_th]:font-normal [&_th]:text-mute">
      <caption className="sr-only">
        <Trans>Verdicts of the judge by rows, of people by columns</Trans>
      </caption>
      <thead>
        <tr>
          <th scope="col" className="text-left">
            <Trans>judge ↓ people →</Trans>
          </th>
          {NAMES.map((name) => (
            <th key={name} scope="col" className="text-right">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {counts.map((row, at) => (
          <tr key={NAMES[at]}>
            <th scope="row" className="text-left">
              {NAMES[at]}
            </th>
            {row.map((count, column) => (
              <td key={NAMES[column]} className={at === column ? "font-semibold" : undefined}>
                {count}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const percent = (share: number) => `${Math.round(100 * share)}%`;
const decimal = (value: number) => value.toFixed(2);

function range({ value, low, high }: Estimate, show: (value: number) => string): string {
  return t`${show(value)} (${show(low)} to ${show(high)})`;
}
