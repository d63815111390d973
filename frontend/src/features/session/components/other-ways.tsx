import { Trans } from "@lingui/react/macro";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Building2, KeyRound } from "lucide-react";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";
import { errorText } from "@/lib/api";
import { goToCompany } from "@/lib/company";
import { passkeyProblem } from "@/lib/passkeys";
import { useSignInWith } from "../api/session";
import { companyQuery, sendPasskey } from "../api/steps";
import { passkeyRefusal } from "../passkey-refusal";

type Props = { next: string; onSignedIn: () => void };

/** What needs no password: a passkey, and the company's own sign-in. */
export function OtherWays({ next, onSignedIn }: Props) {
  const { data: company } = useQuery(companyQuery());
  const byPasskey = useSignInWith(() => sendPasskey("login"), onSignedIn);
  const leave = useMutation({
    mutationFn: () =>
      goToCompany("login", `/sign-in?step=company&next=${encodeURIComponent(next)}`),
  });
  const hasPasskeys = passkeyProblem() === "";
  if (!hasPasskeys && !company) return null;
  return (
    <div className="mt-3 flex flex-col gap-2">
      <p className="flex items-center gap-3 text-xs text-mute before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
        <Trans>or</Trans>
      </p>
      {byPasskey.isError && <Banner tone="bad" title={passkeyRefusal(byPasskey.error)} />}
      {leave.isError && <Banner tone="bad" title={errorText(leave.error)} />}
      {hasPasskeys && (
        <Button
          className="h-8"
          isBusy={byPasskey.isPending}
          onClick={() => byPasskey.mutate(undefined)}
        >
          <KeyRound aria-hidden />
          <Trans>Use a passkey</Trans>
        </Button>
      )}
      {company && (
        <Button
          className="h-8"
          isBusy={leave.isPending || leave.isSuccess}
          onClick={() => leave.mutate()}
        >
          <Building2 aria-hidden />
          <Trans>Sign in with {company}</Trans>
        </Button>
      )}
    </div>
  );
}
