import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { Overview } from "@/client/contract";
import { Banner } from "@/components/banner";
import { buttonClass } from "@/components/button";
import { useTenant } from "@/lib/tenant";

/** Background work: quiet while it runs, loud when some of it gave up. */
export function JobsNote({ jobs }: { jobs: Overview["jobs"] }) {
  const { slug } = useTenant();
  if (jobs.dead > 0) {
    return (
      <Banner
        tone="warn"
        title={t`${plural(jobs.dead, { one: "# background job", other: "# background jobs" })} gave up after every retry`}
        action={
          <Link
            to="/t/$tenant/jobs"
            params={{ tenant: slug }}
            search={{ status: "dead" }}
            className={buttonClass()}
          >
            <Trans>See why</Trans>
          </Link>
        }
      >
        <Trans>Scores or proposals may be missing. Check that the judge's upstream answers.</Trans>
      </Banner>
    );
  }
  if (jobs.queued + jobs.running === 0) return null;
  return (
    <p className="text-xs text-mute" role="status">
      <Trans>
        Background jobs: {jobs.running} running, {jobs.queued} waiting.
      </Trans>
    </p>
  );
}
