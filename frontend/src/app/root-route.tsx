import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, Outlet, redirect } from "@tanstack/react-router";
import { sessionQuery } from "@/features/session/api/session";
import { CrashPage } from "./crash-page";
import { NotFoundPage } from "./not-found-page";

type Context = { queryClient: QueryClient };

export const root = createRootRouteWithContext<Context>()({
  component: Outlet,
  notFoundComponent: NotFoundPage,
  errorComponent: CrashPage,
});

/** The session of somebody who is signed in; others sign in first, and come back. */
export async function signedIn({ queryClient }: Context, next: string) {
  const session = await queryClient.ensureQueryData(sessionQuery());
  if (!session.user) throw redirect({ to: "/sign-in", search: { next } });
  return session;
}
