import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { NewSkillPage } from "@/features/skills/new-skill-page";
import { SkillPage } from "@/features/skills/skill-page";
import { SkillsPage } from "@/features/skills/skills-page";

const list = getRouteApi("/t/$tenant/skills");
const create = getRouteApi("/t/$tenant/skills/new");
const one = getRouteApi("/t/$tenant/skills/$skillSlug");

export function SkillsRoute() {
  const { tenant } = list.useParams();
  const filters = list.useSearch();
  const navigate = useNavigate();
  return (
    <SkillsPage
      filters={filters}
      onFilters={(search) =>
        void navigate({ to: "/t/$tenant/skills", params: { tenant }, search, replace: true })
      }
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
