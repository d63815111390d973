import { t } from "@lingui/core/macro";
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

  if (gateway.isPending) return <LoadingBlock label={t`Loading the gateway's address`} />;
  if (gateway.isError) {
    return <ErrorState error={gateway.error} onRetry={() => void gateway.refetch()} />;
  }
  return (
    <Tabs value={client} onChange={setClient} className="flex flex-col gap-3 p-3.5">
      <div>
        <TabList label={t`Client`} tabs={TABS} wraps />
      </div>
      {CLIENTS.map(({ id, name, note, examples }) => (
        <TabPanel key={id} value={id} className="flex flex-col gap-3">
          {note && <p className="text-mute">{note}</p>}
          {examples.map(({ title, code }) => (
            <div key={title ?? id} className="flex flex-col gap-1">
              {title && <p className="text-xs text-mute">{title}</p>}
              <CodeBlock
                code={code({ ...gateway.data, key: apiKey })}
                label={title ? t`${name} example, ${title}` : t`${name} example`}
              />
            </div>
          ))}
        </TabPanel>
      ))}
    </Tabs>
  );
}
