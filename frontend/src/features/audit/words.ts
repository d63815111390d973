import { t } from "@lingui/core/macro";
import type { AuditBreak, AuditEvent } from "@/client/contract";

/** What can be looked for: the first word of an action names what it was done to. */
export const SUBJECTS: [string, string][] = [
  ["member", t`Members`],
  ["invitation", t`Invitations`],
  ["access", t`Access of the owner`],
  ["key", t`Keys`],
  ["agent", t`Agents`],
  ["settings", t`Settings`],
  ["workspace", t`The workspace itself`],
  ["upstream", t`Upstreams`],
  ["route", t`Routes`],
  ["limit", t`Budgets and limits`],
  ["price", t`Prices`],
  ["skill", t`Skills`],
  ["skills", t`Imports of skills`],
  ["library", t`The library`],
  ["pack", t`Skill packs`],
  ["proposal", t`Proposals`],
  ["review_policy", t`Rules of review`],
  ["replay", t`Replays`],
  ["canary", t`Canaries`],
  ["learning", t`Learning`],
  ["annotation", t`Annotation`],
  ["training_policy", t`Policies`],
  ["training_job", t`Training jobs`],
  ["training_budget", t`Training budget`],
  ["checkpoint", t`Checkpoints`],
  ["rollout", t`Rollouts`],
  ["task_set", t`Task sets`],
  ["windows", t`Windows`],
  ["calendar", t`Calendars`],
  ["export", t`Exports`],
  ["job", t`Background jobs`],
];

export const ACTOR_KINDS: Record<string, string> = {
  user: t`a person`,
  key: t`a key`,
  system: t`the product itself`,
};

export const kindOf = (event: AuditEvent) => ACTOR_KINDS[event.actor_kind] ?? event.actor_kind;

export const FAULTS: Record<AuditBreak["fault"], string> = {
  changed: t`is not what was written`,
  missing: t`is missing`,
  inserted: t`was not written by MetaClaw`,
};
