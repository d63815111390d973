import { getRouteApi } from "@tanstack/react-router";
import { AuditPage } from "@/features/audit/audit-page";

const route = getRouteApi("/t/$tenant/audit");

export function AuditRoute() {
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <AuditPage
      filters={filters}
      onFilters={(next) => void navigate({ search: next, replace: true })}
    />
  );
}
