import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { Banner } from "@/components/banner";
import { ErrorState, LoadingBlock } from "@/components/states";
import { companyProblem } from "@/lib/company";
import { useAccount } from "./api/account";
import { CompanyPanel } from "./components/company-panel";
import { PasskeysPanel } from "./components/passkeys-panel";
import { PasswordPanel } from "./components/password-panel";
import { PersonPanel } from "./components/person-panel";
import { SessionsPanel } from "./components/sessions-panel";
import { TwoStepPanel } from "./components/two-step-panel";

type Props = {
  /** The workspace that the person came from. */
  from?: string;
  companyError?: string;
  back: ReactNode;
};

export function AccountPage({ from, companyError, back }: Props) {
  const account = useAccount();
  return (
    <main className="mx-auto flex min-h-dvh max-w-[720px] flex-col gap-4 px-4 pt-4 pb-12 md:px-5">
      <title>{t`Account · MetaClaw`}</title>
      <header className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1">
        <h1 className="mr-auto text-[20px] font-semibold tracking-tight">
          <Trans>Account</Trans>
        </h1>
        {back}
      </header>
      {companyError && <Banner tone="warn" title={companyProblem(companyError)} />}
      {account.isPending && <LoadingBlock label={t`Loading your account`} />}
      {account.isError && (
        <ErrorState error={account.error} onRetry={() => void account.refetch()} />
      )}
      {account.isSuccess && (
        <>
          <PersonPanel account={account.data} />
          <PasswordPanel account={account.data} />
          <TwoStepPanel account={account.data} />
          <PasskeysPanel passkeys={account.data.methods.passkeys} />
          {account.data.company && (
            <CompanyPanel account={account.data} company={account.data.company} from={from} />
          )}
          <SessionsPanel />
        </>
      )}
    </main>
  );
}
