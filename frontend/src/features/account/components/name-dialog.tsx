import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/button";
import { Dialog, DialogFooter } from "@/components/dialog";
import { Field, Input } from "@/components/field";

type Props = {
  isOpen: boolean;
  title: string;
  note?: string;
  action: string;
  name: string;
  isBusy: boolean;
  onClose: () => void;
  onSave: (name: string) => void;
};

export function NameDialog({ isOpen, title, note, onClose, ...form }: Props) {
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={title} note={note}>
      <NameForm onClose={onClose} {...form} />
    </Dialog>
  );
}

type FormProps = Pick<Props, "action" | "name" | "isBusy" | "onClose" | "onSave">;

function NameForm({ action, name, isBusy, onClose, onSave }: FormProps) {
  const [text, setText] = useState(name);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (text.trim()) onSave(text.trim());
  }

  return (
    <form onSubmit={submit}>
      <Field label={t`Name`} hint={t`Where it is, so that you know it again: Laptop, Phone.`}>
        {(control) => (
          <Input
            {...control}
            required
            maxLength={100}
            autoComplete="off"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
      <DialogFooter>
        <Button onClick={onClose}>
          <Trans>Cancel</Trans>
        </Button>
        <Button type="submit" variant="primary" isBusy={isBusy}>
          {action}
        </Button>
      </DialogFooter>
    </form>
  );
}
