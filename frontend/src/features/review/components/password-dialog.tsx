import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/button";
import { Dialog, DialogFooter } from "@/components/dialog";
import { Field, Input } from "@/components/field";
import { passwordConfirm } from "../api/lease";

type Props = { isOpen: boolean; onClose: () => void; onConfirmed: () => void };

/** The workspace wants to know that it is you who approves. */
export function PasswordDialog({ isOpen, onClose, onConfirmed }: Props) {
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title="Give your password again"
      note="This workspace asks for it before an approval."
    >
      <PasswordForm onClose={onClose} onConfirmed={onConfirmed} />
    </Dialog>
  );
}

function PasswordForm({ onClose, onConfirmed }: Omit<Props, "isOpen">) {
  const [password, setPassword] = useState("");
  const confirm = useMutation({ mutationFn: passwordConfirm, onSuccess: onConfirmed });

  function submit(event: FormEvent) {
    event.preventDefault();
    confirm.mutate(password);
  }

  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      <Field label="Password" errors={confirm.isError ? ["That is not your password."] : []}>
        {(control) => (
          <Input
            {...control}
            type="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </Field>
      <DialogFooter>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" isBusy={confirm.isPending}>
          Approve
        </Button>
      </DialogFooter>
    </form>
  );
}
