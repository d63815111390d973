import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import type { Role } from "@/client/contract";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";
import { Dialog, DialogFooter } from "@/components/dialog";
import { Field, Input, Select } from "@/components/field";
import { ApiError, errorText } from "@/lib/api";
import { ROLE_NAMES } from "@/lib/role-names";
import { useTenant } from "@/lib/tenant";
import { useInvite } from "../api/invitations";
import { ROLE_HINTS, ROLES } from "../roles";
import { InvitationLink } from "./invitation-link";

type Props = { isOpen: boolean; onClose: () => void };

export function InviteDialog({ isOpen, onClose }: Props) {
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={t`Invite somebody`}>
      <InviteForm onClose={onClose} />
    </Dialog>
  );
}

function InviteForm({ onClose }: { onClose: () => void }) {
  const { slug, may } = useTenant();
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("member");
  const invite = useInvite(slug);
  const fields = invite.error instanceof ApiError ? invite.error.fields : {};
  if (invite.isSuccess) return <InvitationLink made={invite.data} onClose={onClose} />;

  function submit(event: FormEvent) {
    event.preventDefault();
    invite.mutate({ email: email.trim(), role });
  }

  return (
    <form onSubmit={submit} className="flex flex-col gap-3.5">
      {invite.isError && Object.keys(fields).length === 0 && (
        <Banner tone="bad" title={errorText(invite.error)} />
      )}
      <Field
        label={t`Email`}
        hint={t`The account they sign in with, or will make.`}
        errors={fields.email}
      >
        {(control) => (
          <Input
            {...control}
            type="email"
            required
            maxLength={254}
            autoComplete="off"
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        )}
      </Field>
      <Field label={t`Role`} hint={ROLE_HINTS[role]} errors={fields.role}>
        {(control) => (
          <Select
            {...control}
            value={role}
            onChange={(event) => setRole(event.target.value as Role)}
          >
            {ROLES.map((each) => (
              <option key={each} value={each} disabled={each === "owner" && !may("owner")}>
                {ROLE_NAMES[each]}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <DialogFooter>
        <Button onClick={onClose}>
          <Trans>Cancel</Trans>
        </Button>
        <Button type="submit" variant="primary" isBusy={invite.isPending}>
          <Trans>Invite</Trans>
        </Button>
      </DialogFooter>
    </form>
  );
}
