import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";
import { Dialog, DialogFooter } from "@/components/dialog";
import { Field, Input } from "@/components/field";
import { ApiError, errorText } from "@/lib/api";
import { wasGivenUp } from "@/lib/identity";
import { usePasswordChange } from "../api/account";

type Props = { isOpen: boolean; email: string; hasPassword: boolean; onClose: () => void };

export function PasswordDialog({ isOpen, onClose, ...form }: Props) {
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title={form.hasPassword ? t`Change password` : t`Set a password`}
    >
      <PasswordForm onClose={onClose} {...form} />
    </Dialog>
  );
}

function PasswordForm({ email, hasPassword, onClose }: Omit<Props, "isOpen">) {
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const change = usePasswordChange();
  const fields = change.error instanceof ApiError ? change.error.fields : {};
  const isElsewhere =
    change.isError && Object.keys(fields).length === 0 && !wasGivenUp(change.error);

  function submit(event: FormEvent) {
    event.preventDefault();
    change.mutate(
      { new_password: next, ...(hasPassword && { current_password: current }) },
      {
        onSuccess: () => {
          toast.success(t`Password saved. Every other browser is signed out.`);
          onClose();
        },
      },
    );
  }

  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      {isElsewhere && <Banner tone="bad" title={errorText(change.error)} />}
      {/* Password managers want to know whose it is. */}
      <input type="email" autoComplete="username" value={email} readOnly hidden />
      {hasPassword && (
        <Field label={t`Present password`} errors={fields.current_password}>
          {(control) => (
            <Input
              {...control}
              type="password"
              autoComplete="current-password"
              required
              value={current}
              onChange={(event) => setCurrent(event.target.value)}
            />
          )}
        </Field>
      )}
      <Field
        label={t`New password`}
        hint={t`Ten characters or more. A few words that nobody else would put together.`}
        errors={fields.new_password}
      >
        {(control) => (
          <Input
            {...control}
            type="password"
            autoComplete="new-password"
            minLength={10}
            required
            value={next}
            onChange={(event) => setNext(event.target.value)}
          />
        )}
      </Field>
      <DialogFooter>
        <Button onClick={onClose}>
          <Trans>Cancel</Trans>
        </Button>
        <Button type="submit" variant="primary" isBusy={change.isPending}>
          <Trans>Save password</Trans>
        </Button>
      </DialogFooter>
    </form>
  );
}
