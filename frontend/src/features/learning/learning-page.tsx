import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { toast } from "sonner";
import type { LearningPolicy } from "@/client/contract";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";
import { Page } from "@/components/page";
import { Panel } from "@/components/panel";
import { ErrorState, LoadingBlock } from "@/components/states";
import { errorText } from "@/lib/api";
import { saidText } from "@/lib/said";
import { useTenant } from "@/lib/tenant";
import { useLearningActions, useLearningPolicy } from "./api/learning";
import { ClusterDialog } from "./components/cluster-dialog";
import { ClusterPanel } from "./components/cluster-panel";
import { PolicyForm } from "./components/policy-form";
import { PrecisionPanel } from "./components/precision-panel";
import { RunDialog } from "./components/run-dialog";
import { RunPanel } from "./components/run-panel";
import type { LearningSearch } from "./search";

const LIMIT = { "": "", runs: "runs", tokens: "tokens", money: "money" };

type Props = { search: LearningSearch; onClose: () => void };

export function LearningPage({ search, onClose }: Props) {
  const { slug, may } = useTenant();
  const policy = useLearningPolicy(slug);
  const { run } = useLearningActions(slug);
  const ask = () =>
    run.mutate(undefined, {
      onSuccess: () => toast.success(t`The evolver looks at what is ripe.`),
      onError: (error) => toast.error(errorText(error)),
    });
  return (
    <Page
      title={t`Learning`}
      note={t`When failures become proposals`}
      actions={
        may("reviewer") && (
          <Button
            onClick={ask}
            isBusy={run.isPending}
            disabled={policy.data ? isStopped(policy.data) : true}
          >
            <Trans>Learn now</Trans>
          </Button>
        )
      }
    >
      {policy.data && <StateBanner policy={policy.data} />}
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_340px]">
        <div className="flex min-w-0 flex-col gap-4">
          <ClusterPanel />
          <PrecisionPanel />
          <RunPanel />
        </div>
        <Panel title={t`Rules`}>
          {policy.isPending && <LoadingBlock label={t`Loading the rules`} />}
          {policy.isError && (
            <ErrorState error={policy.error} onRetry={() => void policy.refetch()} />
          )}
          {policy.isSuccess && (
            <PolicyForm key={slug} policy={policy.data} isDisabled={!may("admin")} />
          )}
        </Panel>
      </div>
      {search.run && <RunDialog key={search.run} id={search.run} onClose={onClose} />}
      {search.pattern && (
        <ClusterDialog key={search.pattern} id={search.pattern} onClose={onClose} />
      )}
    </Page>
  );
}

const isStopped = ({ state }: LearningPolicy) => state === "paused" || state === "held";

/** Judge and people differ: the numbers, and the two ways out of it. */
function HeldBanner({ policy }: { policy: LearningPolicy }) {
  const { slug, may } = useTenant();
  const { resume } = useLearningActions(slug);
  return (
    <Banner
      tone="warn"
      className="mb-4"
      title={t`Learning paused itself: judge and people differ too much`}
      action={
        may("admin") && (
          <Button
            isBusy={resume.isPending}
            onClick={() =>
              resume.mutate(undefined, {
                onSuccess: () => toast.success(t`Learning goes on.`),
                onError: (error) => toast.error(errorText(error)),
              })
            }
          >
            <Trans>Go on all the same</Trans>
          </Button>
        )
      }
    >
      <p>
        <Trans>
          {saidText(policy.held_reason, policy.held_said)} Failures are kept. It goes on by itself
          when both agree again on{" "}
          <Link
            to="/t/$tenant/annotate"
            params={{ tenant: slug }}
            className="underline underline-offset-2"
          >
            Annotate
          </Link>
          , or another judge is set.
        </Trans>
      </p>
    </Banner>
  );
}

function StateBanner({ policy }: { policy: LearningPolicy }) {
  if (policy.state === "paused")
    return (
      <Banner tone="warn" className="mb-4" title={t`Learning is paused. Failures are kept.`} />
    );
  if (policy.state === "held") return <HeldBanner policy={policy} />;
  if (policy.state === "capped")
    return (
      <Banner
        tone="warn"
        className="mb-4"
        title={t`Today\u2019s limit of ${LIMIT[policy.today.capped_by]} is reached. It goes on tomorrow.`}
      />
    );
  if (policy.waived_judge)
    return (
      <Banner
        className="mb-4"
        title={t`Learning goes on although people differ with ${policy.waived_judge}`}
      />
    );
  return null;
}
