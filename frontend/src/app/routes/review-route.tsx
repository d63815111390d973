import { getRouteApi, useNavigate, useParams } from "@tanstack/react-router";
import { ReviewPage } from "@/features/review/review-page";

const route = getRouteApi("/t/$tenant/review");

/** `/review` and `/review/<id>` are one page: moving in the queue must not draw it anew. */
export function ReviewRoute() {
  const { tenant } = route.useParams();
  const { proposalId } = useParams({ strict: false });
  const { status = "pending" } = route.useSearch();
  const navigate = useNavigate();
  const search = status === "pending" ? {} : { status };
  return (
    <ReviewPage
      proposalId={proposalId}
      status={status}
      onStatus={(next) =>
        void navigate({
          to: "/t/$tenant/review",
          params: { tenant },
          search: next === "pending" ? {} : { status: next },
        })
      }
      onSelect={(id) =>
        void (id
          ? navigate({
              to: "/t/$tenant/review/$proposalId",
              params: { tenant, proposalId: id },
              search,
            })
          : navigate({ to: "/t/$tenant/review", params: { tenant }, search }))
      }
    />
  );
}
