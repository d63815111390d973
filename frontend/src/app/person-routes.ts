import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { parseAccountSearch } from "@/features/account/search";
import { sessionQuery } from "@/features/session/api/session";
import { parseSignInSearch } from "@/features/session/search";
import { parseConsent } from "@/features/windows/consent";
import { root, signedIn } from "./root-route";

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: parseSignInSearch,
  beforeLoad: async ({ context, search }) => {
    const { user } = await context.queryClient.ensureQueryData(sessionQuery());
    if (user) throw redirect({ href: search.next ?? "/" });
  },
  component: lazyRouteComponent(() => import("./routes/sign-in-route"), "SignInRoute"),
});

/** A person's own; they may belong to several workspaces, or to none. */
const account = createRoute({
  getParentRoute: () => root,
  path: "/account",
  validateSearch: parseAccountSearch,
  beforeLoad: async ({ context, location }) => {
    await signedIn(context, location.href);
  },
  component: lazyRouteComponent(() => import("./routes/account-route"), "AccountRoute"),
});

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: async ({ context, location }) => {
    const session = await signedIn(context, location.href);
    const first = session.tenants[0];
    if (first) throw redirect({ to: "/t/$tenant/overview", params: { tenant: first.slug } });
  },
  component: lazyRouteComponent(() => import("./routes/no-workspace-route"), "NoWorkspaceRoute"),
});

/** Where Google sends people back to; the workspace is in what it brings along. */
const googleCalendar = createRoute({
  getParentRoute: () => root,
  path: "/calendars/google",
  validateSearch: parseConsent,
  beforeLoad: async ({ context, location }) => {
    await signedIn(context, location.href);
  },
  component: lazyRouteComponent(
    () => import("./routes/google-calendar-route"),
    "GoogleCalendarRoute",
  ),
});

/** For whoever was invited: also for people without an account. */
const invitation = createRoute({
  getParentRoute: () => root,
  path: "/invitations/$token",
  beforeLoad: ({ context }) => context.queryClient.ensureQueryData(sessionQuery()).then(() => {}),
  component: lazyRouteComponent(() => import("./routes/invitation-route"), "InvitationRoute"),
});

/** Pages of a person, outside of any workspace. */
export const personRoutes = [signIn, account, home, googleCalendar, invitation] as const;
