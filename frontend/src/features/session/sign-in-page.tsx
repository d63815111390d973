import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Logo } from "@/components/logo";
import { pendingStepQuery } from "./api/steps";
import { OtherWays } from "./components/other-ways";
import { PasswordForm } from "./components/password-form";
import { SecondStepForm } from "./components/second-step-form";

type Props = {
  next: string;
  /** Whether the company's sign-in sent the browser here, and what went wrong there. */
  isFromCompany?: boolean;
  companyError?: string;
  onSignedIn: () => void;
};

export function SignInPage({ next, isFromCompany = false, companyError = "", onSignedIn }: Props) {
  // What a right password still lacks; null until there was one.
  const [kinds, setKinds] = useState<string[] | null>(null);
  const [beganAgain, setBeganAgain] = useState(false);
  const mayBePending = isFromCompany && !companyError && !beganAgain;
  const pending = useQuery({ ...pendingStepQuery(), enabled: mayBePending });
  const found = mayBePending && pending.data?.length ? pending.data : null;
  const missing = kinds ?? found;

  return (
    <main className="grid min-h-dvh place-items-center p-4">
      <title>{t`Sign in · MetaClaw`}</title>
      <div className="w-full max-w-[344px]">
        <div className="mb-5 flex items-center gap-2.5">
          <Logo className="size-8" />
          <span className="text-base font-semibold">
            <Trans>MetaClaw</Trans>
          </span>
        </div>
        {missing ? (
          <SecondStepForm
            kinds={missing}
            onSignedIn={onSignedIn}
            onBack={() => {
              setKinds(null);
              setBeganAgain(true);
            }}
          />
        ) : (
          <>
            <PasswordForm
              companyError={companyError}
              onSignedIn={onSignedIn}
              onSecondStep={setKinds}
            />
            <OtherWays next={next} onSignedIn={onSignedIn} />
            <p className="mt-3 text-xs text-mute">
              <Trans>The first start of MetaClaw prints the owner's email and password.</Trans>
            </p>
          </>
        )}
      </div>
    </main>
  );
}
