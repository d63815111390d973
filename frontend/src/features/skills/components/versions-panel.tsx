import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { clsx } from "clsx";
import { useState } from "react";
import { toast } from "sonner";
import type { SkillDetail, SkillVersion } from "@/client/contract";
import { Ago } from "@/components/ago";
import { Button } from "@/components/button";
import { DiffView } from "@/components/diff-view";
import { ErrorState, LoadingBlock } from "@/components/states";
import { Tag } from "@/components/tag";
import { errorText } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import { useSkillActions, versionQuery } from "../api/skills";

/** Every version, and what the chosen one changed against the one before it. */
export function VersionsPanel({ skill }: { skill: SkillDetail }) {
  const [chosen, setChosen] = useState(skill.version);
  const versions = [...skill.versions].sort((a, b) => b.version - a.version);
  return (
    <div>
      <ol className="divide-y divide-line border-b border-line">
        {versions.map((version) => (
          <VersionRow
            key={version.version}
            skill={skill}
            version={version}
            isChosen={version.version === chosen}
            onChoose={() => setChosen(version.version)}
          />
        ))}
      </ol>
      <VersionDiff
        skill={skill}
        version={chosen}
        before={versions.find(({ version }) => version < chosen)?.version ?? 0}
      />
    </div>
  );
}

type RowProps = {
  skill: SkillDetail;
  version: SkillVersion;
  isChosen: boolean;
  onChoose: () => void;
};

function VersionRow({ skill, version, isChosen, onChoose }: RowProps) {
  const { slug, may } = useTenant();
  const { activate } = useSkillActions(slug, skill.slug);
  return (
    <li
      className={clsx(
        "flex items-center gap-3 px-4 py-2 text-sm",
        isChosen && "bg-bg shadow-[inset_2px_0_0_var(--accent)]",
      )}
    >
      <button
        type="button"
        aria-pressed={isChosen}
        onClick={onChoose}
        className="font-medium hover:underline"
      >
        v{version.version}
      </button>
      {version.is_live && (
        <Tag tone="ok">
          <Trans>live</Trans>
        </Tag>
      )}
      <span className="min-w-0 flex-1 truncate text-mute">
        {version.author}
        {version.note && `: ${version.note}`}
      </span>
      <span className="text-xs text-mute">
        <Ago at={version.created_at} />
      </span>
      {!version.is_live && (
        <Button
          disabled={!may("member")}
          isBusy={activate.isPending}
          onClick={() =>
            activate.mutate(version.version, {
              onSuccess: () => toast.success(t`${skill.slug} v${version.version} is live.`),
              onError: (error) => toast.error(errorText(error)),
            })
          }
        >
          <Trans>Activate</Trans>
        </Button>
      )}
    </li>
  );
}

type DiffProps = { skill: SkillDetail; version: number; before: number };

function VersionDiff({ skill, version, before }: DiffProps) {
  const { slug } = useTenant();
  const chosen = useQuery(versionQuery(slug, skill.slug, version));
  const previous = useQuery(versionQuery(slug, skill.slug, before));
  const error = chosen.error ?? previous.error;
  if (error) return <ErrorState error={error} onRetry={() => void chosen.refetch()} />;
  if (!chosen.data || (before > 0 && !previous.data)) {
    return <LoadingBlock label={t`Loading the versions`} />;
  }
  return (
    <section aria-label={t`Changes`}>
      <p className="border-b border-line px-4 py-2 text-xs text-mute">
        {before > 0
          ? t`v${before} on the left, v${version} on the right`
          : t`v${version}, the first`}
      </p>
      <DiffView before={previous.data?.text ?? null} after={chosen.data.text} />
    </section>
  );
}
