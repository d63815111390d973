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
  MessageSquareText,
  MessagesSquare,
  Plug,
  Settings,
  Wallet,
} from "lucide-react";

/** The pages of a workspace, as the rail, the palette and the `g` jumps know them. */
export const NAVIGATION = [
  {
    group: "Observe",
    pages: [
      { name: "Overview", to: "/t/$tenant/overview", icon: Activity, jump: "o" },
      { name: "Turns", to: "/t/$tenant/turns", icon: MessagesSquare, jump: "t" },
      { name: "Sessions", to: "/t/$tenant/sessions", icon: MessageSquareText, jump: "e" },
    ],
  },
  {
    group: "Improve",
    pages: [
      { name: "Review", to: "/t/$tenant/review", icon: GitPullRequestArrow, jump: "r" },
      { name: "Annotate", to: "/t/$tenant/annotate", icon: ListChecks, jump: "n" },
      { name: "Skills", to: "/t/$tenant/skills", icon: BookOpen, jump: "s" },
      { name: "Experiments", to: "/t/$tenant/experiments", icon: FlaskConical, jump: "x" },
      { name: "Learning", to: "/t/$tenant/learning", icon: GraduationCap, jump: "l" },
    ],
  },
  {
    group: "Train",
    pages: [
      { name: "Training", to: "/t/$tenant/training", icon: Dumbbell, jump: "i" },
      { name: "Windows", to: "/t/$tenant/windows", icon: CalendarClock, jump: "w" },
    ],
  },
  {
    group: "Operate",
    pages: [
      { name: "Keys", to: "/t/$tenant/keys", icon: KeyRound, jump: "k" },
      { name: "Upstreams", to: "/t/$tenant/upstreams", icon: Plug, jump: "u" },
      { name: "Agents", to: "/t/$tenant/agents", icon: Bot, jump: "a" },
      { name: "Budgets & usage", to: "/t/$tenant/budgets", icon: Wallet, jump: "b" },
      { name: "Settings", to: "/t/$tenant/settings", icon: Settings, jump: null },
    ],
  },
] as const;

export const PAGES = NAVIGATION.flatMap<(typeof NAVIGATION)[number]["pages"][number]>(
  ({ pages }) => [...pages],
);
