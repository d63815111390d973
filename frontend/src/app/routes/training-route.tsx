import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { PolicyPage } from "@/features/training/policy-page";

const one = getRouteApi("/t/$tenant/training/$policyId");

export function PolicyRoute() {
  const { tenant, policyId } = one.useParams();
  const { tab = "training", job } = one.useSearch();
  const navigate = useNavigate();
  return (
    <PolicyPage
      key={policyId}
      policyId={policyId}
      tab={tab}
      jobId={job}
      onTab={(next) =>
        void navigate({
          to: "/t/$tenant/training/$policyId",
          params: { tenant, policyId },
          search: { ...(next === "settings" && { tab: next }), ...(job && { job }) },
          replace: true,
        })
      }
      onDeleted={() => void navigate({ to: "/t/$tenant/training", params: { tenant } })}
    />
  );
}
