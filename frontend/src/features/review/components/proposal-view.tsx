import { plural, t } from "@lingui/core/macro";
import { useState } from "react";
import { toast } from "sonner";
import type { ProposalDetail } from "@/client/contract";
import { Tabs } from "@/components/tabs";
import { ApiError, errorText } from "@/lib/api";
import { usePageKey } from "@/lib/hotkeys";
import { useProof } from "@/lib/identity";
import { useTenant } from "@/lib/tenant";
import { useReviewLease } from "../api/lease";
import { type Reach, useProposalActions } from "../api/proposals";
import { ChangedBanner } from "./changed-banner";
import { DecisionBar, mayApprove, mayBeTried, needsProof } from "./decision-bar";
import { EvidencePane } from "./evidence-pane";
import { LeaseBanner } from "./lease-banner";
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
  const { slug, may } = useTenant();
  const [read, setRead] = useState(proposal);
  const [isRefused, setIsRefused] = useState(false);
  const [staleText, setStaleText] = useState("");
  const [tab, setTab] = useState<ProposalTab>("diff");
  const [isEditing, setIsEditing] = useState(false);
  const [leaving, setLeaving] = useState<"reject" | "quarantine" | null>(null);
  const [takesOver, setTakesOver] = useState(false);
  const proof = useProof();
  const { approve, reject, quarantine, release, edit } = useProposalActions(
    slug,
    proposal.id,
    takesOver,
  );

  const hasChanged = isRefused || read.sha256 !== proposal.sha256;
  const isPending = proposal.status === "pending";
  const isTriable = mayBeTried(proposal);
  const isHeld = proposal.lease !== null && !proposal.lease.is_mine && !takesOver;
  const isBusy = approve.isPending || reject.isPending || quarantine.isPending || release.isPending;
  const mayAct = isPending && proposal.may_decide && !isHeld && !isEditing && !isBusy;
  useReviewLease(slug, proposal.id, isPending && proposal.may_decide, proposal.lease === null);

  function onRefused(error: unknown) {
    const code = error instanceof ApiError ? error.code : "";
    if (code === "proposal_changed") setIsRefused(true);
    else if (code === "proposal_stale") setStaleText(errorText(error));
    else toast.error(errorText(error));
  }

  async function decide(to: Reach) {
    if (!mayAct || hasChanged || !mayApprove(proposal)) return;
    const why = t`This workspace asks for it before an approval.`;
    if (needsProof(proposal) && !(await proof.ask(why))) return;
    approveRead(to);
  }

  function approveRead(to: Reach) {
    approve.mutate(
      { sha256: read.sha256, to },
      {
        onSuccess: ({ status, approvals }) => {
          if (status !== "approved") {
            toast.success(
              t`Your approval counts. ${plural(approvals.missing, { one: "# more", other: "# more" })} to go.`,
            );
            return;
          }
          toast.success(
            to === "all"
              ? t`${proposal.slug} approved. It is live now.`
              : t`${proposal.slug} approved. Half of the sessions get it: see Experiments.`,
          );
          onDecided();
        },
        onError: onRefused,
      },
    );
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

  // The letter must not end up in the dialog that may open.
  usePageKey("c", () => isTriable && decide("canary"), { preventDefault: true });
  usePageKey("a", () => decide("all"), { preventDefault: true });
  usePageKey("e", () => mayAct && !hasChanged && setIsEditing(true), { preventDefault: true });
  usePageKey("r", () => mayAct && setLeaving("reject"), { preventDefault: true });
  usePageKey("q", () => mayAct && setLeaving("quarantine"), { preventDefault: true });

  return (
    <>
      <Tabs
        value={tab}
        onChange={setTab}
        className="flex min-h-0 min-w-0 flex-1 flex-col outline-none"
      >
        <ProposalHeader proposal={read} isEditing={isEditing} />
        {hasChanged && isPending && <ChangedBanner onReload={() => void reload()} />}
        {isHeld && isPending && proposal.lease && (
          <LeaseBanner
            lease={proposal.lease}
            mayTakeOver={may("admin")}
            onTakeOver={() => setTakesOver(true)}
          />
        )}
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
                    toast.success(t`Saved. Approving now approves your text.`);
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
              isHeld={isHeld}
              isBusy={isBusy}
              onApprove={decide}
              onEdit={() => setIsEditing(true)}
              onReject={() => setLeaving("reject")}
              onQuarantine={() => setLeaving("quarantine")}
              onRelease={() =>
                release.mutate(undefined, {
                  onSuccess: () => {
                    toast.success(t`${proposal.slug} waits for a decision again.`);
                    onDecided();
                  },
                  onError: (error) => toast.error(errorText(error)),
                })
              }
            />
          </>
        )}
      </Tabs>
      <aside
        aria-label={t`Why this was proposed`}
        className="hidden w-[300px] shrink-0 flex-col border-l border-line bg-bg xl:flex"
      >
        <EvidencePane proposal={proposal} />
      </aside>
      <RejectDialog
        isOpen={leaving === "reject"}
        title={t`Reject this proposal`}
        note={t`The evolver reads the reason and avoids the same mistake next time.`}
        action={t`Reject`}
        onClose={() => setLeaving(null)}
        isBusy={reject.isPending}
        error={reject.error}
        onReject={(verdict) =>
          reject.mutate(verdict, {
            onSuccess: () => {
              setLeaving(null);
              toast(t`${proposal.slug} rejected. The reason goes to the evolver.`);
              onDecided();
            },
          })
        }
      />
      <RejectDialog
        isOpen={leaving === "quarantine"}
        title={t`Put this proposal in quarantine`}
        note={t`It leaves the queue and is kept, until an admin brings it back.`}
        action={t`Quarantine`}
        onClose={() => setLeaving(null)}
        isBusy={quarantine.isPending}
        error={quarantine.error}
        onReject={(verdict) =>
          quarantine.mutate(verdict, {
            onSuccess: () => {
              setLeaving(null);
              toast(t`${proposal.slug} is in quarantine.`);
              onDecided();
            },
          })
        }
      />
    </>
  );
}
