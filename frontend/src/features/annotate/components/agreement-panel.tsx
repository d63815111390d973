import type { Estimate, JudgeAgreement } from "@/client/contract";
import { Panel } from "@/components/panel";
import { ErrorState, LoadingBlock } from "@/components/states";
import { Tag } from "@/components/tag";
import { plural } from "@/lib/format";
import { useTenant } from "@/lib/tenant";
import { useAgreement } from "../api/annotations";

const NAMES = ["failed", "neither", "passed"];

/** How far judge and people agree, for each judge of the window. */
export function AgreementPanel() {
  const found = useAgreement(useTenant().slug);
  return (
    <Panel
      title="Judge and people"
      aside={
        found.data && (
          <span className="text-xs text-mute">last {plural(found.data.window_days, "day")}</span>
        )
      }
    >
      {found.isPending && <LoadingBlock label="Loading the agreement" />}
      {found.isError && <ErrorState error={found.error} onRetry={() => void found.refetch()} />}
      {found.data?.judges.length === 0 && (
        <p className="p-3.5 text-sm text-mute">No judge has scored a turn yet.</p>
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
        {judge.is_in_use && <Tag tone="info">in use</Tag>}
      </p>
      {judge.n === 0 || !judge.raw ? (
        <p className="text-sm text-mute">Nobody answered about its turns yet.</p>
      ) : (
        <>
          <dl className="grid grid-cols-[1fr_auto] gap-y-0.5 text-sm [&_dd]:text-right">
            <dt className="text-mute">Same verdict</dt>
            <dd>{range(judge.raw, percent)}</dd>
            <dt className="text-mute">Beyond chance (kappa)</dt>
            <dd>{judge.kappa ? range(judge.kappa, decimal) : "–"}</dd>
            <dt className="text-mute">Turns compared</dt>
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
      <caption className="sr-only">Verdicts of the judge by rows, of people by columns</caption>
      <thead>
        <tr>
          <th scope="col" className="text-left">
            judge ↓ people →
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
  return `${show(value)} (${show(low)} to ${show(high)})`;
}
