import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import type { SkillDetail } from "@/client/contract";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";
import { Dialog, DialogFooter } from "@/components/dialog";
import { Field, Textarea } from "@/components/field";
import { ApiError, errorText } from "@/lib/api";
import { agentsIn, tagLines, tagsIn } from "@/lib/scope";
import { useTenant } from "@/lib/tenant";
import { useSkillActions } from "../api/skills";

type Props = { skill: SkillDetail; isOpen: boolean; onClose: () => void };

export function ScopeDialog({ skill, isOpen, onClose }: Props) {
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title={t`Whom ${skill.slug} is for`}
      note={t`It leaves the prompts of all others at once, running sessions included.`}
    >
      <ScopeForm skill={skill} onClose={onClose} />
    </Dialog>
  );
}

function ScopeForm({ skill, onClose }: Omit<Props, "isOpen">) {
  const { slug } = useTenant();
  const { scope } = useSkillActions(slug, skill.slug);
  const [agents, setAgents] = useState(skill.agents.join("\n"));
  const [tags, setTags] = useState(tagLines(skill.tags).join("\n"));
  const [isRead, setIsRead] = useState(true);
  const fields = scope.error instanceof ApiError ? scope.error.fields : {};
  const tagErrors = isRead ? fields.tags : [t`Write each tag as name=value.`];

  function submit(event: FormEvent) {
    event.preventDefault();
    const read = tagsIn(tags);
    setIsRead(read !== null);
    if (read === null) return;
    scope.mutate(
      { agents: agentsIn(agents), tags: read },
      {
        onSuccess: () => {
          toast.success(t`${skill.slug} is for ${agentsIn(agents).join(", ") || t`all agents`}.`);
          onClose();
        },
      },
    );
  }

  return (
    <form onSubmit={submit} className="flex flex-col gap-3.5">
      {scope.isError && Object.keys(fields).length === 0 && (
        <Banner tone="bad" title={errorText(scope.error)} />
      )}
      <Field label={t`Agents`} errors={fields.agents} hint={t`One name a line; empty: all agents.`}>
        {(control) => (
          <Textarea
            {...control}
            className="font-mono text-xs"
            value={agents}
            onChange={(event) => setAgents(event.target.value)}
          />
        )}
      </Field>
      <Field
        label={t`Tags`}
        errors={tagErrors}
        hint={t`name=value, one a line: a turn has to carry them all (X-MetaClaw-Tag-name).`}
      >
        {(control) => (
          <Textarea
            {...control}
            className="font-mono text-xs"
            value={tags}
            onChange={(event) => setTags(event.target.value)}
          />
        )}
      </Field>
      <DialogFooter>
        <Button onClick={onClose}>
          <Trans>Cancel</Trans>
        </Button>
        <Button type="submit" variant="primary" isBusy={scope.isPending}>
          <Trans>Save</Trans>
        </Button>
      </DialogFooter>
    </form>
  );
}
