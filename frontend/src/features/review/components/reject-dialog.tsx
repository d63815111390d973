import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import type { RejectReason } from "@/client/contract";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";
import { Dialog, DialogFooter } from "@/components/dialog";
import { Field, Select, Textarea } from "@/components/field";
import { errorText } from "@/lib/api";
import type { Verdict } from "../api/proposals";
import { REASONS } from "../review-words";

type Props = {
  isOpen: boolean;
  title: string;
  note: string;
  /** What the button says. */
  action: string;
  onClose: () => void;
  onReject: (verdict: Verdict) => void;
  isBusy: boolean;
  error: Error | null;
};

/** Asks why a proposal leaves the queue. */
export function RejectDialog({ isOpen, onClose, title, note, ...form }: Props) {
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={title} note={note}>
      <RejectForm onClose={onClose} {...form} />
    </Dialog>
  );
}

type FormProps = Omit<Props, "isOpen" | "title" | "note">;

function RejectForm({ onClose, onReject, action, isBusy, error }: FormProps) {
  const [reason, setReason] = useState<RejectReason>("wrong");
  const [comment, setComment] = useState("");

  function submit(event: FormEvent) {
    event.preventDefault();
    onReject({ reason, comment: comment.trim() });
  }

  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      {error && <Banner tone="bad" title={errorText(error)} />}
      <Field label={t`Reason`}>
        {(control) => (
          <Select
            {...control}
            value={reason}
            onChange={(event) => setReason(event.target.value as RejectReason)}
          >
            {Object.entries(REASONS).map(([value, text]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label={t`Comment`} hint={t`Optional. What should it have said?`}>
        {(control) => (
          <Textarea
            {...control}
            value={comment}
            onChange={(event) => setComment(event.target.value)}
          />
        )}
      </Field>
      <DialogFooter>
        <Button onClick={onClose}>
          <Trans>Cancel</Trans>
        </Button>
        <Button type="submit" variant="danger" isBusy={isBusy}>
          {action}
        </Button>
      </DialogFooter>
    </form>
  );
}
