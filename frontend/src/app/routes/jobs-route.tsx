import { getRouteApi } from "@tanstack/react-router";
import { JobsPage } from "@/features/jobs/jobs-page";

const route = getRouteApi("/t/$tenant/jobs");

export function JobsRoute() {
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <JobsPage
      filters={filters}
      onFilters={(next) => void navigate({ search: next, replace: true })}
    />
  );
}
