import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { toast } from "sonner";
import type { Invitation } from "@/client/contract";
import { Ago } from "@/components/ago";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { Panel } from "@/components/panel";
import { ErrorState, LoadingRows } from "@/components/states";
import { Tag } from "@/components/tag";
import { errorText } from "@/lib/api";
import { formatUntil } from "@/lib/format";
import { ROLE_NAMES } from "@/lib/role-names";
import { useTenant } from "@/lib/tenant";
import { useNow } from "@/lib/use-now";
import { useInvitations, useRenewInvitation, useRevokeInvitation } from "../api/invitations";
import { InvitationLink } from "./invitation-link";

/** Who was asked to join and has not answered. */
export function InvitationsPanel() {
  const { slug, may } = useTenant();
  const isAdmin = may("admin");
  const invitations = useInvitations(slug, isAdmin);
  return (
    <Panel title={t`Invitations`} className="mt-4">
      {!isAdmin && (
        <Note>
          <Trans>Admins and above see who was invited.</Trans>
        </Note>
      )}
      {isAdmin && invitations.isPending && <LoadingRows rows={2} label={t`Loading invitations`} />}
      {invitations.isError && (
        <ErrorState error={invitations.error} onRetry={() => void invitations.refetch()} />
      )}
      {invitations.data?.length === 0 && (
        <Note>
          <Trans>Nobody is invited at the moment.</Trans>
        </Note>
      )}
      {invitations.data && invitations.data.length > 0 && (
        <ul aria-label={t`Invitations`} className="divide-y divide-line">
          {invitations.data.map((invitation) => (
            <Row key={invitation.id} invitation={invitation} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

const Note = ({ children }: { children: React.ReactNode }) => (
  <p className="px-3.5 py-3 text-sm text-mute">{children}</p>
);

function Row({ invitation }: { invitation: Invitation }) {
  const now = useNow();
  const isExpired = Date.parse(invitation.expires_at) <= now;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3.5 py-2 text-sm">
      <span className="font-medium break-all">{invitation.email}</span>
      <Tag>{ROLE_NAMES[invitation.role]}</Tag>
      {isExpired ? (
        <Tag tone="warn">
          <Trans>expired</Trans>
        </Tag>
      ) : (
        <span className="text-xs text-mute">
          <Trans>ends in {formatUntil(invitation.expires_at, now)}</Trans>
        </span>
      )}
      <span className="text-xs text-mute">
        <Trans>
          by {invitation.invited_by}, <Ago at={invitation.created_at} />
        </Trans>
        {invitation.emailed_at && t` · emailed`}
      </span>
      <Actions invitation={invitation} />
    </li>
  );
}

function Actions({ invitation }: { invitation: Invitation }) {
  const { slug, may } = useTenant();
  const renew = useRenewInvitation(slug);
  const revoke = useRevokeInvitation(slug);
  const [isShown, setIsShown] = useState(false);
  const isBeyond = invitation.role === "owner" && !may("owner");
  const reason = isBeyond ? t`Only owners make and unmake owners.` : undefined;
  const onError = (error: Error) => toast.error(errorText(error));
  const close = () => setIsShown(false);
  return (
    <span className="ml-auto inline-flex gap-1.5">
      <Button
        disabled={isBeyond}
        title={reason ?? t`The link from before stops working.`}
        isBusy={renew.isPending}
        aria-label={t`New link for ${invitation.email}`}
        onClick={() => renew.mutate(invitation.id, { onError, onSuccess: () => setIsShown(true) })}
      >
        <Trans>New link</Trans>
      </Button>
      <Button
        variant="danger"
        disabled={isBeyond}
        title={reason}
        isBusy={revoke.isPending}
        aria-label={t`Revoke the invitation of ${invitation.email}`}
        onClick={() =>
          revoke.mutate(invitation.id, {
            onError,
            onSuccess: () => toast(t`The invitation of ${invitation.email} is revoked.`),
          })
        }
      >
        <Trans>Revoke</Trans>
      </Button>
      <Dialog isOpen={isShown} onClose={close} title={t`New link for ${invitation.email}`}>
        {renew.data && <InvitationLink made={renew.data} onClose={close} />}
      </Dialog>
    </span>
  );
}
