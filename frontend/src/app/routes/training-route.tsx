import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { PolicyPage } from "@/features/training/policy-page";
import type { PolicySearch } from "@/features/training/search";

const one = getRouteApi("/t/$tenant/training/$policyId");

export function PolicyRoute() {
  const { tenant, policyId } = one.useParams();
  const search = one.useSearch();
  const navigate = useNavigate();
  const go = (next: PolicySearch) =>
    void navigate({
      to: "/t/$tenant/training/$policyId",
      params: { tenant, policyId },
      search: next,
      replace: true,
    });
  const { tab: _tab, ...rest } = search;
  const { rollout: _rollout, ...closed } = search;
  return (
    <PolicyPage
      key={policyId}
      policyId={policyId}
      search={search}
      onTab={(tab) => go(tab === "settings" ? { ...rest, tab } : rest)}
      onRollout={(id) => go(id ? { ...search, rollout: id } : closed)}
      onDeleted={() => void navigate({ to: "/t/$tenant/training", params: { tenant } })}
    />
  );
}
