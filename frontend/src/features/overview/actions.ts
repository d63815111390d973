/** How each action of the audit log reads, after the name of what it was done to. */
import {
  Check,
  CircleDot,
  KeyRound,
  type LucideIcon,
  Pencil,
  Plug,
  Plus,
  Settings,
  Sparkles,
  X,
} from "lucide-react";
import { words } from "@/lib/format";

export type ActionLook = { text: string; Icon: LucideIcon; tone: string };

const GOOD = "text-ok";
const BAD = "text-bad";
const NEWS = "text-info";
const QUIET = "text-mute";

const ACTIONS: Record<string, ActionLook> = {
  "key.created": { text: "key created", Icon: KeyRound, tone: NEWS },
  "key.revoked": { text: "key revoked", Icon: X, tone: BAD },
  "settings.changed": { text: "Settings changed", Icon: Settings, tone: NEWS },
  "upstream.created": { text: "upstream added", Icon: Plug, tone: NEWS },
  "upstream.changed": { text: "upstream changed", Icon: Plug, tone: NEWS },
  "upstream.deleted": { text: "upstream deleted", Icon: X, tone: BAD },
  "skill.published": { text: "skill published", Icon: Check, tone: GOOD },
  "skill.activated": { text: "skill activated", Icon: Check, tone: GOOD },
  "skill.retired": { text: "skill retired", Icon: X, tone: BAD },
  // The subject counts them already: "12 skills".
  "skills.imported": { text: "imported", Icon: Plus, tone: NEWS },
  "proposal.created": { text: "proposed", Icon: Sparkles, tone: NEWS },
  "proposal.edited": { text: "proposal edited", Icon: Pencil, tone: QUIET },
  "proposal.approved": { text: "proposal approved", Icon: Check, tone: GOOD },
  "proposal.rejected": { text: "proposal rejected", Icon: X, tone: BAD },
};

/** A server newer than this page may know actions that it does not: they read as they are named. */
export function actionLook(action: string): ActionLook {
  const text = words(action.replaceAll(".", " "));
  return ACTIONS[action] ?? { text, Icon: CircleDot, tone: QUIET };
}
