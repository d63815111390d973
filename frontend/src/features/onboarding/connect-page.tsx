import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useState } from "react";
import { Banner } from "@/components/banner";
import { buttonClass } from "@/components/button";
import { Page } from "@/components/page";
import { Panel } from "@/components/panel";
import { useTenant } from "@/lib/tenant";
import { useArrival, useGateway } from "./api/onboarding";
import { ArrivalPanel } from "./components/arrival-panel";
import { ClientTabs } from "./components/client-tabs";
import { KeyStep } from "./components/key-step";
import { TestRequestButton } from "./components/test-request-button";

type Props = {
  title?: string;
  next?: ReactNode;
  isFirst?: boolean;
  /** The key that the workspace was made with a moment ago. */
  firstKey?: string | null;
};

/** From no traffic to the first recorded request: a key, a client, and the wait for it. */
export function ConnectPage({
  title = t`Connect an agent`,
  next,
  isFirst = false,
  firstKey = null,
}: Props) {
  const { slug } = useTenant();
  const [visit] = useState(() => ({ id: crypto.randomUUID(), at: Date.now() }));
  const [secret, setSecret] = useState(firstKey);
  const arrival = useArrival(slug, visit, isFirst);
  const { isAnswered } = arrival;

  return (
    <Page title={title} actions={next} className="max-w-[1120px]">
      <NoProvider />
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_360px]">
        <div className="flex min-w-0 flex-col gap-4">
          <Panel title={<Step n={1} text={t`Get a key`} />}>
            <KeyStep secret={secret} onSecret={setSecret} />
          </Panel>
          <Panel title={<Step n={2} text={t`Point your agent at the gateway`} />}>
            <ClientTabs apiKey={secret ?? "YOUR_KEY"} />
          </Panel>
        </div>
        <Panel
          title={<Step n={3} text={isAnswered ? t`First request` : t`Send a request`} />}
          aside={!isAnswered && <TestRequestButton label={t`Send one for me`} />}
        >
          <ArrivalPanel {...arrival} />
        </Panel>
      </div>
    </Page>
  );
}

/** A new workspace has none where the installation's provider is not everybody's. */
function NoProvider() {
  const { slug } = useTenant();
  const gateway = useGateway(slug);
  if (gateway.data?.answers !== false) return null;
  return (
    <Banner
      tone="warn"
      className="mb-4"
      title={t`No provider answers in this workspace yet`}
      action={
        <Link to="/t/$tenant/upstreams" params={{ tenant: slug }} className={buttonClass()}>
          <Trans>Upstreams</Trans>
        </Link>
      }
    >
      <Trans>Add one under Upstreams first; until then requests are refused.</Trans>
    </Banner>
  );
}

function Step({ n, text }: { n: number; text: string }) {
  return (
    <span className="flex items-center gap-2">
      <span className="grid size-5 place-items-center rounded-full border border-line2 text-xs text-mute">
        {n}
      </span>
      {text}
    </span>
  );
}
