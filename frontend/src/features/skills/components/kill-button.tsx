import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { OctagonX } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import type { SkillDetail } from "@/client/contract";
import { Button } from "@/components/button";
import { Dialog, DialogFooter } from "@/components/dialog";
import { Field, Input } from "@/components/field";
import { errorText } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import { useKillSkill, useSkillReach } from "../api/skills";

/** The kill switch: says what the skill was in, and takes it out of every prompt at once. */
export function KillButton({ skill }: { skill: SkillDetail }) {
  const { may } = useTenant();
  const [isAsking, setIsAsking] = useState(false);
  const isIn = skill.status === "live" || skill.trial !== null;
  if (!isIn) return null;
  return (
    <>
      <Button
        variant="danger"
        disabled={!may("reviewer")}
        title={may("reviewer") ? undefined : t`Reviewers and above may kill a skill.`}
        onClick={() => setIsAsking(true)}
      >
        <OctagonX aria-hidden />
        <Trans>Kill</Trans>
      </Button>
      <Dialog
        isOpen={isAsking}
        onClose={() => setIsAsking(false)}
        title={t`Kill ${skill.slug}?`}
        note={t`Out of every prompt within a second, in every gateway, its version on trial too.`}
      >
        <KillForm name={skill.slug} onDone={() => setIsAsking(false)} />
      </Dialog>
    </>
  );
}

function wentInto(turns: number, sessions: number) {
  if (turns === 0) return t`No request has carried it so far.`;
  return t`It went into ${plural(turns, { one: "# turn", other: "# turns" })} of ${plural(sessions, { one: "# session", other: "# sessions" })}; the Turns page lists them.`;
}

function KillForm({ name, onDone }: { name: string; onDone: () => void }) {
  const { slug } = useTenant();
  const [reason, setReason] = useState("");
  const reach = useSkillReach(slug, name);
  const kill = useKillSkill(slug, name);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        kill.mutate(reason, {
          onSuccess: ({ turns }) => {
            onDone();
            toast(
              t`${name} is out. It was in ${plural(turns, { one: "# turn", other: "# turns" })}.`,
            );
          },
          onError: (error) => toast.error(errorText(error)),
        });
      }}
    >
      <p className="mb-3 text-sm">
        {reach.data
          ? wentInto(reach.data.turns, reach.data.sessions)
          : t`Counting the turns it went into…`}
      </p>
      <Field label={t`Why`} hint={t`For the audit log`}>
        {(control) => (
          <Input
            {...control}
            required
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
      </Field>
      <DialogFooter>
        <Button onClick={onDone}>
          <Trans>Cancel</Trans>
        </Button>
        <Button
          type="submit"
          variant="danger"
          disabled={reason.trim() === ""}
          isBusy={kill.isPending}
        >
          <Trans>Kill</Trans>
        </Button>
      </DialogFooter>
    </form>
  );
}
