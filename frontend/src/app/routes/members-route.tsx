import { useRouter } from "@tanstack/react-router";
import { MembersPage } from "@/features/members/members-page";
import { sessionQuery } from "@/features/session/api/session";
import { useTenant } from "@/lib/tenant";

export function MembersRoute() {
  const router = useRouter();
  const { slug } = useTenant();

  /** To where the person still belongs. */
  function leave() {
    router.options.context.queryClient.setQueryData(
      sessionQuery().queryKey,
      (session) =>
        session && { ...session, tenants: session.tenants.filter((each) => each.slug !== slug) },
    );
    void router.navigate({ to: "/" });
  }
  return <MembersPage onLeft={leave} />;
}
