import { Trans } from "@lingui/react/macro";
import { getRouteApi, Link } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import { buttonClass } from "@/components/button";
import { AccountPage } from "@/features/account/account-page";
import { useSession } from "@/features/session/api/session";

const route = getRouteApi("/account");

export function AccountRoute() {
  const { from, error } = route.useSearch();
  const { tenants } = useSession();
  const workspace = tenants.find(({ slug }) => slug === from) ?? tenants[0];
  return (
    <AccountPage
      from={workspace?.slug}
      companyError={error}
      back={
        workspace && (
          <Link
            to="/t/$tenant/overview"
            params={{ tenant: workspace.slug }}
            className={buttonClass({ variant: "ghost" })}
          >
            <ArrowLeft aria-hidden />
            <Trans>Back to {workspace.name}</Trans>
          </Link>
        )
      }
    />
  );
}
