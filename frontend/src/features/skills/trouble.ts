import { t } from "@lingui/core/macro";
import type { SkillComposition } from "@/client/contract";

type Trouble = SkillComposition["references"][number]["trouble"];

/** Why nothing of a reference goes into a prompt. */
export function troubleText(trouble: Trouble): string {
  if (trouble === "missing") return t`there is no such skill`;
  if (trouble === "retired") return t`retired, left out until it is live again`;
  if (trouble === "not_for_all") return t`not for everybody who gets the skill, left out`;
  return "";
}
