import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { SessionPage } from "@/features/sessions/session-page";
import { SessionsPage } from "@/features/sessions/sessions-page";

const list = getRouteApi("/t/$tenant/sessions");
const one = getRouteApi("/t/$tenant/sessions/$sessionId");

export function SessionsRoute() {
  const { tenant } = list.useParams();
  const navigate = useNavigate();
  return (
    <SessionsPage
      filters={list.useSearch()}
      onFilter={(search) =>
        void navigate({ to: "/t/$tenant/sessions", params: { tenant }, search, replace: true })
      }
    />
  );
}

export function SessionRoute() {
  const { sessionId } = one.useParams();
  return <SessionPage key={sessionId} id={sessionId} />;
}
