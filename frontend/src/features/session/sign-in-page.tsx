import { type FormEvent, useState } from "react";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";
import { Field, Input } from "@/components/field";
import { Logo } from "@/components/logo";
import { ApiError, errorText } from "@/lib/api";
import { useSignIn } from "./api/session";

export function SignInPage({ onSignedIn }: { onSignedIn: () => void }) {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const signIn = useSignIn(onSignedIn);
  const fields = signIn.error instanceof ApiError ? signIn.error.fields : {};

  function submit(event: FormEvent) {
    event.preventDefault();
    signIn.mutate({ email, password });
  }

  return (
    <main className="grid min-h-dvh place-items-center p-4">
      <title>Sign in · MetaClaw</title>
      <div className="w-full max-w-[344px]">
        <div className="mb-5 flex items-center gap-2.5">
          <Logo className="size-8" />
          <span className="text-base font-semibold">MetaClaw</span>
        </div>
        <form
          onSubmit={submit}
          className="flex flex-col gap-3.5 rounded-lg border border-line bg-panel p-5"
        >
          <div>
            <h1 className="text-[20px] font-semibold tracking-tight">Sign in</h1>
            <p className="text-sm text-mute">Agents that learn on the job.</p>
          </div>
          {signIn.isError && <SignInProblem error={signIn.error} />}
          <Field label="Email" errors={fields.email}>
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
          <Field label="Password" errors={fields.password}>
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
            {signIn.isPending ? "Signing in…" : "Sign in"}
          </Button>
        </form>
        <p className="mt-3 text-xs text-mute">
          The first start of MetaClaw prints the owner's email and password.
        </p>
      </div>
    </main>
  );
}

/** Errors of a field stand at the field; what is left stands above the form. */
function SignInProblem({ error }: { error: unknown }) {
  if (error instanceof ApiError) {
    if (error.status === 429) {
      return <Banner tone="warn" title="Too many tries. Wait a minute, then try again." />;
    }
    if (Object.keys(error.fields).length > 0) return null;
  }
  return <Banner tone="bad" title={errorText(error)} />;
}
