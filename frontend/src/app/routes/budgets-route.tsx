import { getRouteApi } from "@tanstack/react-router";
import { BudgetsPage } from "@/features/budgets/budgets-page";

const route = getRouteApi("/t/$tenant/budgets");

export function BudgetsRoute() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <BudgetsPage
      search={search}
      onSearch={(next) => void navigate({ search: next, replace: true })}
    />
  );
}
