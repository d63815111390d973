import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { InvitationWithLink } from "@/client/contract";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";
import { DialogFooter } from "@/components/dialog";
import { Moment } from "@/components/moment";
import { SecretOnce } from "@/components/secret-once";
import { ROLE_NAMES } from "@/lib/role-names";

type Props = { made: InvitationWithLink; onClose: () => void };

/** A link in the only moment in which it can be read, and whether it is on its way already. */
export function InvitationLink({ made, onClose }: Props) {
  return (
    <div className="flex flex-col gap-3">
      {made.mail === "sent" && <Banner title={t`An email with this link went to ${made.email}.`} />}
      {made.mail === "failed" && (
        <Banner tone="warn" title={t`The mail server did not take the email.`}>
          <Trans>Send this link to {made.email} yourself.</Trans>
        </Banner>
      )}
      <SecretOnce
        secret={made.link}
        label={t`Copy link`}
        note={
          made.mail === "sent"
            ? t`The link is shown only once.`
            : t`Send this link to ${made.email} yourself. It is shown only once.`
        }
      />
      <p className="text-xs wrap-anywhere text-mute">
        <Trans>
          It works once, until <Moment at={made.expires_at} look="day" />, for {made.email} alone,
          as {ROLE_NAMES[made.role]}.
        </Trans>
      </p>
      <DialogFooter>
        <Button variant="primary" onClick={onClose}>
          <Trans>Done</Trans>
        </Button>
      </DialogFooter>
    </div>
  );
}
