import { t } from "@lingui/core/macro";
import { Page } from "@/components/page";
import { TabList, TabPanel, Tabs } from "@/components/tabs";
import { CanariesTab } from "./components/canaries-tab";
import { PlaygroundTab } from "./components/playground-tab";
import { ReplayDialog } from "./components/replay-dialog";
import { ReplaysTab } from "./components/replays-tab";
import type { ExperimentTab, ReplayFilters } from "./search";

const TABS: { value: ExperimentTab; label: string; note: string }[] = [
  {
    value: "canaries",
    label: t`Canaries`,
    note: t`Approved texts, tried on a share of the sessions`,
  },
  {
    value: "playground",
    label: t`Playground`,
    note: t`What a message would get from the library, and why`,
  },
  {
    value: "replays",
    label: t`Replays`,
    note: t`Recorded turns, asked again with a text and without it`,
  },
];

type Props = {
  tab: ExperimentTab;
  onTab: (tab: ExperimentTab) => void;
  filters: ReplayFilters;
  onFilters: (filters: ReplayFilters) => void;
  canaryId: string | undefined;
  onCanary: (id: string) => void;
  replayId: string | undefined;
  onReplayClose: () => void;
};

export function ExperimentsPage({ tab, onTab, filters, onFilters, ...one }: Props) {
  return (
    <Tabs value={tab} onChange={onTab} className="flex min-h-0 flex-1 flex-col">
      <Page
        title={t`Experiments`}
        note={TABS.find(({ value }) => value === tab)?.note}
        actions={<TabList label={t`Experiments`} tabs={TABS} />}
      >
        <TabPanel value="canaries">
          <CanariesTab chosen={one.canaryId} onChoose={one.onCanary} />
        </TabPanel>
        <TabPanel value="playground">
          <PlaygroundTab />
        </TabPanel>
        <TabPanel value="replays">
          <ReplaysTab filters={filters} onFilters={onFilters} />
          {one.replayId && <ReplayDialog id={one.replayId} onClose={one.onReplayClose} />}
        </TabPanel>
      </Page>
    </Tabs>
  );
}
