import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { Building2, KeyRound } from "lucide-react";
import { type FormEvent, useState } from "react";
import type { Account } from "@/client/contract";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";
import { DialogFooter } from "@/components/dialog";
import { Field, Input } from "@/components/field";
import { ApiError, errorText } from "@/lib/api";
import { goToCompany } from "@/lib/company";
import { passkeyProblem } from "@/lib/passkeys";
import { proveByPassword, sendCode, sendPasskey } from "../api/steps";
import { passkeyRefusal } from "../passkey-refusal";
import { CodeField } from "./code-field";

type Way = "password" | "app" | "recovery";
type Props = { account: Account; onClose: () => void; onProved: () => void };

/** Whatever the person has will do: password, code, passkey, or a new sign-in at the company. */
export function ProofForm({ account, onClose, onProved }: Props) {
  const { methods } = account;
  const ways = waysOf(account);
  const [way, setWay] = useState<Way | undefined>(ways[0]);
  const [text, setText] = useState("");
  const typed = useMutation({
    mutationFn: () =>
      way === "password" ? proveByPassword(text) : sendCode("reauthenticate", text),
    onSuccess: onProved,
  });
  const byPasskey = useMutation({
    mutationFn: () => sendPasskey("reauthenticate"),
    onSuccess: onProved,
  });
  const leave = useMutation({
    mutationFn: () => goToCompany("login", location.pathname + location.search),
  });
  const hasPasskey = methods.passkeys.length > 0 && passkeyProblem() === "";
  const hasCompany = methods.company_accounts.length > 0;

  function submit(event: FormEvent) {
    event.preventDefault();
    typed.mutate();
  }

  function take(other: Way) {
    typed.reset();
    setText("");
    setWay(other);
  }

  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      {way === "password" && <PasswordField text={text} onChange={setText} error={typed.error} />}
      {way && way !== "password" && (
        <CodeField
          code={text}
          onChange={setText}
          isRecovery={way === "recovery"}
          error={typed.error}
        />
      )}
      {byPasskey.isError && <Banner tone="bad" title={passkeyRefusal(byPasskey.error)} />}
      {leave.isError && <Banner tone="bad" title={errorText(leave.error)} />}
      {!way && !hasPasskey && !hasCompany && <Nothing problem={passkeyProblem()} />}
      {!way && hasCompany && (
        <p className="text-sm text-mute">
          <Trans>You come back to this page. What you have typed here is lost.</Trans>
        </p>
      )}
      <div className="-ml-2.5 flex flex-wrap empty:hidden">
        {ways
          .filter((other) => other !== way)
          .map((other) => (
            <Button key={other} variant="ghost" onClick={() => take(other)}>
              {NAMES[other]}
            </Button>
          ))}
        {hasPasskey && (
          <Button variant="ghost" isBusy={byPasskey.isPending} onClick={() => byPasskey.mutate()}>
            <KeyRound aria-hidden />
            <Trans>Use a passkey</Trans>
          </Button>
        )}
        {hasCompany && (
          <Button variant="ghost" isBusy={leave.isPending} onClick={() => leave.mutate()}>
            <Building2 aria-hidden />
            <Trans>Sign in again with {account.company}</Trans>
          </Button>
        )}
      </div>
      <DialogFooter>
        <Button onClick={onClose}>
          <Trans>Cancel</Trans>
        </Button>
        {way && (
          <Button type="submit" variant="primary" isBusy={typed.isPending}>
            <Trans>Continue</Trans>
          </Button>
        )}
      </DialogFooter>
    </form>
  );
}

const NAMES: Record<Way, string> = {
  password: t`Use the password`,
  app: t`Use a code`,
  recovery: t`Use a recovery code`,
};

function waysOf({ methods }: Account): Way[] {
  return [
    ...(methods.has_password ? (["password"] as const) : []),
    ...(methods.app_since ? (["app"] as const) : []),
    ...(methods.recovery_codes_left > 0 && !methods.has_password ? (["recovery"] as const) : []),
  ];
}

type FieldProps = { text: string; onChange: (text: string) => void; error: unknown };

function PasswordField({ text, onChange, error }: FieldProps) {
  return (
    <Field label={t`Password`} errors={problemsOf(error)}>
      {(control) => (
        <Input
          {...control}
          type="password"
          autoComplete="current-password"
          required
          // What is asked for now.
          autoFocus
          value={text}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

function problemsOf(error: unknown): string[] {
  if (!error) return [];
  if (error instanceof ApiError && error.status === 400) return [t`That is not your password.`];
  if (error instanceof ApiError && error.status === 429) {
    return [t`Too many tries. Wait a minute, then try again.`];
  }
  return [errorText(error)];
}

function Nothing({ problem }: { problem: string }) {
  return (
    <Banner tone="warn" title={problem || t`Nothing here can show it.`}>
      <Trans>Sign out and in again: a new sign-in counts, too.</Trans>
    </Banner>
  );
}
