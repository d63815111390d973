import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { BookOpen, SearchX } from "lucide-react";
import { Button, buttonClass } from "@/components/button";
import { EmptyState } from "@/components/states";
import { useTenant } from "@/lib/tenant";
import type { SkillFilters } from "../filters";

export function NoSkills({ filters, onClear }: { filters: SkillFilters; onClear: () => void }) {
  const { slug } = useTenant();
  if (filters.source === "evolved" && Object.keys(filters).length === 1) {
    return (
      <EmptyState
        icon={BookOpen}
        title={t`Nothing learned yet`}
        action={
          <Button onClick={onClear}>
            <Trans>Show all skills</Trans>
          </Button>
        }
      >
        <Trans>
          Skills drafted from failing turns are listed here once somebody approved them.
        </Trans>
      </EmptyState>
    );
  }
  if (Object.keys(filters).length > 0) {
    return (
      <EmptyState
        icon={SearchX}
        title={t`No skill matches these filters`}
        action={
          <Button onClick={onClear}>
            <Trans>Clear filters</Trans>
          </Button>
        }
      />
    );
  }
  return (
    <EmptyState
      icon={BookOpen}
      title={t`The library is empty`}
      action={
        <Link to="/t/$tenant/skills/new" params={{ tenant: slug }} className={buttonClass()}>
          <Trans>Write the first skill</Trans>
        </Link>
      }
    >
      <Trans>Write one, drop a .zip or .md file here, or let failing turns propose some.</Trans>
    </EmptyState>
  );
}
