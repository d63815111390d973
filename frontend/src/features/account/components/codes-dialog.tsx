import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Download } from "lucide-react";
import { Button, buttonClass } from "@/components/button";
import { CopyButton } from "@/components/copy-button";
import { Dialog, DialogFooter } from "@/components/dialog";

/** Recovery codes, in the only moment in which they can be read. */
export function CodesDialog({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  const text = codes.join("\n");
  return (
    <Dialog
      isOpen={codes.length > 0}
      onClose={onClose}
      title={t`Keep these recovery codes`}
      note={t`Each opens your account once, in the place of a code or passkey. They are shown only now.`}
    >
      <ul
        data-testid="recovery-codes"
        className="grid grid-cols-2 gap-x-6 gap-y-1 rounded-md border border-accent/40 bg-accent-soft px-4 py-3 text-center font-mono text-sm"
      >
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="mt-3 flex flex-wrap gap-2">
        <CopyButton text={text} label={t`Copy codes`} />
        <a
          className={buttonClass()}
          download="metaclaw-recovery-codes.txt"
          href={`data:text/plain;charset=utf-8,${encodeURIComponent(`${text}\n`)}`}
        >
          <Download aria-hidden />
          <Trans>Download</Trans>
        </a>
      </div>
      <DialogFooter>
        <Button variant="primary" onClick={onClose}>
          <Trans>I have kept them</Trans>
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
