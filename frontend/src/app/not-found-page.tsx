import { Link } from "@tanstack/react-router";
import { MapPinOff } from "lucide-react";
import { buttonClass } from "@/components/button";
import { EmptyState } from "@/components/states";

export function NotFoundPage() {
  return (
    <main className="grid min-h-[60dvh] flex-1 place-items-center">
      <title>Not found · MetaClaw</title>
      <EmptyState
        icon={MapPinOff}
        title="Nothing lives here"
        action={
          <Link to="/" className={buttonClass({ variant: "primary" })}>
            Go to the overview
          </Link>
        }
      >
        The page does not exist, or it belongs to a workspace that is not yours.
      </EmptyState>
    </main>
  );
}
