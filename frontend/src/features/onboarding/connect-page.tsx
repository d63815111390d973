import type { ReactNode } from "react";
import { useState } from "react";
import { Page } from "@/components/page";
import { Panel } from "@/components/panel";
import { useTenant } from "@/lib/tenant";
import { useArrival } from "./api/onboarding";
import { ArrivalPanel } from "./components/arrival-panel";
import { ClientTabs } from "./components/client-tabs";
import { KeyStep } from "./components/key-step";
import { TestRequestButton } from "./components/test-request-button";

type Props = { title?: string; next?: ReactNode; isFirst?: boolean };

/** From no traffic to the first recorded request: a key, a client, and the wait for it. */
export function ConnectPage({ title = "Connect an agent", next, isFirst = false }: Props) {
  const { slug } = useTenant();
  const [visit] = useState(() => crypto.randomUUID());
  const [secret, setSecret] = useState<string | null>(null);
  const turn = useArrival(slug, visit, isFirst);

  return (
    <Page title={title} actions={next} className="max-w-[1120px]">
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_360px]">
        <div className="flex min-w-0 flex-col gap-4">
          <Panel title={<Step n={1} text="Get a key" />}>
            <KeyStep secret={secret} onSecret={setSecret} />
          </Panel>
          <Panel title={<Step n={2} text="Point your agent at the gateway" />}>
            <ClientTabs apiKey={secret ?? "YOUR_KEY"} />
          </Panel>
        </div>
        <Panel
          title={<Step n={3} text={turn ? "First request" : "Send a request"} />}
          aside={!turn && <TestRequestButton label="Send one for me" />}
        >
          <ArrivalPanel turn={turn} />
        </Panel>
      </div>
    </Page>
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
