import type { TrainingJob } from "@/client/contract";
import { Tag } from "@/components/tag";
import { JOB_STATUS } from "@/components/training-status";

export function JobTag({ job }: { job: TrainingJob }) {
  const { name, tone } = JOB_STATUS[job.status];
  return (
    <Tag tone={tone}>
      {job.status === "running" && (
        <span className="live size-1.5 rounded-full bg-accent" aria-hidden />
      )}
      {name}
    </Tag>
  );
}
