import { plural, t } from "@lingui/core/macro";
import type { Proposal } from "@/client/contract";
import { formatCount, formatFigure } from "./format";
import { guardName, roleName } from "./said-names";
import { many, moment, percent, type Say, signed, type Values } from "./said-values";

const DECIDED: Partial<Record<Proposal["status"], string>> = {
  approved: t`This proposal was approved already.`,
  rejected: t`This proposal was rejected already.`,
  quarantined: t`This proposal was quarantined already.`,
};

const decided = (status: unknown) =>
  DECIDED[status as Proposal["status"]] ?? t`This proposal was decided already.`;

const moved = ({ difference, low, high }: Values) =>
  t`Success moved by ${signed(difference)} (from ${signed(low)} to ${signed(high)})`;

/** Proposals, their approval, canaries, replays and what the ledger proposes. */
export const REVIEW_WORDS: Record<string, Say> = {
  proposal_decided: ({ status }) => decided(status),
  proposal_not_held: ({ status }) => decided(status),
  proposal_another: ({ slug }) => t`Another proposal for ${slug} waits: decide that first.`,
  proposal_name: ({ slug }) => t`A proposal keeps its name, which is ${slug}.`,
  proposal_changed: () => t`The text changed since you read it. Read it again, then decide.`,
  proposal_stale: () =>
    t`The skill itself changed since this was proposed. Edit the proposal or reject it.`,
  proposal_merge_stale: ({ slugs }) =>
    t`Skills to be merged changed since this was proposed: ${slugs}. Reject it.`,
  proposal_no_text: () => t`A retirement has no text to edit: approve it or reject it.`,
  proposal_read: ({ who }) => t`${who} reads this proposal right now.`,
  proposal_role: (said) =>
    t`Your role (${roleName(said.role)}) may read proposals but not decide them.`,
  approve_role: (said) =>
    t`Approving takes the role ${roleName(said.needed)} here; yours is ${roleName(said.role)}.`,
  approve_own: () => t`You wrote this text: somebody else has to approve it.`,
  approve_edited: () => t`This text was edited here: a member has to approve it, not a key.`,
  approve_quorum: ({ quorum }) => t`${quorum} members have to approve here; a key is none.`,
  approve_proof: ({ minutes }) =>
    t`Show again that it is you: approving takes a password, code or passkey, or a sign-in, from the last ${minutes} minutes.`,
  decided_by: ({ who }) => t`Decided by ${who}.`,
  killed_by: ({ who }) => t`Killed by ${who}.`,
  stopped_by: ({ who }) => t`Stopped by ${who}.`,
  canary_superseded: () => t`The skill itself was changed meanwhile.`,
  canary_guard: ({ name, treated, control }) =>
    t`${guardName(name)}: ${formatFigure(Number(treated))} with it, ${formatFigure(Number(control))} without it.`,
  canary_moved: (said) =>
    t`${moved(said)} over ${plural(many(said.pairs), { one: "# pair of sessions", other: "# pairs of sessions" })}.`,
  trial_chance: (said) =>
    t`${moved(said)} over ${plural(many(said.pairs), { one: "# pair of sessions", other: "# pairs of sessions" })}, which may be chance.`,
  trial_better: (said) =>
    t`${moved(said)} over ${plural(many(said.pairs), { one: "# pair of sessions", other: "# pairs of sessions" })}: it does better.`,
  trial_worse: (said) =>
    t`${moved(said)} over ${plural(many(said.pairs), { one: "# pair of sessions", other: "# pairs of sessions" })}: it does worse.`,
  replay_over_budget: () => t`The budget was used up; the turns that were done count.`,
  replay_text_changed: () => t`The proposal’s text changed: start another replay for it.`,
  replay_given_up: () =>
    t`Its job was given up: see Jobs for the reason. What was tried is kept; start another replay.`,
  replay_no_text: () => t`A retirement has no text to try.`,
  replay_no_turn: () => t`No recorded turn is left to try this on.`,
  replay_running: () => t`A replay of it is running.`,
  replay_not_kept: () => t`The turn, or a part of its request, is not kept any more.`,
  replay_skill_gone: () => t`A skill that the turn had is not there any more.`,
  replay_kept_there: () => t`What was said before is kept by the provider, not in the request.`,
  replay_no_provider: () => t`No provider of this workspace speaks the API of the turn any more.`,
  skill_succeeds_little: ({ passed, known, version, most, least }) =>
    t`${passed} of ${known} judged turns that carried version ${version} went well: at most ${percent(most)} % (95 % confidence), and ${least} % is asked for.`,
  skill_lifts_little: ({ version, difference, low, high, pairs, uses, least }) =>
    t`Version ${version} moved success by ${signed(difference)} (from ${signed(low)} to ${signed(high)}, ${pairs} pairs), and was carried by ${formatCount(many(uses))} turns: more than ${signed(least)} is asked for.`,
  skill_never_used: ({ version, days }) =>
    t`Version ${version} was never used, and ${days} days are the limit.`,
  skill_unused: ({ version, used_at, days }) =>
    t`Version ${version} was last used on ${moment(used_at)}, and ${days} days are the limit.`,
  skill_less_often: () => t`It goes into every request; let it go into those that it fits.`,
};
