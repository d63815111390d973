import { t } from "@lingui/core/macro";
import { Page } from "@/components/page";
import { Panel } from "@/components/panel";
import { ErrorState, LoadingBlock } from "@/components/states";
import { useTenant } from "@/lib/tenant";
import { useWindows } from "./api/windows";
import { CalendarPanel } from "./components/calendar-panel";
import { HistoryPanel } from "./components/history-panel";
import { NowPanel } from "./components/now-panel";
import { RulesForm } from "./components/rules-form";
import { WeekStrip } from "./components/week-strip";

export function WindowsPage() {
  const { slug, may } = useTenant();
  const windows = useWindows(slug);
  return (
    <Page title={t`Windows`} note={t`When the workspace may train`}>
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_360px]">
        <div className="flex min-w-0 flex-col gap-4">
          <Panel>
            {windows.isPending && <LoadingBlock label={t`Loading how things stand`} />}
            {windows.isError && !windows.data && (
              <ErrorState error={windows.error} onRetry={() => void windows.refetch()} />
            )}
            {windows.data && <NowPanel windows={windows.data} />}
          </Panel>
          <Panel
            title={t`Next seven days`}
            aside={<span className="text-xs text-mute">{windows.data?.time_zone}</span>}
          >
            {windows.isPending && <LoadingBlock label={t`Loading the next days`} />}
            {windows.data && <WeekStrip windows={windows.data} />}
          </Panel>
          <CalendarPanel />
          <HistoryPanel zone={windows.data?.time_zone ?? "UTC"} />
        </div>
        <Panel title={t`Rules`}>
          {windows.isPending && <LoadingBlock label={t`Loading the rules`} />}
          {windows.data && (
            <RulesForm
              key={slug}
              rules={windows.data.rules}
              zone={windows.data.time_zone}
              isDisabled={!may("admin")}
            />
          )}
        </Panel>
      </div>
    </Page>
  );
}
