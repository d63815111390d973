import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Archive, ChevronLeft, Pencil, RotateCcw } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import type { SkillDetail } from "@/client/contract";
import { Button, buttonClass } from "@/components/button";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { PaneHeader } from "@/components/page";
import { TabList } from "@/components/tabs";
import { Tag } from "@/components/tag";
import { errorText } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import { useSkillActions } from "../api/skills";
import { KillButton } from "./kill-button";
import { SourceTag } from "./source-tag";

const TABS = [
  { value: "read" as const, label: t`Read` },
  { value: "source" as const, label: t`Source` },
  { value: "versions" as const, label: t`Versions` },
  { value: "value" as const, label: t`Value` },
];

export function SkillHeader({ skill, onEdit }: { skill: SkillDetail; onEdit: () => void }) {
  const { slug, may } = useTenant();
  return (
    <PaneHeader className="flex-wrap py-1.5">
      <Link
        to="/t/$tenant/skills"
        params={{ tenant: slug }}
        aria-label={t`All skills`}
        className={buttonClass({ variant: "ghost", isIcon: true })}
      >
        <ChevronLeft aria-hidden />
      </Link>
      <h1 className="truncate text-base font-semibold">{skill.slug}</h1>
      <span className="text-sm text-mute">v{skill.version}</span>
      <SourceTag source={skill.source} />
      {/* What is tried for the first time is not live, and was never taken out either. */}
      {skill.status === "retired" && !skill.trial && (
        <Tag tone="warn">
          <Trans>retired</Trans>
        </Tag>
      )}
      {skill.trial && (
        <Link
          to="/t/$tenant/experiments"
          params={{ tenant: slug }}
          search={{ canary: skill.trial.id }}
        >
          <Tag tone="accent">
            <Trans>
              v{skill.trial.version} on trial, {Math.round(100 * skill.trial.share)} %
            </Trans>
          </Tag>
        </Link>
      )}
      {skill.reach === "always" && (
        <Tag tone="info">
          <Trans>house rule</Trans>
        </Tag>
      )}
      <span className="ml-auto flex flex-wrap items-center gap-2">
        <TabList label={t`View`} tabs={TABS} />
        <Button onClick={onEdit} disabled={!may("member")}>
          <Pencil aria-hidden />
          <Trans>Edit</Trans>
        </Button>
        <RetireButton skill={skill} />
        <KillButton skill={skill} />
      </span>
    </PaneHeader>
  );
}

function RetireButton({ skill }: { skill: SkillDetail }) {
  const { slug, may } = useTenant();
  const [isAsking, setIsAsking] = useState(false);
  const { retire, activate } = useSkillActions(slug, skill.slug);
  const onError = (error: Error) => toast.error(errorText(error));

  if (skill.status === "retired" && skill.trial) return null;
  if (skill.status === "retired") {
    return (
      <Button
        isBusy={activate.isPending}
        disabled={!may("member")}
        onClick={() =>
          activate.mutate(skill.version, {
            onSuccess: () => toast.success(t`${skill.slug} is live again.`),
            onError,
          })
        }
      >
        <RotateCcw aria-hidden />
        <Trans>Restore</Trans>
      </Button>
    );
  }
  return (
    <>
      <Button variant="danger" disabled={!may("member")} onClick={() => setIsAsking(true)}>
        <Archive aria-hidden />
        <Trans>Retire</Trans>
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        onClose={() => setIsAsking(false)}
        title={t`Retire ${skill.slug}?`}
        action={t`Retire`}
        isBusy={retire.isPending}
        onConfirm={() =>
          retire.mutate(undefined, {
            onSuccess: () => {
              setIsAsking(false);
              toast(t`${skill.slug} retired.`);
            },
            onError,
          })
        }
      >
        <Trans>
          No request carries it from now on, running sessions included. It can be restored.
        </Trans>
      </ConfirmDialog>
    </>
  );
}
