import { useState } from "react";
import { CodeBlock } from "@/components/code-block";
import { ErrorState, LoadingBlock } from "@/components/states";
import { TabList, TabPanel, Tabs } from "@/components/tabs";
import { useTenant } from "@/lib/tenant";
import { useGateway } from "../api/onboarding";
import { CLIENTS } from "../snippets";

const TABS = CLIENTS.map(({ id, name }) => ({ value: id, label: name }));

export function ClientTabs({ apiKey }: { apiKey: string }) {
  const { slug } = useTenant();
  const gateway = useGateway(slug);
  const [client, setClient] = useState("curl");

  if (gateway.isPending) return <LoadingBlock label="Loading the gateway's address" />;
  if (gateway.isError) {
    return <ErrorState error={gateway.error} onRetry={() => void gateway.refetch()} />;
  }
  return (
    <Tabs value={client} onChange={setClient} className="flex flex-col gap-3 p-3.5">
      <div className="overflow-x-auto">
        <TabList label="Client" tabs={TABS} />
      </div>
      {CLIENTS.map(({ id, name, code }) => (
        <TabPanel key={id} value={id}>
          <CodeBlock code={code({ ...gateway.data, key: apiKey })} label={`${name} example`} />
        </TabPanel>
      ))}
    </Tabs>
  );
}
