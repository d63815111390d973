import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  type RouterHistory,
  redirect,
} from "@tanstack/react-router";
import { parseAccountSearch } from "@/features/account/search";
import { parseAuditFilters } from "@/features/audit/filters";
import { parseBudgetSearch } from "@/features/budgets/search";
import { parseExperimentSearch } from "@/features/experiments/search";
import { parseJobFilters } from "@/features/jobs/filters";
import { SIGNED_OUT, sessionQuery } from "@/features/session/api/session";
import { parseSignInSearch } from "@/features/session/search";
import { parseSessionFilters } from "@/features/sessions/filters";
import { parseSkillSearch } from "@/features/skills/filters";
import { parsePolicySearch } from "@/features/training/search";
import { parseTurnSearch } from "@/features/turns/filters";
import { parseConsent } from "@/features/windows/consent";
import { createQueryClient } from "@/lib/query-client";
import { CrashPage, LoadingPage } from "./crash-page";
import { NotFoundPage } from "./not-found-page";
import { Providers } from "./providers";
import { parseReviewSearch } from "./review-search";

type Context = { queryClient: QueryClient };

const root = createRootRouteWithContext<Context>()({
  component: Outlet,
  notFoundComponent: NotFoundPage,
  errorComponent: CrashPage,
});

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

const tenant = createRoute({
  getParentRoute: () => root,
  path: "/t/$tenant",
  beforeLoad: async ({ context, location }) => {
    await signedIn(context, location.href);
  },
  component: lazyRouteComponent(() => import("./shell"), "Shell"),
  notFoundComponent: NotFoundPage,
});

const tenantHome = createRoute({
  getParentRoute: () => tenant,
  path: "/",
  beforeLoad: ({ params }) => {
    throw redirect({ to: "/t/$tenant/overview", params });
  },
});

const overview = createRoute({
  getParentRoute: () => tenant,
  path: "/overview",
  component: lazyRouteComponent(() => import("./routes/overview-route"), "OverviewRoute"),
});

const connect = createRoute({
  getParentRoute: () => tenant,
  path: "/connect",
  component: lazyRouteComponent(() => import("./routes/overview-route"), "ConnectRoute"),
});

const turns = createRoute({
  getParentRoute: () => tenant,
  path: "/turns",
  validateSearch: parseTurnSearch,
  component: lazyRouteComponent(() => import("./routes/turns-route"), "TurnsRoute"),
});

const turn = createRoute({
  getParentRoute: () => tenant,
  path: "/turns/$turnId",
  component: lazyRouteComponent(() => import("./routes/turns-route"), "TurnRoute"),
});

const sessions = createRoute({
  getParentRoute: () => tenant,
  path: "/sessions",
  validateSearch: parseSessionFilters,
  component: lazyRouteComponent(() => import("./routes/sessions-route"), "SessionsRoute"),
});

const oneSession = createRoute({
  getParentRoute: () => tenant,
  path: "/sessions/$sessionId",
  component: lazyRouteComponent(() => import("./routes/sessions-route"), "SessionRoute"),
});

const review = createRoute({
  getParentRoute: () => tenant,
  path: "/review",
  validateSearch: parseReviewSearch,
  component: lazyRouteComponent(() => import("./routes/review-route"), "ReviewRoute"),
});

const proposal = createRoute({
  getParentRoute: () => review,
  path: "/$proposalId",
});

const experiments = createRoute({
  getParentRoute: () => tenant,
  path: "/experiments",
  validateSearch: parseExperimentSearch,
  component: lazyRouteComponent(() => import("./routes/experiments-route"), "ExperimentsRoute"),
});

const skills = createRoute({
  getParentRoute: () => tenant,
  path: "/skills",
  validateSearch: parseSkillSearch,
  component: lazyRouteComponent(() => import("./routes/skills-route"), "SkillsRoute"),
});

const newSkill = createRoute({
  getParentRoute: () => tenant,
  path: "/skills/new",
  component: lazyRouteComponent(() => import("./routes/skills-route"), "NewSkillRoute"),
});

const skill = createRoute({
  getParentRoute: () => tenant,
  path: "/skills/$skillSlug",
  component: lazyRouteComponent(() => import("./routes/skills-route"), "SkillRoute"),
});

const learning = createRoute({
  getParentRoute: () => tenant,
  path: "/learning",
  component: lazyRouteComponent(() => import("@/features/learning/learning-page"), "LearningPage"),
});

