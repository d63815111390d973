import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { TrainingPolicyCheck } from "@/client/contract";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";
import { errorText } from "@/lib/api";
import { saidText } from "@/lib/said";
import { useTenant } from "@/lib/tenant";
import { usePolicyCheck } from "../api/policies";

const WAY: Record<string, string> = {
  unreachable: t`See that it runs and the address is right. On this machine, make trainer starts one.`,
  key_missing: t`Enter its key under Upstreams.`,
  key_refused: t`Enter the key again under Upstreams.`,
  billing: t`Add credit with the provider.`,
  busy: t`Try again in a moment.`,
  timeout: t`Try again in a moment.`,
};

/** Says what keeps the trainer from beginning, before a job finds out. Silent where all is well. */
export function CheckBanner({ policyId }: { policyId: string }) {
  const { slug, may, is_demo } = useTenant();
  const check = usePolicyCheck(slug, policyId, may("admin") && !is_demo);
  if (is_demo)
    return (
      <Banner
        tone="info"
        title={t`The trainer of a demo is made up: what it did is told, and nothing trains here.`}
      />
    );
  if (check.isPending || check.data?.is_ready) return null;
  const again = (
    <Button isBusy={check.isFetching} onClick={() => void check.refetch()}>
      <Trans>Ask again</Trans>
    </Button>
  );
  return (
    <Banner
      tone="warn"
      title={
        check.isError ? errorText(check.error) : saidText(check.data.detail, check.data.detail_said)
      }
      action={again}
    >
      {check.data && <NextStep found={check.data} policyId={policyId} />}
    </Banner>
  );
}

const LINK = "underline underline-offset-2";

function NextStep({ found, policyId }: { found: TrainingPolicyCheck; policyId: string }) {
  const { slug: tenant } = useTenant();
  if (found.reason === "unknown_model") {
    return (
      <p>
        {found.models.length > 0 && t`It has ${found.models.slice(0, 6).join(", ")}. `}
        <Link
          to="/t/$tenant/training/$policyId"
          params={{ tenant, policyId }}
          search={{ tab: "settings" }}
          className={LINK}
        >
          <Trans>Choose another base model</Trans>
        </Link>
      </p>
    );
  }
  return (
    <p>
      {WAY[found.reason]}{" "}
      <Link to="/t/$tenant/upstreams" params={{ tenant }} className={LINK}>
        <Trans>Open Upstreams</Trans>
      </Link>
    </p>
  );
}
