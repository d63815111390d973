import { t } from "@lingui/core/macro";
import type { Role } from "@/client/contract";

/** What each role is called. */
export const ROLE_NAMES: Record<Role, string> = {
  viewer: t`viewer`,
  member: t`member`,
  reviewer: t`reviewer`,
  admin: t`admin`,
  owner: t`owner`,
};
