import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { KeyRound } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";
import { ApiError } from "@/lib/api";
import { passkeyProblem } from "@/lib/passkeys";
import { useSignInWith } from "../api/session";
import { sendCode, sendPasskey } from "../api/steps";
import { passkeyRefusal } from "../passkey-refusal";
import { CodeField } from "./code-field";

type Props = {
  /** What the person has: "totp", "webauthn", "recovery_codes". */
  kinds: string[];
  onSignedIn: () => void;
  onBack: () => void;
};

/** After a right password: what only its owner has. */
export function SecondStepForm({ kinds, onSignedIn, onBack }: Props) {
  const hasApp = kinds.includes("totp");
  const hasPasskey = kinds.includes("webauthn");
  const [code, setCode] = useState("");
  const [isRecovery, setIsRecovery] = useState(!hasApp);
  const byCode = useSignInWith((given: string) => sendCode("authenticate", given), onSignedIn);
  const byPasskey = useSignInWith(() => sendPasskey("authenticate"), onSignedIn);
  const problem = hasPasskey ? passkeyProblem() : "";
  const isOver = isTooLate(byCode.error) || isTooLate(byPasskey.error);

  function submit(event: FormEvent) {
    event.preventDefault();
    byPasskey.reset();
    byCode.mutate(code);
  }

  function swap() {
    byCode.reset();
    setCode("");
    setIsRecovery(!isRecovery);
  }

  return (
    <form
      onSubmit={submit}
      className="flex flex-col gap-3.5 rounded-lg border border-line bg-panel p-5"
    >
      <div>
        <h1 className="text-[20px] font-semibold tracking-tight">
          <Trans>One more step</Trans>
        </h1>
        <p className="text-sm text-mute">
          {hasPasskey && !problem ? (
            <Trans>This account asks for a passkey or a code.</Trans>
          ) : (
            <Trans>This account asks for a code.</Trans>
          )}
        </p>
      </div>
      {isOver && <Banner tone="warn" title={t`That took too long. Begin again.`} />}
      {byPasskey.isError && !isOver && (
        <Banner tone="bad" title={passkeyRefusal(byPasskey.error)} />
      )}
      {problem && <Banner title={problem} />}
      {hasPasskey && !problem && (
        <Button
          variant={hasApp ? "plain" : "primary"}
          isBusy={byPasskey.isPending}
          className="h-8"
          onClick={() => byPasskey.mutate(undefined)}
        >
          <KeyRound aria-hidden />
          <Trans>Use a passkey</Trans>
        </Button>
      )}
      <CodeField
        code={code}
        onChange={setCode}
        isRecovery={isRecovery}
        error={isOver ? null : byCode.error}
      />
      <Button
        type="submit"
        variant={hasPasskey && !hasApp && !problem ? "plain" : "primary"}
        isBusy={byCode.isPending}
        className="h-8"
      >
        {byCode.isPending ? t`Signing in…` : t`Sign in`}
      </Button>
      <div className="flex flex-wrap justify-between gap-2">
        {hasApp && kinds.includes("recovery_codes") && (
          <Button variant="ghost" className="-ml-2.5" onClick={swap}>
            {isRecovery ? t`Use the authenticator app` : t`Use a recovery code`}
          </Button>
        )}
        <Button variant="ghost" className="-mr-2.5 ml-auto" onClick={onBack}>
          <Trans>Begin again</Trans>
        </Button>
      </div>
    </form>
  );
}

/** The password was given too long ago: the server has forgotten it. */
const isTooLate = (error: unknown) => error instanceof ApiError && error.status === 401;
