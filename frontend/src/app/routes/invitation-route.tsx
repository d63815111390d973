import { getRouteApi, useRouter } from "@tanstack/react-router";
import { InvitationPage } from "@/features/invitations/invitation-page";
import { useSession, useSignOut } from "@/features/session/api/session";

const route = getRouteApi("/invitations/$token");

export function InvitationRoute() {
  const router = useRouter();
  const { token } = route.useParams();
  const { user } = useSession();
  // The same page then asks again, for nobody.
  const signOut = useSignOut(() => router.invalidate());
  const here = `/invitations/${token}`;
  return (
    <InvitationPage
      token={token}
      user={user}
      onJoined={(tenant) => void router.navigate({ to: "/t/$tenant/overview", params: { tenant } })}
      onSignIn={() => void router.navigate({ to: "/sign-in", search: { next: here } })}
      onSignOut={() => signOut.mutate()}
    />
  );
}
