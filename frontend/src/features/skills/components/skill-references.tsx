import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { SkillComposition } from "@/client/contract";
import { Tag } from "@/components/tag";
import { errorText } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import { useComposition } from "../api/composition";
import { troubleText } from "../trouble";

type Reference = SkillComposition["references"][number];

/** What a skill brings with it, and what brings it. */
export function SkillReferences({ skillSlug }: { skillSlug: string }) {
  const { slug } = useTenant();
  const found = useComposition(slug);
  const references = found.data?.references ?? [];
  const uses = references.filter((one) => one.slug === skillSlug);
  const usedBy = references.filter((one) => one.uses === skillSlug);
  return (
    <section>
      <h2 className="mb-1 flex text-sm font-semibold">
        <span className="mr-auto">
          <Trans>Goes with</Trans>
        </span>
        <Link
          to="/t/$tenant/skills"
          params={{ tenant: slug }}
          search={{ view: "composition" }}
          className="text-xs font-normal text-mute hover:text-ink hover:underline"
        >
          <Trans>Composition</Trans>
        </Link>
      </h2>
      {found.isError && (
        <p role="alert" className="text-sm text-bad">
          {errorText(found.error)}
        </p>
      )}
      {found.isSuccess && uses.length + usedBy.length === 0 && (
        <p className="text-sm text-mute">
          <Trans>It uses no other skill, and none uses it.</Trans>
        </p>
      )}
      <Row name={t({ message: "Uses", context: "another skill" })} references={uses} other="uses" />
      <Row name={t`Used by`} references={usedBy} other="slug" />
    </section>
  );
}

type RowProps = { name: string; references: Reference[]; other: "slug" | "uses" };

function Row({ name, references, other }: RowProps) {
  const { slug } = useTenant();
  if (references.length === 0) return null;
  return (
    <p className="flex flex-wrap items-center gap-1.5 py-0.5 text-sm">
      <span className="text-mute">{name}</span>
      {references.map((one) =>
        one.trouble === "missing" ? (
          <Tag key={one[other]} tone="bad" title={troubleText(one.trouble)}>
            {one[other]}
          </Tag>
        ) : (
          <Link
            key={one[other]}
            to="/t/$tenant/skills/$skillSlug"
            params={{ tenant: slug, skillSlug: one[other] }}
          >
            <Tag tone={one.trouble ? "warn" : "info"} title={troubleText(one.trouble) || undefined}>
              {one[other]}
            </Tag>
          </Link>
        ),
      )}
    </p>
  );
}
