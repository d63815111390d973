import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { ShieldCheck } from "lucide-react";
import type { SessionTenant } from "@/client/contract";
import { buttonClass } from "@/components/button";
import { EmptyState } from "@/components/states";
import { useSession } from "@/features/session/api/session";

/** In the place of a workspace that asks for more than a password. */
export function ShutPage({ tenant }: { tenant: SessionTenant }) {
  const { tenants, shut } = useSession();
  const others = tenants.filter(({ slug }) => !shut.includes(slug));
  return (
    <main className="grid min-h-dvh place-items-center">
      <title>{t`${tenant.name} · MetaClaw`}</title>
      <EmptyState
        icon={ShieldCheck}
        title={t`${tenant.name} asks for a second factor`}
        action={
          <>
            <Link
              to="/account"
              search={{ from: tenant.slug }}
              className={buttonClass({ variant: "primary" })}
            >
              <Trans>Set one up</Trans>
            </Link>
            {others.map(({ slug, name }) => (
              <Link
                key={slug}
                to="/t/$tenant/overview"
                params={{ tenant: slug }}
                className={buttonClass()}
              >
                <Trans>To {name}</Trans>
              </Link>
            ))}
          </>
        }
      >
        <Trans>
          Its admins want every member to sign in with more than a password: an authenticator app or
          a passkey. Both are on your account page, and take a minute.
        </Trans>
      </EmptyState>
    </main>
  );
}
