import { getRouteApi } from "@tanstack/react-router";
import { LearningPage } from "@/features/learning/learning-page";

const route = getRouteApi("/t/$tenant/learning");

export function LearningRoute() {
  const navigate = route.useNavigate();
  return (
    <LearningPage
      search={route.useSearch()}
      onClose={() => void navigate({ search: {}, replace: true })}
    />
  );
}
