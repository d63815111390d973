import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link, useNavigate, useRouter } from "@tanstack/react-router";
import { Cable } from "lucide-react";
import { useState } from "react";
import { buttonClass } from "@/components/button";
import { TestRequestButton } from "@/features/onboarding/components/test-request-button";
import { ConnectPage } from "@/features/onboarding/connect-page";
import { useOverview } from "@/features/overview/api/overview";
import { OverviewPage } from "@/features/overview/overview-page";
import { useSession } from "@/features/session/api/session";
import { firstKeyOf } from "@/features/workspaces/api/workspaces";
import { LoadDemoButton } from "@/features/workspaces/components/load-demo-button";
import { saidText } from "@/lib/said";
import { useTenant } from "@/lib/tenant";

/** The overview; before the first turn ever, the way to that turn. */
export function OverviewRoute() {
  const { slug, is_demo } = useTenant();
  const overview = useOverview(slug);
  // Stays true when the first turn arrives: its timeline is what the person came to see.
  const [startedEmpty, setStartedEmpty] = useState<boolean | null>(null);
  if (startedEmpty === null && overview.isSuccess) {
    // A demo that is being loaded waits for nobody's agent.
    setStartedEmpty(!is_demo && overview.data.turns.first_at === null);
  }

  if (startedEmpty) {
    return (
      <ConnectPage
        isFirst
        title={t`Connect your first agent`}
        next={
          <>
            <LoadDemo />
            <button type="button" className={buttonClass()} onClick={() => setStartedEmpty(false)}>
              <Trans>Go to the overview</Trans>
            </button>
          </>
        }
      />
    );
  }
  return <OverviewPage actions={<OverviewActions />} />;
}

/** Before there is anything of one's own to look at. */
function LoadDemo() {
  const { tenants, creation_refusal, creation_refusal_said } = useSession();
  const navigate = useNavigate();
  if (tenants.some(({ is_demo }) => is_demo)) return null;
  return (
    <LoadDemoButton
      refusal={creation_refusal && saidText(creation_refusal, creation_refusal_said)}
      onMade={(tenant) => void navigate({ to: "/t/$tenant/overview", params: { tenant } })}
    />
  );
}

function OverviewActions() {
  const { slug } = useTenant();
  const navigate = useNavigate();
  return (
    <>
      <Link to="/t/$tenant/connect" params={{ tenant: slug }} className={buttonClass()}>
        <Cable aria-hidden />
        <Trans>Connect an agent</Trans>
      </Link>
      <TestRequestButton
        variant="primary"
        onTurn={(turnId) =>
          void navigate({ to: "/t/$tenant/turns/$turnId", params: { tenant: slug, turnId } })
        }
      />
    </>
  );
}

export function ConnectRoute() {
  const { slug } = useTenant();
  const { queryClient } = useRouter().options.context;
  // Kept by the page from then on, and by nothing else.
  return <ConnectPage key={slug} firstKey={firstKeyOf(queryClient, slug)} />;
}
