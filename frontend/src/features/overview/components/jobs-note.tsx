import type { Overview } from "@/client/contract";
import { Banner } from "@/components/banner";
import { plural } from "@/lib/format";

/** Background work: quiet while it runs, loud when some of it gave up. */
export function JobsNote({ jobs }: { jobs: Overview["jobs"] }) {
  if (jobs.dead > 0) {
    return (
      <Banner
        tone="warn"
        title={`${plural(jobs.dead, "background job")} gave up after every retry`}
      >
        Scores or proposals may be missing. Check that the judge's upstream answers.
      </Banner>
    );
  }
  if (jobs.queued + jobs.running === 0) return null;
  return (
    <p className="text-xs text-mute" role="status">
      Background jobs: {jobs.running} running, {jobs.queued} waiting.
    </p>
  );
}
