import { t } from "@lingui/core/macro";
import { useState } from "react";
import { SkillMarkdown } from "@/components/markdown";
import { ErrorState, LoadingBlock } from "@/components/states";
import { TabPanel, Tabs } from "@/components/tabs";
import { SourceView } from "@/components/visible-text";
import { useTenant } from "@/lib/tenant";
import { useSkill } from "./api/skills";
import { LedgerPanel } from "./components/ledger-panel";
import { SkillEditing } from "./components/skill-editing";
import { SkillHeader } from "./components/skill-header";
import { SkillLineage } from "./components/skill-lineage";
import { SkillSide } from "./components/skill-side";
import { VersionsPanel } from "./components/versions-panel";

export type SkillTab = "read" | "source" | "versions" | "value";

export function SkillPage({ skillSlug }: { skillSlug: string }) {
  const { slug } = useTenant();
  const skill = useSkill(slug, skillSlug);
  const [tab, setTab] = useState<SkillTab>("read");
  const [isEditing, setIsEditing] = useState(false);

  if (skill.isPending) return <LoadingBlock label={t`Loading the skill`} className="flex-1" />;
  if (skill.isError) {
    return <ErrorState error={skill.error} onRetry={() => void skill.refetch()} />;
  }
  if (isEditing) return <SkillEditing skill={skill.data} onDone={() => setIsEditing(false)} />;

  return (
    <Tabs value={tab} onChange={setTab} className="flex min-h-0 flex-1 flex-col">
      <SkillHeader skill={skill.data} onEdit={() => setIsEditing(true)} />
      <div className="min-h-0 flex-1 overflow-y-auto lg:grid lg:grid-cols-[minmax(0,1fr)_320px] lg:overflow-hidden">
        <div className="min-h-[320px] bg-panel lg:overflow-y-auto">
          <TabPanel value="read" className="flex max-w-[76ch] flex-col gap-4 p-5">
            <SkillLineage skill={skill.data} />
            <SkillMarkdown text={skill.data.text} />
          </TabPanel>
          <TabPanel value="source">
            <SourceView text={skill.data.text} />
          </TabPanel>
          <TabPanel value="versions">
            <VersionsPanel skill={skill.data} />
          </TabPanel>
          <TabPanel value="value">
            <LedgerPanel skillSlug={skill.data.slug} />
          </TabPanel>
        </div>
        <SkillSide skill={skill.data} />
      </div>
    </Tabs>
  );
}
