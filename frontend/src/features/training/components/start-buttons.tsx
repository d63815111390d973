import { Play } from "lucide-react";
import { toast } from "sonner";
import type { TrainingPolicy } from "@/client/contract";
import { Button } from "@/components/button";
import { errorText } from "@/lib/api";
import { plural } from "@/lib/format";
import { useTenant } from "@/lib/tenant";
import { useStartJob } from "../api/jobs";

/** Three ways to begin: now, a single step, or when a window opens. */
export function StartButtons({ policy }: { policy: TrainingPolicy }) {
  const { slug, may } = useTenant();
  const start = useStartJob(slug);
  const reason = may("admin") ? undefined : "Admins and above start training.";
  const off = { disabled: reason !== undefined || start.isPending, title: reason };
  const begin = (wanted: { is_now: boolean; steps?: number }) =>
    start.mutate(
      { policy: policy.id, ...wanted },
      {
        onSuccess: (job) => toast.success(`${plural(job.planned_steps, "step")} planned.`),
        onError: (error) => toast.error(errorText(error)),
      },
    );
  return (
    <span className="flex flex-wrap gap-2">
      <Button {...off} onClick={() => begin({ is_now: false })}>
        In the next window
      </Button>
      <Button {...off} onClick={() => begin({ is_now: true, steps: 1 })}>
        One step
      </Button>
      <Button variant="primary" {...off} onClick={() => begin({ is_now: true })}>
        <Play aria-hidden /> Train now
      </Button>
    </span>
  );
}
