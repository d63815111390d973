import { useState } from "react";
import { toast } from "sonner";
import type { ProposalDetail } from "@/client/contract";
import { Tabs } from "@/components/tabs";
import { ApiError, errorText } from "@/lib/api";
import { usePageKey } from "@/lib/hotkeys";
import { useTenant } from "@/lib/tenant";
import { useProposalActions } from "../api/proposals";
import { ChangedBanner } from "./changed-banner";
import { DecisionBar } from "./decision-bar";
import { EvidencePane } from "./evidence-pane";
import { ProposalEditor } from "./proposal-editor";
import { ProposalHeader } from "./proposal-header";
import { type ProposalTab, ProposalText } from "./proposal-text";
import { RejectDialog } from "./reject-dialog";
import { StaleBanner } from "./stale-banner";

type Props = {
  proposal: ProposalDetail;
  onReload: () => Promise<ProposalDetail | undefined>;
  onDecided: () => void;
};

/**
 * One proposal: its text, its evidence, and the decision.
 *
 * The text on the screen is the one that was read first. A refetch that brings another text does
 * not slip it under the reader's eyes: it raises the banner, and decisions name the old hash.
 */
export function ProposalView({ proposal, onReload, onDecided }: Props) {
  const { slug } = useTenant();
  const [read, setRead] = useState(proposal);
  const [isRefused, setIsRefused] = useState(false);
  const [staleText, setStaleText] = useState("");
  const [tab, setTab] = useState<ProposalTab>("diff");
  const [isEditing, setIsEditing] = useState(false);
  const [isRejecting, setIsRejecting] = useState(false);
  const { approve, reject, edit } = useProposalActions(slug, proposal.id);

  const hasChanged = isRefused || read.sha256 !== proposal.sha256;
  const isPending = proposal.status === "pending";
  const isBusy = approve.isPending || reject.isPending;
  const mayAct = isPending && proposal.may_decide && !isEditing && !isBusy;

  function onRefused(error: unknown) {
    const code = error instanceof ApiError ? error.code : "";
    if (code === "proposal_changed") setIsRefused(true);
    else if (code === "proposal_stale") setStaleText(errorText(error));
    else toast.error(errorText(error));
  }

  function decide() {
    if (!mayAct || hasChanged) return;
    approve.mutate(read.sha256, {
      onSuccess: () => {
        toast.success(`${proposal.slug} approved. It is live now.`);
        onDecided();
      },
      onError: onRefused,
    });
  }

  async function reload() {
    try {
      const fresh = await onReload();
      if (fresh) setRead(fresh);
      setIsRefused(false);
      setIsEditing(false);
    } catch (error) {
      toast.error(errorText(error));
    }
  }

  usePageKey("a", decide);
  usePageKey("e", () => mayAct && !hasChanged && setIsEditing(true), { preventDefault: true });
  usePageKey("r", () => mayAct && setIsRejecting(true), { preventDefault: true });

  return (
    <>
      <Tabs
        value={tab}
        onChange={setTab}
        className="flex min-h-0 min-w-0 flex-1 flex-col outline-none"
      >
        <ProposalHeader proposal={read} isEditing={isEditing} />
        {hasChanged && isPending && <ChangedBanner onReload={() => void reload()} />}
        {staleText && isPending && <StaleBanner text={staleText} />}
        {isEditing ? (
          <ProposalEditor
            text={read.text}
            error={edit.error}
            isBusy={edit.isPending}
            onCancel={() => {
              edit.reset();
              setIsEditing(false);
            }}
            onSave={(text) =>
              edit.mutate(
                { text, sha256: read.sha256 },
                {
                  onSuccess: (saved) => {
                    setRead(saved);
                    setStaleText("");
                    setIsEditing(false);
                    toast.success("Saved. Approving now approves your text.");
                  },
                  onError: onRefused,
                },
              )
            }
          />
        ) : (
          <>
            <ProposalText proposal={read} />
            <DecisionBar
              proposal={proposal}
              hasChanged={hasChanged}
              isBusy={isBusy}
              onApprove={decide}
              onEdit={() => setIsEditing(true)}
              onReject={() => setIsRejecting(true)}
            />
          </>
        )}
      </Tabs>
      <aside
        aria-label="Why this was proposed"
        className="hidden w-[300px] shrink-0 flex-col border-l border-line bg-bg xl:flex"
      >
        <EvidencePane proposal={proposal} />
      </aside>
      <RejectDialog
        isOpen={isRejecting}
        onClose={() => setIsRejecting(false)}
        isBusy={reject.isPending}
        error={reject.error}
        onReject={(verdict) =>
          reject.mutate(verdict, {
            onSuccess: () => {
              setIsRejecting(false);
              toast(`${proposal.slug} rejected. The reason goes to the evolver.`);
              onDecided();
            },
          })
        }
      />
    </>
  );
}