const windows = createRoute({
  getParentRoute: () => tenant,
  path: "/windows",
  component: lazyRouteComponent(() => import("@/features/windows/windows-page"), "WindowsPage"),
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

const annotate = createRoute({
  getParentRoute: () => tenant,
  path: "/annotate",
  component: lazyRouteComponent(() => import("@/features/annotate/annotate-page"), "AnnotatePage"),
});

const training = createRoute({
  getParentRoute: () => tenant,
  path: "/training",
  component: lazyRouteComponent(() => import("@/features/training/training-page"), "TrainingPage"),
});

const trainingPolicy = createRoute({
  getParentRoute: () => tenant,
  path: "/training/$policyId",
  validateSearch: parsePolicySearch,
  component: lazyRouteComponent(() => import("./routes/training-route"), "PolicyRoute"),
});

const keys = createRoute({
  getParentRoute: () => tenant,
  path: "/keys",
  component: lazyRouteComponent(() => import("@/features/keys/keys-page"), "KeysPage"),
});

const upstreams = createRoute({
  getParentRoute: () => tenant,
  path: "/upstreams",
  component: lazyRouteComponent(
    () => import("@/features/upstreams/upstreams-page"),
    "UpstreamsPage",
  ),
});

const agents = createRoute({
  getParentRoute: () => tenant,
  path: "/agents",
  component: lazyRouteComponent(() => import("@/features/agents/agents-page"), "AgentsPage"),
});

const budgets = createRoute({
  getParentRoute: () => tenant,
  path: "/budgets",
  validateSearch: parseBudgetSearch,
  component: lazyRouteComponent(() => import("./routes/budgets-route"), "BudgetsRoute"),
});

const jobs = createRoute({
  getParentRoute: () => tenant,
  path: "/jobs",
  validateSearch: parseJobFilters,
  component: lazyRouteComponent(() => import("./routes/jobs-route"), "JobsRoute"),
});

const members = createRoute({
  getParentRoute: () => tenant,
  path: "/members",
  component: lazyRouteComponent(() => import("./routes/members-route"), "MembersRoute"),
});

const audit = createRoute({
  getParentRoute: () => tenant,
  path: "/audit",
  validateSearch: parseAuditFilters,
  component: lazyRouteComponent(() => import("./routes/audit-route"), "AuditRoute"),
});

/** For whoever was invited: also for people without an account. */
const invitation = createRoute({
  getParentRoute: () => root,
  path: "/invitations/$token",
  beforeLoad: ({ context }) => context.queryClient.ensureQueryData(sessionQuery()).then(() => {}),
  component: lazyRouteComponent(() => import("./routes/invitation-route"), "InvitationRoute"),
});

const settings = createRoute({
  getParentRoute: () => tenant,
  path: "/settings",
  component: lazyRouteComponent(() => import("@/features/settings/settings-page"), "SettingsPage"),
});

const routeTree = root.addChildren([
  signIn,
  account,
  home,
  googleCalendar,
  invitation,
  tenant.addChildren([
    tenantHome,
    overview,
    connect,
    turns,
    turn,
    sessions,
    oneSession,
    review.addChildren([proposal]),
    newSkill,
    skills,
    skill,
    experiments,
    learning,
    windows,
    annotate,
    training,
    trainingPolicy,
    keys,
    upstreams,
    agents,
    budgets,
    members,
    audit,
    jobs,
    settings,
  ]),
]);

/** The whole console; a test passes a history of its own. */
export function createConsole(history?: RouterHistory) {
  const queryClient = createQueryClient(() => {
    queryClient.setQueryData(sessionQuery().queryKey, SIGNED_OUT);
    // The guards of the routes run again and lead to the sign-in page.
    void router.invalidate();
  });
  const router = createRouter({
    routeTree,
    context: { queryClient },
    defaultPreload: "intent",
    defaultPendingComponent: LoadingPage,
    defaultErrorComponent: CrashPage,
    scrollRestoration: false,
    // What a route does not know or refuses is dropped, not passed on to its page.
    search: { strict: true },
    ...(history && { history }),
    Wrap: ({ children }) => (
      <QueryClientProvider client={queryClient}>
        <I18nProvider i18n={i18n}>
          <Providers>{children}</Providers>
        </I18nProvider>
      </QueryClientProvider>
    ),
  });
  return router;
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createConsole>;
  }
}

async function signedIn({ queryClient }: Context, next: string) {
  const session = await queryClient.ensureQueryData(sessionQuery());
  if (!session.user) throw redirect({ to: "/sign-in", search: { next } });
  return session;
}
