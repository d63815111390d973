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
        title="No turn matches these filters"
        action={<Button onClick={onClear}>Clear filters</Button>}
      />
    );
  }
  return (
    <EmptyState
      icon={MessagesSquare}
      title="No turns yet"
      action={
        <Link
          to="/t/$tenant/connect"
          params={{ tenant: slug }}
          className={buttonClass({ variant: "primary" })}
        >
          Connect an agent
        </Link>
      }
    >
      Point an agent at the gateway. Each request shows up here as it happens.
    </EmptyState>
  );
}
