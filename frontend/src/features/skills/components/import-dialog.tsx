import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { toast } from "sonner";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";
import { Dialog, DialogFooter } from "@/components/dialog";
import { errorText } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import { type Rehearsal, useImportLive, useImportProposals } from "../api/importing";
import { FieldProblems } from "./field-problems";
import { LivePreview, liveButton, liveSummary } from "./import-live";
import { ProposalsPreview, proposalsButton, proposalsSummary } from "./import-proposals";
import { type ImportWay, ImportWays } from "./import-ways";

type Props = { file: File; rehearsal: Rehearsal; onClose: () => void };

/** What would become of a file's skills, skill by skill, before it does. */
export function ImportDialog({ file, rehearsal, onClose }: Props) {
  return (
    <Dialog
      isOpen
      onClose={onClose}
      width="md"
      title={t`Import ${file.name}`}
      note={t`Nothing has changed yet.`}
    >
      <Preview file={file} rehearsal={rehearsal} onClose={onClose} />
    </Dialog>
  );
}

function Preview({ file, rehearsal, onClose }: Props) {
  const { slug } = useTenant();
  const live = useImportLive(slug);
  const proposals = useImportProposals(slug);
  const [way, setWay] = useState<ImportWay>(rehearsal.live?.result ? "live" : "proposals");
  const failed = live.error ?? proposals.error;
  const button =
    way === "live"
      ? rehearsal.live?.result && liveButton(rehearsal.live.result)
      : rehearsal.proposals.result && proposalsButton(rehearsal.proposals.result);

  function done(summary: string) {
    toast.success(summary);
    onClose();
  }

  function confirm() {
    if (way === "live") live.mutate(file, { onSuccess: (result) => done(liveSummary(result)) });
    else proposals.mutate(file, { onSuccess: (result) => done(proposalsSummary(result)) });
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        confirm();
      }}
      className="flex flex-col gap-3 text-sm"
    >
      {failed && (
        <Banner tone="bad" title={t`Nothing was imported. ${errorText(failed)}`}>
          <FieldProblems error={failed} />
        </Banner>
      )}
      <ImportWays rehearsal={rehearsal} value={way} onChange={setWay} />
      {way === "live" && rehearsal.live?.result && <LivePreview preview={rehearsal.live.result} />}
      {way === "proposals" && rehearsal.proposals.result && (
        <ProposalsPreview preview={rehearsal.proposals.result} />
      )}
      <DialogFooter>
        <Button onClick={onClose}>
          <Trans>Cancel</Trans>
        </Button>
        <Button
          type="submit"
          variant="primary"
          disabled={!button?.isUseful}
          isBusy={live.isPending || proposals.isPending}
        >
          {button?.text ?? t`Import`}
        </Button>
      </DialogFooter>
    </form>
  );
}
