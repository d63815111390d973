import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Pencil } from "lucide-react";
import { useState } from "react";
import type { SkillDetail } from "@/client/contract";
import { Button } from "@/components/button";
import { Tag } from "@/components/tag";
import { tagLines } from "@/lib/scope";
import { useTenant } from "@/lib/tenant";
import { ScopeDialog } from "./scope-dialog";

/** Whom a skill is for: all agents, or those named here and turns with these tags. */
export function SkillScope({ skill }: { skill: SkillDetail }) {
  const { may } = useTenant();
  const [isEditing, setIsEditing] = useState(false);
  const tags = tagLines(skill.tags);
  return (
    <section>
      <h2 className="mb-1 flex items-center text-sm font-semibold">
        <span className="mr-auto">
          <Trans context="whom">For</Trans>
        </span>
        <Button
          isIcon
          variant="ghost"
          disabled={!may("admin")}
          aria-label={t`Change whom this skill is for`}
          onClick={() => setIsEditing(true)}
        >
          <Pencil aria-hidden />
        </Button>
      </h2>
      <p className="flex flex-wrap gap-1 text-sm">
        {skill.agents.length === 0 && (
          <span className="text-mute">
            <Trans>All agents</Trans>
          </span>
        )}
        {skill.agents.map((agent) => (
          <Tag key={agent}>{agent}</Tag>
        ))}
      </p>
      {tags.length > 0 && (
        <p className="mt-1.5 flex flex-wrap items-center gap-1 text-sm">
          <span className="text-mute">
            <Trans>on turns tagged</Trans>
          </span>
          {tags.map((tag) => (
            <Tag key={tag}>{tag}</Tag>
          ))}
        </p>
      )}
      <ScopeDialog skill={skill} isOpen={isEditing} onClose={() => setIsEditing(false)} />
    </section>
  );
}
