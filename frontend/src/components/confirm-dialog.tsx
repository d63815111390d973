import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type ReactNode, useState } from "react";
import { Button } from "./button";
import { Dialog, DialogFooter } from "./dialog";
import { Field, Input } from "./field";

type Props = {
  isOpen: boolean;
  onClose: () => void;
  onConfirm: () => void;
  title: string;
  children: ReactNode;
  action: string;
  isBusy?: boolean;
  /** Asks the person to type this first: for what cannot be taken back. */
  typed?: string;
};

export function ConfirmDialog({ isOpen, onClose, title, children, ...form }: Props) {
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={title} note={children}>
      <ConfirmForm onClose={onClose} {...form} />
    </Dialog>
  );
}

type FormProps = Pick<Props, "onClose" | "onConfirm" | "action" | "isBusy" | "typed">;

function ConfirmForm({ onClose, onConfirm, action, isBusy, typed }: FormProps) {
  const [text, setText] = useState("");
  const isReady = typed === undefined || text.trim() === typed;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) onConfirm();
      }}
    >
      {typed !== undefined && (
        <Field label={t`Type “${typed}” to confirm`}>
          {(control) => (
            <Input
              {...control}
              autoComplete="off"
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
      )}
      <DialogFooter>
        <Button onClick={onClose}>
          <Trans>Cancel</Trans>
        </Button>
        <Button type="submit" variant="danger" disabled={!isReady} isBusy={isBusy}>
          {action}
        </Button>
      </DialogFooter>
    </form>
  );
}
