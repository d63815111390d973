import { t } from "@lingui/core/macro";
import type { Canary } from "@/client/contract";
import { formatChange, formatCount } from "@/lib/format";
import { guardName } from "@/lib/said-names";

type Result = NonNullable<Canary["result"]>;

/** What is known by now: the reward with its bounds, and the guards. */
export function CanaryNumbers({ result, alpha }: { result: Result; alpha: number }) {
  const { reward } = result;
  return (
    <table className="w-full text-xs tabular-nums [&_td]:py-0.5 [&_td]:text-right [&_th]:py-0.5 [&_th]:text-left [&_th]:font-normal [&_th]:text-mute">
      <tbody>
        <Row name={t`Success, with it minus without it`} value={formatChange(reward.difference)} />
        <Row
          name={t`At every moment, ${Math.round(100 * (1 - alpha))} % sure`}
          value={t`${formatChange(reward.low)} to ${formatChange(reward.high)}`}
        />
        <Row
          name={t`Evidence that it helps`}
          value={t`${ofNeeded(reward.for_better, 1 / alpha)} needed`}
          title={t`What one coin bet on it has become; at the second number it is proof`}
        />
        <Row
          name={t`Evidence that it harms`}
          value={t`${ofNeeded(reward.for_worse, 1 / alpha)} needed`}
        />
        <Row
          name={t`Sessions with it, without it`}
          value={`${formatCount(result.treated)}, ${formatCount(result.control)}`}
        />
        {result.guards.map((guard) => (
          <Row
            key={guard.name}
            name={guardName(guard.name)}
            value={t`${number(guard.treated)} vs ${number(guard.control)}`}
            title={t`Evidence of harm: ${ofNeeded(guard.coins, guard.needed)}`}
            isBad={guard.is_broken}
          />
        ))}
      </tbody>
    </table>
  );
}

type RowProps = { name: string; value: string; title?: string; isBad?: boolean };

function Row({ name, value, title, isBad }: RowProps) {
  return (
    <tr className="border-t border-line first:border-t-0" title={title}>
      <th scope="row">{name}</th>
      <td className={isBad ? "text-bad" : undefined}>{isBad ? t`${value} (too much)` : value}</td>
    </tr>
  );
}

const ofNeeded = (coins: number, needed: number) =>
  t`${coins < 10 ? coins.toFixed(1) : formatCount(Math.round(coins))} of ${Math.round(needed)}`;

const number = (value: number) =>
  Number.isInteger(value) || value >= 100 ? formatCount(Math.round(value)) : value.toPrecision(2);
