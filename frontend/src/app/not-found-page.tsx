import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { MapPinOff } from "lucide-react";
import { buttonClass } from "@/components/button";
import { EmptyState } from "@/components/states";

export function NotFoundPage() {
  return (
    <main className="grid min-h-[60dvh] flex-1 place-items-center">
      <title>{t`Not found · MetaClaw`}</title>
      <EmptyState
        icon={MapPinOff}
        title={t`Nothing lives here`}
        action={
          <Link to="/" className={buttonClass({ variant: "primary" })}>
            <Trans>Go to the overview</Trans>
          </Link>
        }
      >
        <Trans>The page does not exist, or it belongs to a workspace that is not yours.</Trans>
      </EmptyState>
    </main>
  );
}
