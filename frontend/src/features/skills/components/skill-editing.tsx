import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { toast } from "sonner";
import type { SkillDetail } from "@/client/contract";
import { PaneHeader } from "@/components/page";
import { useTenant } from "@/lib/tenant";
import { useSkillActions } from "../api/skills";
import { SkillForm } from "./skill-form";

export function SkillEditing({ skill, onDone }: { skill: SkillDetail; onDone: () => void }) {
  const { slug } = useTenant();
  const { save } = useSkillActions(slug, skill.slug);
  // The version that was read: if somebody saved another meanwhile, the server says so.
  const [read] = useState({ text: skill.text, sha256: skill.sha256 });
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PaneHeader>
        <h1 className="truncate text-base font-semibold">
          <Trans>Edit {skill.slug}</Trans>
        </h1>
      </PaneHeader>
      <SkillForm
        initial={read.text}
        error={save.error}
        isBusy={save.isPending}
        action={t`Save new version`}
        note={t`Live in every gateway as soon as it is saved.`}
        onCancel={onDone}
        onSave={(text) =>
          save.mutate(
            { text, sha256: read.sha256 },
            {
              onSuccess: (saved) => {
                toast.success(t`${saved.slug} v${saved.version} is live.`);
                onDone();
              },
            },
          )
        }
      />
    </div>
  );
}
