import { useRouter } from "@tanstack/react-router";
import { Building2 } from "lucide-react";
import { Button } from "@/components/button";
import { EmptyState } from "@/components/states";
import { useSession, useSignOut } from "@/features/session/api/session";

export function NoWorkspaceRoute() {
  const router = useRouter();
  const { user } = useSession();
  const signOut = useSignOut(() => router.navigate({ to: "/sign-in" }));
  return (
    <main className="grid min-h-dvh place-items-center">
      <title>MetaClaw</title>
      <EmptyState
        icon={Building2}
        title="You belong to no workspace yet"
        action={<Button onClick={() => signOut.mutate()}>Sign out</Button>}
      >
        Ask an owner to invite {user?.email}.
      </EmptyState>
    </main>
  );
}
