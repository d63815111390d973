import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { MessagesSquare, SearchX } from "lucide-react";
import { Button, buttonClass } from "@/components/button";
import { EmptyState } from "@/components/states";
import { useTenant } from "@/lib/tenant";
import type { TurnFilters } from "../filters";

export function NoTurns({ filters, onClear }: { filters: TurnFilters; onClear: () => void }) {
  const { slug } = useTenant();
  if (Object.keys(filters).length > 0) {
    return (
      <EmptyState
        icon={SearchX}
        title={t`No turn matches these filters`}
        action={
          <Button onClick={onClear}>
            <Trans>Clear filters</Trans>
          </Button>
        }
      />
    );
  }
  return (
    <EmptyState
      icon={MessagesSquare}
      title={t`No turns yet`}
      action={
        <Link
          to="/t/$tenant/connect"
          params={{ tenant: slug }}
          className={buttonClass({ variant: "primary" })}
        >
          <Trans>Connect an agent</Trans>
        </Link>
      }
    >
      <Trans>Point an agent at the gateway. Each request shows up here as it happens.</Trans>
    </EmptyState>
  );
}
