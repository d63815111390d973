import { type FormEvent, useState } from "react";
import type { RejectReason } from "@/client/contract";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";
import { Dialog, DialogFooter } from "@/components/dialog";
import { Field, Select, Textarea } from "@/components/field";
import { errorText } from "@/lib/api";

const REASONS: Record<RejectReason, string> = {
  wrong: "The advice is wrong",
  duplicate: "Another skill says this already",
  unsafe: "It is unsafe",
  vague: "It is too vague to help",
  not_needed: "It is not needed",
  other: "Something else",
};

type Verdict = { reason: RejectReason; comment: string };

type Props = {
  isOpen: boolean;
  onClose: () => void;
  onReject: (verdict: Verdict) => void;
  isBusy: boolean;
  error: Error | null;
};

export function RejectDialog({ isOpen, onClose, ...form }: Props) {
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title="Reject this proposal"
      note="The evolver reads the reason and avoids the same mistake next time."
    >
      <RejectForm onClose={onClose} {...form} />
    </Dialog>
  );
}

function RejectForm({ onClose, onReject, isBusy, error }: Omit<Props, "isOpen">) {
  const [reason, setReason] = useState<RejectReason>("wrong");
  const [comment, setComment] = useState("");

  function submit(event: FormEvent) {
    event.preventDefault();
    onReject({ reason, comment: comment.trim() });
  }

  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      {error && <Banner tone="bad" title={errorText(error)} />}
      <Field label="Reason">
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
      <Field label="Comment" hint="Optional. What should it have said?">
        {(control) => (
          <Textarea
            {...control}
            value={comment}
            onChange={(event) => setComment(event.target.value)}
          />
        )}
      </Field>
      <DialogFooter>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="danger" isBusy={isBusy}>
          Reject
        </Button>
      </DialogFooter>
    </form>
  );
}
