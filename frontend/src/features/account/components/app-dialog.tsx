import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import type { AuthenticatorAppSecret } from "@/client/contract";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";
import { CopyButton } from "@/components/copy-button";
import { Dialog, DialogFooter } from "@/components/dialog";
import { Field, Input } from "@/components/field";
import { ApiError, errorText } from "@/lib/api";
import { useAppConfirm } from "../api/account";

type Props = {
  secret: AuthenticatorAppSecret | null;
  onClose: () => void;
  /** With the recovery codes, if there are new ones. */
  onDone: (codes: string[]) => void;
};

export function AppDialog({ secret, onClose, onDone }: Props) {
  return (
    <Dialog
      isOpen={secret !== null}
      onClose={onClose}
      title={t`Set up an authenticator app`}
      note={t`Any app that makes six-digit codes will do.`}
    >
      {secret && <AppForm secret={secret} onClose={onClose} onDone={onDone} />}
    </Dialog>
  );
}

type FormProps = Omit<Props, "secret"> & { secret: AuthenticatorAppSecret };

function AppForm({ secret, onClose, onDone }: FormProps) {
  const [code, setCode] = useState("");
  const confirm = useAppConfirm();

  function submit(event: FormEvent) {
    event.preventDefault();
    confirm.mutate(code, { onSuccess: onDone });
  }

  return (
    <form onSubmit={submit} className="flex flex-col gap-3.5">
      <div className="flex flex-wrap items-center gap-4">
        {/* White in both themes: scanners want dark on light. */}
        <img
          src={`data:image/svg+xml,${encodeURIComponent(secret.picture)}`}
          alt={t`QR code of the secret that stands beside it`}
          className="size-40 rounded-md border border-line bg-white"
        />
        <div className="min-w-0 flex-1 basis-44">
          <p className="text-sm">
            <Trans>Scan this with the app. Or type the secret into it:</Trans>
          </p>
          <code
            data-testid="app-secret"
            className="mt-1.5 mb-2 block rounded border border-line bg-sunk px-2 py-1 font-mono text-xs wrap-break-word"
          >
            {inFours(secret.secret)}
          </code>
          <CopyButton text={secret.secret} label={t`Copy secret`} />
        </div>
      </div>
      {confirm.isError && !isAboutCode(confirm.error) && (
        <Banner tone="bad" title={errorText(confirm.error)} />
      )}
      <Field
        label={t`Code that the app shows now`}
        errors={isAboutCode(confirm.error) ? [wordsOf(confirm.error)] : []}
      >
        {(control) => (
          <Input
            {...control}
            name="code"
            inputMode="numeric"
            autoComplete="one-time-code"
            spellCheck={false}
            required
            // The one thing to type here.
            autoFocus
            value={code}
            onChange={(event) => setCode(event.target.value)}
            className="font-mono tracking-[0.12em]"
          />
        )}
      </Field>
      <DialogFooter>
        <Button onClick={onClose}>
          <Trans>Cancel</Trans>
        </Button>
        <Button type="submit" variant="primary" isBusy={confirm.isPending}>
          <Trans>Turn on</Trans>
        </Button>
      </DialogFooter>
    </form>
  );
}

const inFours = (text: string) => text.replace(/(.{4})(?=.)/g, "$1 ");

const isAboutCode = (error: unknown): error is ApiError =>
  error instanceof ApiError && error.status === 400;

function wordsOf({ code, detail }: ApiError): string {
  if (code !== "incorrect_code") return detail;
  return t`This code is not right. Take the one shown now; if it goes on, compare the clocks of the phone and this machine.`;
}
