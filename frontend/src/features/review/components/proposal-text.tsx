import { plural, t } from "@lingui/core/macro";
import type { ProposalDetail } from "@/client/contract";
import { Banner } from "@/components/banner";
import { CodePointView } from "@/components/code-point-view";
import { DiffView } from "@/components/diff-view";
import { SkillMarkdown } from "@/components/markdown";
import { type Tab, TabPanel } from "@/components/tabs";
import { SourceView } from "@/components/visible-text";
import { countHidden } from "@/lib/visible";
import { EvidencePane } from "./evidence-pane";

export type ProposalTab = "diff" | "characters" | "preview" | "source" | "evidence";

export const PROPOSAL_TABS: Tab<ProposalTab>[] = [
  { value: "diff", label: t`Diff` },
  { value: "characters", label: t`Characters` },
  { value: "preview", label: t`Preview` },
  { value: "source", label: t`Source` },
  // Beside the text when there is room for a third pane.
  { value: "evidence", label: t`Evidence`, className: "xl:hidden" },
];

const PANEL = "min-h-0 flex-1 overflow-y-auto";

export function ProposalText({ proposal }: { proposal: ProposalDetail }) {
  const hidden = countHidden(proposal.text);
  return (
    <>
      {hidden > 0 && (
        <div className="border-b border-line p-2.5">
          <Banner
            tone="warn"
            title={t`${plural(hidden, { one: "# character", other: "# characters" })} in this text cannot be seen. Diff and Source write them out.`}
          />
        </div>
      )}
      <TabPanel value="diff" className={PANEL}>
        <DiffView before={proposal.base_text} after={proposal.text} />
      </TabPanel>
      <TabPanel value="characters" className={PANEL}>
        <CodePointView before={proposal.base_text} after={proposal.text} />
      </TabPanel>
      <TabPanel value="preview" className={PANEL}>
        <div className="max-w-[72ch] p-5">
          <SkillMarkdown text={proposal.text} />
        </div>
      </TabPanel>
      <TabPanel value="source" className={PANEL}>
        <SourceView text={proposal.text} />
      </TabPanel>
      <TabPanel value="evidence" className={`${PANEL} bg-bg xl:hidden`}>
        <EvidencePane proposal={proposal} />
      </TabPanel>
    </>
  );
}
