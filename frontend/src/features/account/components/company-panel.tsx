import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import type { Account, CompanyAccount } from "@/client/contract";
import { Ago } from "@/components/ago";
import { Button } from "@/components/button";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { Panel } from "@/components/panel";
import { useCompanyConnect, useCompanyDisconnect } from "../api/account";
import { sayRefused } from "../refused";
import { SettingRow } from "./setting-row";

type Props = { account: Account; company: string; from?: string };

export function CompanyPanel({ account: { methods }, company, from }: Props) {
  const connect = useCompanyConnect();
  const accounts = methods.company_accounts;
  return (
    <Panel title={t`Company account`}>
      {accounts.length === 0 && (
        <SettingRow
          title={company}
          note={t`Sign in with the account you have there, without a password of ours.`}
        >
          <Button
            isBusy={connect.isPending || connect.isSuccess}
            onClick={() => connect.mutate(from, { onError: sayRefused })}
          >
            <Trans>Connect</Trans>
          </Button>
        </SettingRow>
      )}
      {accounts.map((one) => (
        <Connected key={one.uid} account={one} company={company} isNeeded={!methods.has_password} />
      ))}
    </Panel>
  );
}

type ConnectedProps = { account: CompanyAccount; company: string; isNeeded: boolean };

function Connected({ account, company, isNeeded }: ConnectedProps) {
  const [isAsking, setIsAsking] = useState(false);
  const disconnect = useCompanyDisconnect();
  return (
    <SettingRow
      title={account.email || company}
      note={
        <Trans>
          {company} · last used <Ago at={account.last_used_at} />
        </Trans>
      }
    >
      <Button
        variant="danger"
        disabled={isNeeded}
        title={
          isNeeded ? t`Set a password first: without one nothing else lets you in.` : undefined
        }
        onClick={() => setIsAsking(true)}
      >
        <Trans>Disconnect</Trans>
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        onClose={() => setIsAsking(false)}
        title={t`Disconnect ${company}?`}
        action={t`Disconnect`}
        isBusy={disconnect.isPending}
        onConfirm={() =>
          disconnect.mutate(account, {
            onError: sayRefused,
            onSettled: () => setIsAsking(false),
          })
        }
      >
        <Trans>
          You then sign in with your password. A new sign-in there connects it again, if your
          address is the same.
        </Trans>
      </ConfirmDialog>
    </SettingRow>
  );
}
