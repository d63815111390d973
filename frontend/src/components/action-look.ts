/** How each action of the audit log reads, after the name of what it was done to. */
import { t } from "@lingui/core/macro";
import {
  Check,
  CircleDot,
  KeyRound,
  LogOut,
  type LucideIcon,
  Mail,
  Pencil,
  Plug,
  Plus,
  Rocket,
  RotateCcw,
  Settings,
  Sparkles,
  UserCog,
  UserMinus,
  UserPlus,
  X,
} from "lucide-react";
import { words } from "@/lib/format";

export type ActionLook = { text: string; Icon: LucideIcon; tone: string };

const GOOD = "text-ok";
const BAD = "text-bad";
const NEWS = "text-info";
const QUIET = "text-mute";

const ACTIONS: Record<string, ActionLook> = {
  "key.created": { text: t`key created`, Icon: KeyRound, tone: NEWS },
  "key.revoked": { text: t`key revoked`, Icon: X, tone: BAD },
  "member.joined": { text: t`joined`, Icon: UserPlus, tone: GOOD },
  "member.changed": { text: t`has another role`, Icon: UserCog, tone: NEWS },
  "member.removed": { text: t`removed from the workspace`, Icon: UserMinus, tone: BAD },
  "member.left": { text: t`left the workspace`, Icon: LogOut, tone: QUIET },
  "invitation.created": { text: t`invited`, Icon: Mail, tone: NEWS },
  "invitation.renewed": { text: t`invited again`, Icon: Mail, tone: NEWS },
  "invitation.revoked": { text: t`invitation revoked`, Icon: X, tone: BAD },
  "settings.changed": { text: t`Settings changed`, Icon: Settings, tone: NEWS },
  "upstream.created": { text: t`upstream added`, Icon: Plug, tone: NEWS },
  "upstream.changed": { text: t`upstream changed`, Icon: Plug, tone: NEWS },
  "upstream.deleted": { text: t`upstream deleted`, Icon: X, tone: BAD },
  "skill.published": { text: t`skill published`, Icon: Check, tone: GOOD },
  "skill.activated": { text: t`skill activated`, Icon: Check, tone: GOOD },
  "skill.retired": { text: t`skill retired`, Icon: X, tone: BAD },
  // The subject counts them already: "12 skills".
  "skills.imported": { text: t`imported`, Icon: Plus, tone: NEWS },
  "proposal.created": { text: t`proposed`, Icon: Sparkles, tone: NEWS },
  "proposal.edited": { text: t`proposal edited`, Icon: Pencil, tone: QUIET },
  "proposal.approved": { text: t`proposal approved`, Icon: Check, tone: GOOD },
  "canary.started": { text: t`on trial`, Icon: Sparkles, tone: NEWS },
  "canary.promoted": { text: t`is live for all after its trial`, Icon: Check, tone: GOOD },
  "canary.rolled_back": { text: t`rolled back by its trial`, Icon: X, tone: BAD },
  "skill.killed": { text: t`skill killed`, Icon: X, tone: BAD },
  "library.restored": { text: t`library taken back`, Icon: RotateCcw, tone: NEWS },
  "checkpoint.canary_started": { text: t`on trial`, Icon: Rocket, tone: NEWS },
  "checkpoint.promoted": { text: t`serves`, Icon: Rocket, tone: GOOD },
  "checkpoint.rolled_back": { text: t`rolled back`, Icon: RotateCcw, tone: BAD },
  "proposal.rejected": { text: t`proposal rejected`, Icon: X, tone: BAD },
};

/** A server newer than this page may know actions that it does not: they read as they are named. */
export function actionLook(action: string): ActionLook {
  const text = words(action.replaceAll(".", " "));
  return ACTIONS[action] ?? { text, Icon: CircleDot, tone: QUIET };
}
