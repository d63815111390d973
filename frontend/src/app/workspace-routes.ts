import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { parseAuditFilters } from "@/features/audit/filters";
import { parseBudgetSearch } from "@/features/budgets/search";
import { parseExperimentSearch } from "@/features/experiments/search";
import { parseJobFilters } from "@/features/jobs/filters";
import { parseLearningSearch } from "@/features/learning/search";
import { parseSessionFilters } from "@/features/sessions/filters";
import { parseSkillSearch } from "@/features/skills/filters";
import { parsePolicySearch } from "@/features/training/search";
import { parseTurnSearch } from "@/features/turns/filters";
import { NotFoundPage } from "./not-found-page";
import { parseReviewSearch } from "./review-search";
import { root, signedIn } from "./root-route";

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
  validateSearch: parseLearningSearch,
  component: lazyRouteComponent(() => import("./routes/learning-route"), "LearningRoute"),
});

const windows = createRoute({
  getParentRoute: () => tenant,
  path: "/windows",
  component: lazyRouteComponent(() => import("@/features/windows/windows-page"), "WindowsPage"),
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

const settings = createRoute({
  getParentRoute: () => tenant,
  path: "/settings",
  component: lazyRouteComponent(() => import("@/features/settings/settings-page"), "SettingsPage"),
});

/** A workspace: its shell, and its pages inside of that. */
export const workspaceRoutes = tenant.addChildren([
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
]);
