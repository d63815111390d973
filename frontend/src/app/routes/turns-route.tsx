import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { SavedFiltersButton } from "@/features/saved-filters/components/saved-filters-button";
import { parseTurnSearch, savedOf, type TurnSearch } from "@/features/turns/filters";
import { TurnPage } from "@/features/turns/turn-page";
import { TurnsPage } from "@/features/turns/turns-page";

const list = getRouteApi("/t/$tenant/turns");
const one = getRouteApi("/t/$tenant/turns/$turnId");

export function TurnsRoute() {
  const { tenant } = list.useParams();
  const search = list.useSearch();
  const navigate = useNavigate();
  const go = (next: TurnSearch) =>
    void navigate({ to: "/t/$tenant/turns", params: { tenant }, search: next, replace: true });
  return (
    <TurnsPage
      search={search}
      saved={
        <SavedFiltersButton
          page="turns"
          filters={savedOf(search)}
          onApply={(kept) => go(parseTurnSearch(kept))}
        />
      }
      onSearch={go}
      onOpen={(turnId) =>
        void navigate({ to: "/t/$tenant/turns/$turnId", params: { tenant, turnId } })
      }
    />
  );
}

export function TurnRoute() {
  const { turnId } = one.useParams();
  return <TurnPage key={turnId} id={turnId} />;
}
