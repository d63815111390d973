import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { Check } from "@/client/contract";
import { useTenant } from "@/lib/tenant";
import { Section } from "./section";

/** Live skills that a proposed text is near to, as its checks found them. */
export function SimilarSkills({ checks }: { checks: Check[] }) {
  const { slug } = useTenant();
  const similar = checks.find(({ code }) => code === "near_duplicate")?.similar ?? [];
  if (similar.length === 0) return null;
  return (
    <Section title={t`Similar skills`}>
      <ul className="flex flex-col gap-1">
        {similar.map((skill) => (
          <li key={skill.slug} className="flex gap-2">
            <Link
              to="/t/$tenant/skills/$skillSlug"
              params={{ tenant: slug, skillSlug: skill.slug }}
              className="mr-auto min-w-0 truncate underline decoration-line2 underline-offset-2 hover:decoration-ink"
            >
              {skill.slug}
            </Link>
            <span className="text-mute">
              <Trans>
                {skill.closeness.toFixed(2)} by {skill.by}
              </Trans>
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
