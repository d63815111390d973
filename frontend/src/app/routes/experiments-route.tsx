import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { ExperimentsPage } from "@/features/experiments/experiments-page";
import type { ExperimentSearch } from "@/features/experiments/search";

const page = getRouteApi("/t/$tenant/experiments");

export function ExperimentsRoute() {
  const { tenant } = page.useParams();
  const { tab = "canaries", canary, replay, ...filters } = page.useSearch();
  const navigate = useNavigate();
  const go = (search: ExperimentSearch) =>
    void navigate({ to: "/t/$tenant/experiments", params: { tenant }, search, replace: true });
  return (
    <ExperimentsPage
      tab={tab}
      onTab={(next) => go(next === "canaries" ? {} : { tab: next })}
      filters={filters}
      onFilters={(wanted) => go({ tab: "replays", ...wanted })}
      canaryId={canary}
      onCanary={(id) => go({ canary: id })}
      replayId={replay}
      onReplayClose={() => go({ tab: "replays", ...filters })}
    />
  );
}
