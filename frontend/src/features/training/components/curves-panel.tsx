import { t } from "@lingui/core/macro";
import { useMemo, useState } from "react";
import type { TrainingJob, TrainingStep } from "@/client/contract";
import { ChartTable } from "@/components/chart-table";
import { LineChart } from "@/components/line-chart";
import { Panel } from "@/components/panel";
import { EmptyState, ErrorState, LoadingBlock } from "@/components/states";
import { isUnderWay } from "@/components/training-status";
import { formatFigure } from "@/lib/format";
import { useTenant } from "@/lib/tenant";
import { useJob } from "../api/jobs";
import { curvesOf, formatOf, isDone, pointsOf } from "../curves";

/** How a job's steps went: small charts that move together. */
export function CurvesPanel({ job, title }: { job: TrainingJob; title: string }) {
  const { slug } = useTenant();
  const detail = useJob(slug, job.id);
  const steps = useMemo(() => (detail.data?.steps ?? []).filter(isDone), [detail.data]);
  return (
    <Panel title={title}>
      {detail.isPending && <LoadingBlock label={t`Loading the curves`} />}
      {detail.isError && <ErrorState error={detail.error} onRetry={() => void detail.refetch()} />}
      {detail.isSuccess &&
        (steps.length > 0 ? (
          <Curves steps={steps} />
        ) : (
          <EmptyState title={t`No step is done yet`}>
            {isUnderWay(job)
              ? t`Its figures appear here step by step.`
              : t`This job ended before its first step was done.`}
          </EmptyState>
        ))}
    </Panel>
  );
}

function Curves({ steps }: { steps: TrainingStep[] }) {
  const [at, setAt] = useState<number | null>(null);
  // Looking along the curves moves marks over them; the curves themselves stay as they are.
  const curves = useMemo(
    () => curvesOf(steps).map((curve) => ({ ...curve, points: pointsOf(curve, steps) })),
    [steps],
  );
  return (
    <>
      {/* Two beside each other where both have room for what they read out. */}
      <div className="grid grid-cols-[repeat(auto-fit,minmax(min(100%,max(18rem,50%-1rem)),1fr))] gap-x-8 gap-y-6 px-3.5 pt-3 pb-4">
        {curves.map((curve) => (
          <LineChart
            key={curve.key}
            name={curve.name}
            note={curve.note}
            xName={t`step`}
            color={curve.color}
            hasZero={curve.hasZero}
            leastSpan={curve.leastSpan}
            format={formatOf(curve)}
            points={curve.points}
            at={at}
            onAt={setAt}
          />
        ))}
      </div>
      <ChartTable
        caption={t`Figures by step`}
        heads={[t`Step`, ...curves.map(({ name }) => name)]}
        rows={() =>
          steps.map(({ number, metrics }) => [
            String(number),
            ...curves.map((curve) =>
              metrics[curve.key] === undefined
                ? formatFigure(null)
                : formatOf(curve)(metrics[curve.key] as number),
            ),
          ])
        }
      />
    </>
  );
}
