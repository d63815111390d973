import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";
import type { OpenInvitation, Session } from "@/client/contract";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";
import { Logo } from "@/components/logo";
import { Moment } from "@/components/moment";
import { LoadingBlock } from "@/components/states";
import { errorText } from "@/lib/api";
import { ROLE_NAMES } from "@/lib/role-names";
import { useAcceptInvitation, useInvitation } from "./api/invited";
import { JoinForm } from "./components/join-form";
import { RefusedInvitation } from "./components/refused-invitation";

type Props = {
  token: string;
  user: Session["user"];
  onJoined: (tenant: string) => void;
  onSignIn: () => void;
  onSignOut: () => void;
};

/** What the link of an invitation opens: for visitors, for who has an account, for who is somebody else. */
export function InvitationPage({ token, user, onJoined, onSignIn, onSignOut }: Props) {
  const invitation = useInvitation(token, user?.id ?? null);
  return (
    <main className="grid min-h-dvh place-items-center p-4">
      <title>{t`Invitation · MetaClaw`}</title>
      <div className="w-full max-w-[400px]">
        <div className="mb-5 flex items-center gap-2.5">
          <Logo className="size-8" />
          <span className="text-base font-semibold">
            <Trans>MetaClaw</Trans>
          </span>
        </div>
        <div className="rounded-lg border border-line bg-panel p-5">
          {invitation.isPending && <LoadingBlock label={t`Opening the invitation`} />}
          {invitation.isError && (
            <RefusedInvitation error={invitation.error} user={user} onSignOut={onSignOut} />
          )}
          {invitation.isSuccess && (
            <Open
              token={token}
              invitation={invitation.data}
              user={user}
              onJoined={onJoined}
              onSignIn={onSignIn}
            />
          )}
        </div>
      </div>
    </main>
  );
}

type OpenProps = Omit<Props, "onSignOut"> & { invitation: OpenInvitation };

function Open({ token, invitation, user, onJoined, onSignIn }: OpenProps) {
  const { workspace, tenant } = invitation;
  if (tenant)
    return (
      <Card title={t`You belong to ${workspace}`}>
        <Button variant="primary" className="h-8 w-full" onClick={() => onJoined(tenant)}>
          <Trans>Open the workspace</Trans>
        </Button>
      </Card>
    );
  return (
    <Card title={t`Join ${workspace}`}>
      <p className="mb-4 text-sm wrap-anywhere text-mute">
        <Trans>
          {invitation.invited_by} invites <strong>{invitation.email}</strong> to this workspace, as{" "}
          <strong>{ROLE_NAMES[invitation.role]}</strong>. The invitation is open until{" "}
          <Moment at={invitation.expires_at} look="day" />.
        </Trans>
      </p>
      {user ? (
        <Accept token={token} onJoined={onJoined} />
      ) : invitation.has_account ? (
        <>
          <Button variant="primary" className="h-8 w-full" onClick={onSignIn}>
            <Trans>Sign in to accept</Trans>
          </Button>
          <p className="mt-3 text-xs text-mute">
            <Trans>There is an account for this address already.</Trans>
          </p>
        </>
      ) : (
        <JoinForm token={token} email={invitation.email} onJoined={onJoined} />
      )}
    </Card>
  );
}

function Accept({ token, onJoined }: Pick<Props, "token" | "onJoined">) {
  const accept = useAcceptInvitation(token, ({ tenant }) => onJoined(tenant));
  return (
    <>
      {accept.isError && <Banner tone="bad" title={errorText(accept.error)} className="mb-3" />}
      <Button
        variant="primary"
        className="h-8 w-full"
        isBusy={accept.isPending}
        onClick={() => accept.mutate()}
      >
        <Trans>Accept the invitation</Trans>
      </Button>
    </>
  );
}

const Card = ({ title, children }: { title: string; children: ReactNode }) => (
  <>
    <h1 className="mb-1 text-[20px] font-semibold tracking-tight break-words">{title}</h1>
    {children}
  </>
);
