import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { toast } from "sonner";
import type { Account, AuthenticatorAppSecret } from "@/client/contract";
import { Ago } from "@/components/ago";
import { Button } from "@/components/button";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { Panel } from "@/components/panel";
import { Tag } from "@/components/tag";
import { useAppBegin, useAppRemove, useCodesRenew } from "../api/account";
import { sayRefused } from "../refused";
import { AppDialog } from "./app-dialog";
import { CodesDialog } from "./codes-dialog";
import { SettingRow } from "./setting-row";

export function TwoStepPanel({ account: { methods } }: { account: Account }) {
  const [secret, setSecret] = useState<AuthenticatorAppSecret | null>(null);
  const [codes, setCodes] = useState<string[]>([]);
  const [asks, setAsks] = useState<"remove" | "renew" | null>(null);
  const begin = useAppBegin();
  const remove = useAppRemove();
  const renew = useCodesRenew();
  const isOn = methods.app_since !== null;
  const hasSecondFactor = isOn || methods.passkeys.length > 0;

  return (
    <Panel title={t`Two-step sign-in`}>
      <div className="divide-y divide-line">
        <SettingRow
          title={t`Authenticator app`}
          tag={isOn ? <Tag tone="ok">{t`on`}</Tag> : <Tag>{t`off`}</Tag>}
          note={
            methods.app_since ? (
              <Since methods={methods} />
            ) : (
              t`After your password, a code that your phone shows.`
            )
          }
        >
          {isOn ? (
            <Button variant="danger" onClick={() => setAsks("remove")}>
              <Trans>Turn off</Trans>
            </Button>
          ) : (
            <Button
              variant="primary"
              isBusy={begin.isPending}
              onClick={() => begin.mutate(undefined, { onSuccess: setSecret, onError: sayRefused })}
            >
              <Trans>Set up</Trans>
            </Button>
          )}
        </SettingRow>
        {hasSecondFactor && (
          <SettingRow
            title={t`Recovery codes`}
            tag={methods.recovery_codes_left < 3 && <Tag tone="warn">{t`few left`}</Tag>}
            note={t`${plural(methods.recovery_codes_left, {
              one: "# code left",
              other: "# codes left",
            })}, for when the phone or the passkey is gone. Each works once.`}
          >
            <Button onClick={() => setAsks("renew")}>
              <Trans>Make new codes</Trans>
            </Button>
          </SettingRow>
        )}
      </div>
      <AppDialog
        secret={secret}
        onClose={() => setSecret(null)}
        onDone={(fresh) => {
          setSecret(null);
          setCodes(fresh);
          toast.success(t`Two-step sign-in is on.`);
        }}
      />
      <CodesDialog codes={codes} onClose={() => setCodes([])} />
      <ConfirmDialog
        isOpen={asks === "remove"}
        onClose={() => setAsks(null)}
        title={t`Turn off the authenticator app?`}
        action={t`Turn off`}
        isBusy={remove.isPending}
        onConfirm={() =>
          remove.mutate(undefined, { onError: sayRefused, onSettled: () => setAsks(null) })
        }
      >
        {methods.passkeys.length > 0 ? (
          <Trans>Signing in with the password then takes a passkey or a recovery code.</Trans>
        ) : (
          <Trans>Your password alone then opens this account. The recovery codes end, too.</Trans>
        )}
      </ConfirmDialog>
      <ConfirmDialog
        isOpen={asks === "renew"}
        onClose={() => setAsks(null)}
        title={t`Make new recovery codes?`}
        action={t`Make new codes`}
        isBusy={renew.isPending}
        onConfirm={() =>
          renew.mutate(undefined, {
            onSuccess: setCodes,
            onError: sayRefused,
            onSettled: () => setAsks(null),
          })
        }
      >
        <Trans>The ones you have now stop working.</Trans>
      </ConfirmDialog>
    </Panel>
  );
}

function Since({ methods }: { methods: Account["methods"] }) {
  const { app_since, app_used_at } = methods;
  if (!app_since) return null;
  return (
    <>
      <Trans>
        Set up <Ago at={app_since} />
      </Trans>
      {app_used_at && (
        <>
          {" · "}
          <Trans>
            last used <Ago at={app_used_at} />
          </Trans>
        </>
      )}
    </>
  );
}
