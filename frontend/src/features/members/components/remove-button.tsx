import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { toast } from "sonner";
import type { Member } from "@/client/contract";
import { Button } from "@/components/button";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { errorText } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import { useRemoveMember } from "../api/members";
import { whyNotRemove } from "../roles";

type Props = { member: Member; isLastOwner: boolean; onLeft: () => void };

export function RemoveButton({ member, isLastOwner, onLeft }: Props) {
  const tenant = useTenant();
  const remove = useRemoveMember(tenant.slug);
  const [isAsking, setIsAsking] = useState(false);
  const reason = whyNotRemove(tenant, member, isLastOwner);
  const name = member.name || member.email;
  const { is_you: isYou } = member;

  function confirm() {
    remove.mutate(member, {
      onError: (error) => toast.error(errorText(error)),
      onSuccess: () => {
        setIsAsking(false);
        toast(isYou ? t`You left ${tenant.name}.` : t`${name} was removed.`);
        if (isYou) onLeft();
      },
    });
  }

  return (
    <>
      <Button
        variant="danger"
        disabled={reason !== null}
        title={reason ?? undefined}
        aria-label={isYou ? t`Leave the workspace` : t`Remove ${name}`}
        onClick={() => setIsAsking(true)}
      >
        {isYou ? t`Leave` : t`Remove`}
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        onClose={() => setIsAsking(false)}
        title={isYou ? t`Leave ${tenant.name}?` : t`Remove ${name}?`}
        action={isYou ? t`Leave` : t`Remove`}
        isBusy={remove.isPending}
        onConfirm={confirm}
      >
        {isYou ? (
          <Trans>You see nothing of it any more. To come back you have to be invited.</Trans>
        ) : (
          <Trans>
            Their open pages close at once; invitations they sent are revoked. Keys they made belong
            to the workspace and go on working: revoke under Keys what should not. Their account
            stays.
          </Trans>
        )}
      </ConfirmDialog>
    </>
  );
}
