import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { clsx } from "clsx";
import { Tag } from "@/components/tag";
import { formatCount } from "@/lib/format";
import { useTenant } from "@/lib/tenant";
import type { LinkedSkill } from "../composition";

/** A skill of the graph: a link to its page, if it has one. */
export function CompositionBox({ skill }: { skill: LinkedSkill }) {
  const { slug } = useTenant();
  const look = clsx(
    "flex h-full flex-col justify-center rounded-md border bg-panel px-2.5",
    skill.status === "live" ? "border-line2" : "border-dashed border-bad",
  );
  const name = (
    <span className="flex items-center gap-1.5">
      <span className="min-w-0 truncate text-sm font-medium" title={skill.slug}>
        {skill.slug}
      </span>
      {skill.status === "retired" && (
        <Tag tone="warn">
          <Trans>retired</Trans>
        </Tag>
      )}
      {skill.status === "missing" && (
        <Tag tone="bad">
          <Trans>not there</Trans>
        </Tag>
      )}
    </span>
  );
  if (skill.status === "missing") return <div className={look}>{name}</div>;
  return (
    <Link
      to="/t/$tenant/skills/$skillSlug"
      params={{ tenant: slug, skillSlug: skill.slug }}
      className={clsx(look, "no-underline hover:bg-bg")}
    >
      {name}
      <span className="truncate text-2xs text-mute">
        {skill.version !== null && `v${skill.version}, `}
        {skill.tokens_together > skill.tokens
          ? t`${formatCount(skill.tokens)} tokens, ${formatCount(skill.tokens_together)} in all`
          : t`${formatCount(skill.tokens)} tokens`}
      </span>
    </Link>
  );
}
