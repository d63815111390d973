import { Page } from "@/components/page";
import { Panel } from "@/components/panel";
import { ErrorState, LoadingBlock } from "@/components/states";
import { useTenant } from "@/lib/tenant";
import { useSettings } from "./api/settings";
import { SettingsForm } from "./components/settings-form";

export function SettingsPage() {
  const { slug, may } = useTenant();
  const settings = useSettings(slug);
  return (
    <Page
      title="Settings"
      note={may("admin") ? undefined : "Only admins change settings"}
      className="max-w-[720px]"
    >
      <Panel>
        {settings.isPending && <LoadingBlock label="Loading the settings" />}
        {settings.isError && (
          <ErrorState error={settings.error} onRetry={() => void settings.refetch()} />
        )}
        {settings.isSuccess && (
          <SettingsForm key={slug} settings={settings.data} isDisabled={!may("admin")} />
        )}
      </Panel>
    </Page>
  );
}
