import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { JudgeSpending } from "@/client/contract";
import { ChartTable } from "@/components/chart-table";
import { DayBars } from "@/components/day-bars";
import { Panel } from "@/components/panel";
import { ErrorState, LoadingRows } from "@/components/states";
import { Tag } from "@/components/tag";
import { formatCount, formatDay } from "@/lib/format";
import { useTenant } from "@/lib/tenant";
import { everyDay, type JudgedDay, useJudgeSpending } from "../api/judging";
import { formatMoney } from "../money";

/** What scoring turns cost, by the day: it is not part of what the callers' requests cost. */
export function JudgingPanel() {
  const { slug } = useTenant();
  const spending = useJudgeSpending(slug);
  return (
    <Panel
      title={t`Judging`}
      className="mt-5"
      aside={spending.data && <Total of={spending.data} />}
    >
      {spending.isPending && <LoadingRows rows={3} label={t`Loading what judging cost`} />}
      {spending.isError && (
        <ErrorState error={spending.error} onRetry={() => void spending.refetch()} />
      )}
      {spending.isSuccess &&
        (spending.data.total.scores > 0 ? (
          <Days spending={spending.data} />
        ) : (
          <p className="px-3.5 py-3 text-sm text-mute">
            <Trans>No turn was judged in the latest thirty days.</Trans>
          </p>
        ))}
    </Panel>
  );
}

function Total({ of: { total } }: { of: JudgeSpending }) {
  return (
    <>
      {total.unpriced > 0 && (
        <Tag tone="warn">
          <Trans>{formatCount(total.unpriced)} unpriced</Trans>
        </Tag>
      )}
      <span className="text-sm tabular-nums">
        <Trans>
          {formatMoney(total.cost_micros)} for{" "}
          {plural(total.scores, { one: "# score", other: "# scores" })}
        </Trans>
      </span>
    </>
  );
}

function Days({ spending }: { spending: JudgeSpending }) {
  const days = everyDay(spending);
  // A judge that costs nothing, or has no price, is still asked.
  const hasCost = spending.total.cost_micros > 0;
  const what = hasCost ? t`Cost of judging` : t`Scores by the judge`;
  return (
    <>
      <DayBars
        label={t`${what} by the day; a table follows`}
        days={days.map((day) => ({
          day: day.day,
          value: hasCost ? day.cost_micros : day.scores,
          text: `${formatMoney(day.cost_micros)}, ${plural(day.scores, { one: "# score", other: "# scores" })}`,
        }))}
      />
      <p className="px-3.5 pb-2 text-xs text-mute">
        <Trans>
          {hasCost ? t`Dollars` : t`Scores`} a day, by the scores on record. Budgets are for
          callers; judging has no limit of its own and stops where its provider does.
        </Trans>
      </p>
      <ChartTable
        caption={t`Judging by the day`}
        heads={[t`Day`, t`Scores`, t`Input`, t`Output`, t`Unpriced`, t`Cost`]}
        rows={() => days.filter(({ scores }) => scores > 0).map(rowOf)}
      />
    </>
  );
}

const rowOf = (day: JudgedDay) => [
  formatDay(`${day.day}T12:00:00`),
  formatCount(day.scores),
  formatCount(day.input_tokens),
  formatCount(day.output_tokens),
  formatCount(day.unpriced),
  formatMoney(day.cost_micros),
];
