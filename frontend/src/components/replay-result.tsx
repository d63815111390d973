import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { Replay } from "@/client/contract";
import { formatMoney } from "@/lib/money";

const GROUPS = [
  ["evidence", t`Behind it`],
  ["held_out", t`Not seen by its author`],
  ["control", t`That went well`],
] as const;

/** Both arms by group of turns; the lift in votes, with its 95 % interval. */
export function ReplayResult({ result }: { result: NonNullable<Replay["result"]> }) {
  return (
    <table className="w-full text-xs tabular-nums [&_td]:py-0.5 [&_td]:pl-2.5 [&_td]:text-right [&_th]:py-0.5 [&_th:not(:first-child)]:pl-2.5 [&_th]:font-normal [&_th]:text-mute">
      <thead>
        <tr>
          <th scope="col" className="text-left">
            <Trans>Turns</Trans>
          </th>
          <th scope="col" className="text-right">
            <Trans>Won</Trans>
          </th>
          <th scope="col" className="text-right">
            <Trans>Tied</Trans>
          </th>
          <th scope="col" className="text-right">
            <Trans>Lost</Trans>
          </th>
          <th scope="col" className="text-right">
            <Trans>Lift</Trans>
          </th>
        </tr>
      </thead>
      <tbody>
        {GROUPS.map(([name, label]) => {
          const found = result.groups[name];
          return (
            <tr key={name} className="border-t border-line">
              <th scope="row" className="text-left">
                {label}
              </th>
              {found ? (
                <>
                  <td>{found.wins}</td>
                  <td>{found.ties}</td>
                  <td>{found.losses}</td>
                  <td title={t`95 % between ${signed(found.low)} and ${signed(found.high)}`}>
                    {signed(found.lift)}
                  </td>
                </>
              ) : (
                <td colSpan={4} className="text-mute">
                  <Trans>none yet</Trans>
                </td>
              )}
            </tr>
          );
        })}
      </tbody>
      <caption className="caption-bottom pt-1 text-left text-mute">
        <Trans>{signed(result.extra_tokens, 0)} tokens a turn</Trans>
        {result.extra_micros ? moreOrLess(result.extra_micros) : ""}
        {result.groups.failing && t`, p ${chance(result.groups.failing.p_helps)} on failing turns`}
        {result.skipped > 0 && t`, ${result.skipped} could not be asked again`}
      </caption>
    </table>
  );
}

function signed(value: number, digits = 2): string {
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return text;
  return value < 0 ? `−${text}` : `+${text}`;
}

function moreOrLess(micros: number): string {
  const money = formatMoney(Math.abs(micros));
  return micros > 0 ? t`, ${money} more` : t`, ${money} less`;
}

const chance = (p: number) => (p < 0.001 ? "< 0.001" : `= ${p.toFixed(3)}`);
