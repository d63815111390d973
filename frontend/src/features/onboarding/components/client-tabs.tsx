import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { Banner } from "@/components/banner";
import { CodeBlock } from "@/components/code-block";
import { ErrorState, LoadingBlock } from "@/components/states";
import { TabList, TabPanel, Tabs } from "@/components/tabs";
import { useTenant } from "@/lib/tenant";
import { useGateway } from "../api/onboarding";
import { CLIENTS, isUnderstood } from "../snippets";

const TABS = CLIENTS.map(({ id, name }) => ({ value: id, label: name }));

export function ClientTabs({ apiKey }: { apiKey: string }) {
  const { slug } = useTenant();
  const gateway = useGateway(slug);
  const [client, setClient] = useState("curl");

  if (gateway.isPending) return <LoadingBlock label={t`Loading the gateway's address`} />;
  if (gateway.isError) {
    return <ErrorState error={gateway.error} onRetry={() => void gateway.refetch()} />;
  }
  return (
    <Tabs value={client} onChange={setClient} className="flex flex-col gap-3 p-3.5">
      <div className="overflow-x-auto">
        <TabList label={t`Client`} tabs={TABS} />
      </div>
      {CLIENTS.map((each) => (
        <TabPanel key={each.id} value={each.id} className="flex flex-col gap-3">
          {!isUnderstood(each, gateway.data.kind) && (
            <Banner
              tone="warn"
              title={t`This workspace's upstream would not understand this client`}
            >
              <Trans>
                It needs an upstream that speaks the{" "}
                {each.dialect === "openai" ? "OpenAI" : t`Anthropic`} API.
              </Trans>
            </Banner>
          )}
          <CodeBlock
            code={each.code({ ...gateway.data, key: apiKey })}
            label={t`${each.name} example`}
          />
        </TabPanel>
      ))}
    </Tabs>
  );
}
