import { t } from "@lingui/core/macro";
import type { Role } from "@/client/contract";
import { ROLE_NAMES } from "./role-names";

export const CHECKS: Record<string, string> = {
  empty: t`Empty answers`,
  refusals: t`Refusals`,
  cut: t`Cut off at the limit`,
  repetition: t`Repeats itself`,
  length: t`Tokens an answer`,
  collapse: t`Entropy a token, at least`,
  scatter: t`Entropy a token, at most`,
};

/** What a gate looks at beside rewards. */
export const gateCheckName = (code: string, title: string) => CHECKS[code] ?? title;

const GUARDS: Record<string, string> = {
  "Failed or refused requests": t`Failed or refused requests`,
  "Tokens a turn": t`Tokens a turn`,
  "Milliseconds a turn": t`Milliseconds a turn`,
};

/** What a trial looks at beside success; by the name that the server gives it. */
export const guardName = (name: unknown) => GUARDS[String(name)] ?? String(name);

export const roleName = (name: unknown) => ROLE_NAMES[name as Role] ?? String(name);
