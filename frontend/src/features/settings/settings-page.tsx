import { t } from "@lingui/core/macro";
import { Page } from "@/components/page";
import { Panel } from "@/components/panel";
import { ErrorState, LoadingBlock } from "@/components/states";
import { useTenant } from "@/lib/tenant";
import { useReviewPolicy } from "./api/review-policy";
import { useSettings } from "./api/settings";
import { DangerZone } from "./components/danger-zone";
import { ExportsPanel } from "./components/exports-panel";
import { ReviewPolicyForm } from "./components/review-policy-form";
import { SettingsForm } from "./components/settings-form";

export function SettingsPage() {
  const { slug, may } = useTenant();
  const settings = useSettings(slug);
  const policy = useReviewPolicy(slug);
  return (
    <Page
      title={t`Settings`}
      note={may("admin") ? undefined : t`Only admins change settings`}
      className="max-w-[720px]"
    >
      <Panel title={t`Workspace`}>
        {settings.isPending && <LoadingBlock label={t`Loading the settings`} />}
        {settings.isError && (
          <ErrorState error={settings.error} onRetry={() => void settings.refetch()} />
        )}
        {settings.isSuccess && (
          <SettingsForm key={slug} settings={settings.data} isDisabled={!may("admin")} />
        )}
      </Panel>
      <Panel title={t`Review`} className="mt-4">
        {policy.isPending && <LoadingBlock label={t`Loading the review policy`} />}
        {policy.isError && (
          <ErrorState error={policy.error} onRetry={() => void policy.refetch()} />
        )}
        {policy.isSuccess && (
          <ReviewPolicyForm key={slug} policy={policy.data} isDisabled={!may("admin")} />
        )}
      </Panel>
      {may("member") && <ExportsPanel />}
      <DangerZone key={`danger-${slug}`} />
    </Page>
  );
}
