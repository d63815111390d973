import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { UserPlus } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/button";
import { Page } from "@/components/page";
import { Panel } from "@/components/panel";
import { ErrorState, LoadingRows } from "@/components/states";
import { useTenant } from "@/lib/tenant";
import { useMembers } from "./api/members";
import { InvitationsPanel } from "./components/invitations-panel";
import { InviteDialog } from "./components/invite-dialog";
import { MemberTable } from "./components/member-table";
import { RolesPanel } from "./components/roles-panel";

/** Who belongs to the workspace, as what, and who was asked to join. */
export function MembersPage({ onLeft }: { onLeft: () => void }) {
  const { slug, may } = useTenant();
  const members = useMembers(slug);
  const [isInviting, setIsInviting] = useState(false);
  return (
    <Page
      title={t`Members`}
      note={may("admin") ? t`Who works here, and what they may do` : t`Only admins change members`}
      actions={
        <Button
          variant="primary"
          disabled={!may("admin")}
          title={may("admin") ? undefined : t`Admins and above invite people.`}
          onClick={() => setIsInviting(true)}
        >
          <UserPlus aria-hidden />
          <Trans>Invite somebody</Trans>
        </Button>
      }
    >
      <Panel>
        {members.isPending && <LoadingRows rows={4} label={t`Loading members`} />}
        {members.isError && (
          <ErrorState error={members.error} onRetry={() => void members.refetch()} />
        )}
        {members.isSuccess && <MemberTable members={members.data} onLeft={onLeft} />}
      </Panel>
      <InvitationsPanel />
      <RolesPanel />
      <InviteDialog isOpen={isInviting} onClose={() => setIsInviting(false)} />
    </Page>
  );
}
