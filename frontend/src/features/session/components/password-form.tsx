import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";
import { Field, Input } from "@/components/field";
import { ApiError, errorText } from "@/lib/api";
import { companyProblem } from "@/lib/company";
import { useSignInWith } from "../api/session";
import { kindsOf, sendPassword } from "../api/steps";

type Props = {
  /** How a way through the company's sign-in failed. */
  companyError: string;
  onSignedIn: () => void;
  onSecondStep: (kinds: string[]) => void;
};

export function PasswordForm({ companyError, onSignedIn, onSecondStep }: Props) {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const signIn = useSignInWith(sendPassword, onSignedIn);
  const fields = signIn.error instanceof ApiError ? signIn.error.fields : {};

  function submit(event: FormEvent) {
    event.preventDefault();
    const onError = (error: Error) => {
      const kinds = kindsOf(error);
      if (kinds) onSecondStep(kinds);
    };
    signIn.mutate({ email, password }, { onError });
  }

  return (
    <form
      onSubmit={submit}
      className="flex flex-col gap-3.5 rounded-lg border border-line bg-panel p-5"
    >
      <div>
        <h1 className="text-[20px] font-semibold tracking-tight">
          <Trans>Sign in</Trans>
        </h1>
        <p className="text-sm text-mute">
          <Trans>Agents that learn on the job.</Trans>
        </p>
      </div>
      {companyError && signIn.isIdle && <Banner tone="warn" title={companyProblem(companyError)} />}
      {signIn.isError && <SignInProblem error={signIn.error} />}
      <Field label={t`Email`} errors={fields.email}>
        {(control) => (
          <Input
            {...control}
            type="email"
            name="email"
            autoComplete="username"
            required
            // The only thing to do on this page.
            autoFocus
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        )}
      </Field>
      <Field label={t`Password`} errors={fields.password}>
        {(control) => (
          <Input
            {...control}
            type="password"
            name="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </Field>
      <Button type="submit" variant="primary" isBusy={signIn.isPending} className="h-8">
        {signIn.isPending ? t`Signing in…` : t`Sign in`}
      </Button>
    </form>
  );
}

/** Errors of a field stand at the field; what is left stands above the form. */
function SignInProblem({ error }: { error: unknown }) {
  // The page goes on to the next step.
  if (kindsOf(error)) return null;
  if (error instanceof ApiError) {
    if (error.status === 429) {
      return <Banner tone="warn" title={t`Too many tries. Wait a minute, then try again.`} />;
    }
    if (Object.keys(error.fields).length > 0) return null;
  }
  return <Banner tone="bad" title={errorText(error)} />;
}
