import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import type { Account } from "@/client/contract";
import { Button } from "@/components/button";
import { Panel } from "@/components/panel";
import { PasswordDialog } from "./password-dialog";
import { SettingRow } from "./setting-row";

export function PasswordPanel({ account }: { account: Account }) {
  const [isOpen, setIsOpen] = useState(false);
  const { has_password } = account.methods;
  return (
    <Panel title={t`Password`}>
      <SettingRow
        title={has_password ? t`A password is set` : t`No password`}
        note={
          has_password
            ? t`A new one signs you out in every other browser.`
            : t`You sign in another way. With a password you have one more.`
        }
      >
        <Button onClick={() => setIsOpen(true)}>
          {has_password ? <Trans>Change password</Trans> : <Trans>Set a password</Trans>}
        </Button>
      </SettingRow>
      <PasswordDialog
        isOpen={isOpen}
        email={account.email}
        hasPassword={has_password}
        onClose={() => setIsOpen(false)}
      />
    </Panel>
  );
}
