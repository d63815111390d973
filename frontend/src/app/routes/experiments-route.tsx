import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { ExperimentsPage } from "@/features/experiments/experiments-page";

const page = getRouteApi("/t/$tenant/experiments");

export function ExperimentsRoute() {
  const { tenant } = page.useParams();
  const { tab = "canaries" } = page.useSearch();
  const navigate = useNavigate();
  return (
    <ExperimentsPage
      tab={tab}
      onTab={(next) =>
        void navigate({
          to: "/t/$tenant/experiments",
          params: { tenant },
          search: next === "canaries" ? {} : { tab: next },
          replace: true,
        })
      }
    />
  );
}
