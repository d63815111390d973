import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { KeyRound, Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import type { Passkey } from "@/client/contract";
import { Ago } from "@/components/ago";
import { Button } from "@/components/button";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { Panel } from "@/components/panel";
import { EmptyState } from "@/components/states";
import { passkeyProblem } from "@/lib/passkeys";
import { usePasskeyAdd, usePasskeyRemove, usePasskeyRename } from "../api/account";
import { sayRefused } from "../refused";
import { CodesDialog } from "./codes-dialog";
import { NameDialog } from "./name-dialog";
import { SettingRow } from "./setting-row";

export function PasskeysPanel({ passkeys }: { passkeys: Passkey[] }) {
  const [isNaming, setIsNaming] = useState(false);
  const [codes, setCodes] = useState<string[]>([]);
  const add = usePasskeyAdd();
  const problem = passkeyProblem();
  const button = (
    <Button disabled={problem !== ""} title={problem} onClick={() => setIsNaming(true)}>
      <Plus aria-hidden />
      <Trans>Add a passkey</Trans>
    </Button>
  );
  return (
    <Panel title={t`Passkeys`} aside={passkeys.length > 0 && button}>
      {passkeys.length === 0 ? (
        <EmptyState icon={KeyRound} title={t`No passkey yet`} action={button}>
          {problem || (
            <Trans>
              Signs you in with your fingerprint, your face or a security key. No password to type,
              and none that a forged page could take.
            </Trans>
          )}
        </EmptyState>
      ) : (
        <ul className="divide-y divide-line">
          {passkeys.map((passkey) => (
            <Row key={passkey.id} passkey={passkey} isLast={passkeys.length === 1} />
          ))}
        </ul>
      )}
      {problem && passkeys.length > 0 && (
        <p className="border-t border-line px-3.5 py-2 text-xs text-mute">{problem}</p>
      )}
      <NameDialog
        isOpen={isNaming}
        title={t`Add a passkey`}
        note={t`The browser asks next where to keep it: this device, a phone, or a security key.`}
        action={t`Continue`}
        name=""
        isBusy={add.isPending}
        onClose={() => setIsNaming(false)}
        onSave={(name) =>
          add.mutate(name, {
            onSuccess: (fresh) => {
              setIsNaming(false);
              setCodes(fresh);
              toast.success(t`Passkey added.`);
            },
            onError: sayRefused,
          })
        }
      />
      <CodesDialog codes={codes} onClose={() => setCodes([])} />
    </Panel>
  );
}

function Row({ passkey, isLast }: { passkey: Passkey; isLast: boolean }) {
  const [open, setOpen] = useState<"rename" | "remove" | null>(null);
  const rename = usePasskeyRename();
  const remove = usePasskeyRemove();
  const { id, name, created_at, last_used_at } = passkey;
  const close = () => setOpen(null);
  return (
    <li>
      <SettingRow
        title={name}
        note={
          <>
            <Trans>
              Added <Ago at={created_at} />
            </Trans>
            {" · "}
            {last_used_at ? (
              <Trans>
                last used <Ago at={last_used_at} />
              </Trans>
            ) : (
              <Trans>never used</Trans>
            )}
          </>
        }
      >
        <Button isIcon aria-label={t`Rename ${name}`} onClick={() => setOpen("rename")}>
          <Pencil aria-hidden />
        </Button>
        <Button
          isIcon
          variant="danger"
          aria-label={t`Remove ${name}`}
          onClick={() => setOpen("remove")}
        >
          <Trash2 aria-hidden />
        </Button>
      </SettingRow>
      <NameDialog
        isOpen={open === "rename"}
        title={t`Rename the passkey`}
        action={t`Save name`}
        name={name}
        isBusy={rename.isPending}
        onClose={close}
        onSave={(next) =>
          rename.mutate({ id, name: next }, { onSuccess: close, onError: sayRefused })
        }
      />
      <ConfirmDialog
        isOpen={open === "remove"}
        onClose={close}
        title={t`Remove ${name}?`}
        action={t`Remove`}
        isBusy={remove.isPending}
        onConfirm={() => remove.mutate(id, { onError: sayRefused, onSettled: close })}
      >
        {isLast ? (
          <Trans>
            It is your only passkey. The device keeps its half until you delete it there.
          </Trans>
        ) : (
          <Trans>
            It opens nothing any more. The device keeps its half until you delete it there.
          </Trans>
        )}
      </ConfirmDialog>
    </li>
  );
}
