import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { TurnPage } from "@/features/turns/turn-page";
import { TurnsPage } from "@/features/turns/turns-page";

const list = getRouteApi("/t/$tenant/turns");
const one = getRouteApi("/t/$tenant/turns/$turnId");

export function TurnsRoute() {
  const { tenant } = list.useParams();
  const search = list.useSearch();
  const navigate = useNavigate();
  return (
    <TurnsPage
      search={search}
      onSearch={(next) =>
        void navigate({
          to: "/t/$tenant/turns",
          params: { tenant },
          search: next,
          replace: true,
        })
      }
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
