import { getRouteApi, useNavigate } from "@tanstack/react-router";
import type { SkillSearch } from "@/features/skills/filters";
import { NewSkillPage } from "@/features/skills/new-skill-page";
import { SkillPage } from "@/features/skills/skill-page";
import { SkillsPage } from "@/features/skills/skills-page";

const list = getRouteApi("/t/$tenant/skills");
const create = getRouteApi("/t/$tenant/skills/new");
const one = getRouteApi("/t/$tenant/skills/$skillSlug");

export function SkillsRoute() {
  const { tenant } = list.useParams();
  const { view = "list", ...filters } = list.useSearch();
  const navigate = useNavigate();
  const go = (search: SkillSearch) =>
    void navigate({ to: "/t/$tenant/skills", params: { tenant }, search, replace: true });
  return (
    <SkillsPage
      view={view}
      onView={(next) => go(next === "list" ? {} : { view: next })}
      filters={filters}
      onFilters={go}
    />
  );
}

export function NewSkillRoute() {
  const { tenant } = create.useParams();
  const navigate = useNavigate();
  return (
    <NewSkillPage
      onCreated={(skillSlug) =>
        void navigate({ to: "/t/$tenant/skills/$skillSlug", params: { tenant, skillSlug } })
      }
      onCancel={() => void navigate({ to: "/t/$tenant/skills", params: { tenant } })}
    />
  );
}

export function SkillRoute() {
  const { skillSlug } = one.useParams();
  return <SkillPage key={skillSlug} skillSlug={skillSlug} />;
}
