import { t } from "@lingui/core/macro";
import {
  Activity,
  BookOpen,
  Bot,
  CalendarClock,
  Dumbbell,
  FlaskConical,
  GitPullRequestArrow,
  GraduationCap,
  KeyRound,
  ListChecks,
  ListTodo,
  MessageSquareText,
  MessagesSquare,
  Plug,
  ScrollText,
  Settings,
  Users,
  Wallet,
} from "lucide-react";

/** The pages of a workspace, as the rail, the palette and the `g` jumps know them. */
export const NAVIGATION = [
  {
    group: t`Observe`,
    pages: [
      { name: t`Overview`, to: "/t/$tenant/overview", icon: Activity, jump: "o" },
      { name: t`Turns`, to: "/t/$tenant/turns", icon: MessagesSquare, jump: "t" },
      { name: t`Sessions`, to: "/t/$tenant/sessions", icon: MessageSquareText, jump: "e" },
    ],
  },
  {
    group: t`Improve`,
    pages: [
      { name: t`Review`, to: "/t/$tenant/review", icon: GitPullRequestArrow, jump: "r" },
      { name: t`Annotate`, to: "/t/$tenant/annotate", icon: ListChecks, jump: "n" },
      { name: t`Skills`, to: "/t/$tenant/skills", icon: BookOpen, jump: "s" },
      { name: t`Experiments`, to: "/t/$tenant/experiments", icon: FlaskConical, jump: "x" },
      { name: t`Learning`, to: "/t/$tenant/learning", icon: GraduationCap, jump: "l" },
    ],
  },
  {
    group: t`Train`,
    pages: [
      { name: t`Training`, to: "/t/$tenant/training", icon: Dumbbell, jump: "i" },
      { name: t`Windows`, to: "/t/$tenant/windows", icon: CalendarClock, jump: "w" },
    ],
  },
  {
    group: t`Operate`,
    pages: [
      { name: t`Keys`, to: "/t/$tenant/keys", icon: KeyRound, jump: "k" },
      { name: t`Upstreams`, to: "/t/$tenant/upstreams", icon: Plug, jump: "u" },
      { name: t`Agents`, to: "/t/$tenant/agents", icon: Bot, jump: "a" },
      { name: t`Budgets & usage`, to: "/t/$tenant/budgets", icon: Wallet, jump: "b" },
      { name: t`Members`, to: "/t/$tenant/members", icon: Users, jump: "m" },
      { name: t`Audit`, to: "/t/$tenant/audit", icon: ScrollText, jump: "d" },
      { name: t`Jobs`, to: "/t/$tenant/jobs", icon: ListTodo, jump: "j" },
      { name: t`Settings`, to: "/t/$tenant/settings", icon: Settings, jump: null },
    ],
  },
] as const;

export const PAGES = NAVIGATION.flatMap<(typeof NAVIGATION)[number]["pages"][number]>(
  ({ pages }) => [...pages],
);
