import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { SavedFiltersButton } from "@/features/saved-filters/components/saved-filters-button";
import { parseSessionFilters, type SessionFilters } from "@/features/sessions/filters";
import { SessionPage } from "@/features/sessions/session-page";
import { SessionsPage } from "@/features/sessions/sessions-page";

const list = getRouteApi("/t/$tenant/sessions");
const one = getRouteApi("/t/$tenant/sessions/$sessionId");

export function SessionsRoute() {
  const { tenant } = list.useParams();
  const filters = list.useSearch();
  const navigate = useNavigate();
  const go = (search: SessionFilters) =>
    void navigate({ to: "/t/$tenant/sessions", params: { tenant }, search, replace: true });
  return (
    <SessionsPage
      filters={filters}
      saved={
        <SavedFiltersButton
          page="sessions"
          filters={filters}
          onApply={(kept) => go(parseSessionFilters(kept))}
        />
      }
      onFilter={go}
    />
  );
}

export function SessionRoute() {
  const { sessionId } = one.useParams();
  return <SessionPage key={sessionId} id={sessionId} />;
}
