import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { toast } from "sonner";
import { PaneHeader } from "@/components/page";
import { useTenant } from "@/lib/tenant";
import { useCreateSkill } from "./api/skills";
import { SkillForm } from "./components/skill-form";

const TEMPLATE = `---
name: my-skill
description: Use when the user asks for …
category: general
---

# My skill

## Steps

1. First do this.
2. Then check that.

## Do not

- Skip the check.
`;

type Props = { onCreated: (slug: string) => void; onCancel: () => void };

export function NewSkillPage({ onCreated, onCancel }: Props) {
  const { slug } = useTenant();
  const create = useCreateSkill(slug);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PaneHeader>
        <h1 className="text-base font-semibold">
          <Trans>New skill</Trans>
        </h1>
        <p className="hidden text-sm text-mute sm:block">
          <Trans>The description decides when it is used: say the situation, not the topic.</Trans>
        </p>
      </PaneHeader>
      <SkillForm
        initial={TEMPLATE}
        error={create.error}
        isBusy={create.isPending}
        action={t`Create skill`}
        note={t`Live in every gateway as soon as it is created.`}
        onCancel={onCancel}
        onSave={(text) =>
          create.mutate(text, {
            onSuccess: (skill) => {
              toast.success(t`${skill.slug} is live.`);
              onCreated(skill.slug);
            },
          })
        }
      />
    </div>
  );
}
