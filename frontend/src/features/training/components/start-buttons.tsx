import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Play } from "lucide-react";
import { toast } from "sonner";
import type { TrainingPolicy } from "@/client/contract";
import { Button } from "@/components/button";
import { errorText } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import { useStartJob } from "../api/jobs";

/** Three ways to begin: now, a single step, or when a window opens. */
export function StartButtons({ policy }: { policy: TrainingPolicy }) {
  const { slug, may, is_demo } = useTenant();
  const start = useStartJob(slug);
  const reason = is_demo
    ? t`Nothing trains in a demo.`
    : may("admin")
      ? undefined
      : t`Admins and above start training.`;
  const off = { disabled: reason !== undefined || start.isPending, title: reason };
  // Not by the callbacks of `mutate`: the news of the job may put another panel in place of these
  // buttons before the answer is there, and then nobody would be told.
  const begin = (wanted: { is_now: boolean; steps?: number }) =>
    void start.mutateAsync({ policy: policy.id, ...wanted }).then(
      (job) =>
        toast.success(
          t`${plural(job.planned_steps, { one: "# step", other: "# steps" })} planned.`,
        ),
      (error) => toast.error(errorText(error)),
    );
  return (
    <span className="flex flex-wrap gap-2">
      <Button {...off} onClick={() => begin({ is_now: false })}>
        <Trans>In the next window</Trans>
      </Button>
      <Button {...off} onClick={() => begin({ is_now: true, steps: 1 })}>
        <Trans>One step</Trans>
      </Button>
      <Button variant="primary" {...off} onClick={() => begin({ is_now: true })}>
        <Play aria-hidden />
        <Trans>Train now</Trans>
      </Button>
    </span>
  );
}
