import { t } from "@lingui/core/macro";
import { formatCount, formatFigure } from "./format";
import { CHECKS } from "./said-names";
import { comes, many, moment, percent, type Say, signed, type Values } from "./said-values";

const broken =
  (code: string): Say =>
  ({ candidate, baseline }) =>
    t`${CHECKS[code] ?? code}: ${formatFigure(Number(candidate))}, before it was ${formatFigure(Number(baseline))}.`;

const until = (said: Values) => comes(said.until, said.zone);

const WINDOWS: Record<string, Say> = {
  window_no_rules: () =>
    t`No windows are set up: training starts by hand only. Enter sleep hours, or train after a silence.`,
  window_open: (said) => t`A window is open until ${until(said)}.`,
  window_next: (said) => t`Next window: ${until(said)}.`,
  window_none_due: () => t`No further window is expected in the next seven days.`,
  window_due: () => t`A window is due and opens within half a minute.`,
  window_outside: () => t`These are no hours to train in.`,
  window_not_idle: (said) =>
    said.until
      ? t`The silence is not long enough: it is at ${until(said)}.`
      : t`The silence is not long enough.`,
  window_too_short: () =>
    t`What the calendars leave of this window is shorter than its minimum length.`,
  window_used_up: () => t`This window has had its maximum length.`,
  window_traffic: (said) =>
    said.until
      ? t`Somebody asked something just now; training waits until ${until(said)}.`
      : t`Somebody asked something just now; training waits.`,
  window_presence: (said) =>
    said.until
      ? t`Somebody is at their keyboard; training waits until ${until(said)}.`
      : t`Somebody is at their keyboard; training waits.`,
  window_busy: (said) =>
    said.until
      ? t`The calendar ${said.label} says busy until ${until(said)}.`
      : t`The calendar ${said.label} says busy.`,
  window_unknown: ({ label }) =>
    t`The calendar ${label} has not answered for a day and counts as busy. Check its connection, or have unknown calendars count as free.`,
  window_black_out: ({ label }) =>
    label ? t`Today nothing trains (${label}).` : t`Today nothing trains.`,
};

const CHECKPOINTS: Record<string, Say> = {
  checkpoint_untried: () => t`It was not tried yet: start its gate, or pass it by hand.`,
  checkpoint_rejected: () => t`Its gate rejected it: pass it by hand if you know better.`,
  checkpoint_gone: () => t`The provider does not have it any more.`,
  checkpoint_is: () => t`It is not in a state for this.`,
  checkpoint_not_tried_so: () => t`A checkpoint in this state is not tried.`,
  checkpoint_needs_no_passing: () => t`A checkpoint in this state needs no passing by hand.`,
  checkpoint_tried_already: () => t`This checkpoint is being tried already.`,
  checkpoint_on_trial: ({ share, since }) =>
    t`Serves ${percent(share)} % of the sessions since ${moment(since)}.`,
  checkpoint_other_on_trial: ({ step }) => t`Step ${step} is on trial right now: end that first.`,
  checkpoint_none_serves: () => t`No checkpoint of this policy serves.`,
  checkpoint_rolled_back: ({ who }) => t`Rolled back by ${who}.`,
  checkpoint_serves: () => t`It serves: roll back, or promote another one first.`,
  checkpoint_roll_back: () => t`It serves: roll back first.`,
  checkpoint_retired: ({ who }) => t`Retired by ${who}.`,
  checkpoint_promoted: ({ step }) => t`Step ${step} was promoted.`,
  checkpoint_replaced: ({ step }) => t`Step ${step} serves in its place.`,
  checkpoint_serves_as: ({ model, since }) => t`Serves as ${model} since ${moment(since)}.`,
  checkpoint_serves_again: ({ model, step }) =>
    t`Serves again as ${model}: step ${step} was taken back.`,
  checkpoint_trained_on: () => t`A job trains on from it: wait for that, or cancel it.`,
  checkpoint_deleted: ({ who }) => t`Deleted by ${who}.`,
  checkpoint_expired: () => t`Its time at the provider is over.`,
  checkpoint_lost: () => t`The provider lost it.`,
  checkpoint_go_on: () => t`Train on from an earlier one; what served before serves.`,
  checkpoint_kept: ({ done, planned }) =>
    t`Kept from a cancelled job, after ${done} of ${planned} steps.`,
  checkpoint_made_up: () => t`Made up for the demo: no trainer has it.`,
  promoted_by: ({ who }) => t`Promoted by ${who}.`,
  promoted_by_itself: () => t`Promoted by itself.`,
  canary_alone: () => t`What it was compared with is gone.`,
  trial_rolled_back: () => t`Rolled back by itself.`,
  trial_serves_nobody: () => t`It serves nobody now; promote it by hand if you want it.`,
  trial_fails_more: () => t`It fails or refuses more requests than what it is compared with.`,
  gate_or_by_hand: () => t`Or pass it by hand, which is recorded with your name.`,
  gate_given_up: () => t`The worker gave up on it; its job says why. Start the gate again.`,
  gate_in_shadow: () => t`Now tried in the shadow of what serves.`,
  gate_by_hand: ({ who, why }) => t`Passed by hand by ${who}: ${why}`,
  gate_not_tried: () => t`Not tried:`,
  gate_few_tasks: ({ count, needed }) =>
    t`There are ${count} tasks that are held out that it did not learn from, ${needed} are needed: record or add more.`,
  gate_few_prompts: ({ count, needed }) =>
    t`There are ${count} recorded prompts that it did not learn from, ${needed} are needed: record or add more.`,
  gate_no_judge: () =>
    t`No judge can compare answers: add a provider with a model under Upstreams and let it judge.`,
  gate_too_few: ({ count, needed }) =>
    t`Only ${count} prompts could be asked and judged, ${needed} are needed.`,
  gate_numbers: (said) =>
    t`Mean reward ${signed(said.candidate)} against ${signed(said.baseline)} over ${said.pairs} prompts: ${signed(said.difference)}, with 95 % certainty from ${signed(said.low)} to ${signed(said.high)}.`,
  gate_in_doubt: ({ margin }) =>
    t`It may be worse by more than ${Number(margin).toFixed(2)}: more prompts, or a wider margin, would tell.`,
  ...Object.fromEntries(Object.keys(CHECKS).map((code) => [`gate_broken_${code}`, broken(code)])),
};

const JOBS: Record<string, Say> = {
  job_made: ({ step }) => t`Made checkpoint ${step}.`,
  job_ended_early: ({ steps, planned }) => t`Ended after ${steps} of ${planned} steps.`,
  job_no_start: () => t`There is no such checkpoint of this policy to go on from.`,
  job_over: () => t`This job is over.`,
  job_paused: ({ who }) => t`Paused by ${who}.`,
  job_paused_by_hand: () => t`Paused by a person.`,
  job_under_way: () => t`A job of this policy is under way. Cancel it, or wait for its end.`,
  policy_job_under_way: () => t`A job of this policy is under way: cancel it first.`,
  policy_serves: () => t`A checkpoint of this policy serves: retire it first.`,
  policy_taken: ({ name }) => t`There is a policy ${name} already.`,
  rollout_cancelled: ({ who }) => t`${who} cancelled it.`,
  rollout_none_played: () => t`Not one episode could be played. The first:`,
  samples_few: ({ count, wanted, flat, single }) =>
    t`There are ${count} groups to learn from, ${wanted} are wanted; ${flat} more are worth the same throughout, ${single} have a single scored answer.`,
  samples_taken: () => t`A turn of the batch was used elsewhere at this moment: try again.`,
  judge_late: ({ count }) => t`${count} answers of the policy wait for the judge.`,
  budget_no_price: () =>
    t`There is a limit in money, and what a token costs is not known: enter the price in the policy, or lift the limit.`,
  budget_money: ({ limit, more, there }) =>
    t`Today’s limit of $${Number(limit).toFixed(2)} does not hold what is next ($${Number(more).toFixed(4)}; $${Number(there).toFixed(2)} are used).`,
  budget_steps: ({ limit, there }) =>
    t`Today’s limit of ${formatCount(many(limit))} steps does not hold what is next (${formatCount(many(there))} are used).`,
  budget_tokens: ({ limit, there }) =>
    t`Today’s limit of ${formatCount(many(limit))} tokens does not hold what is next (${formatCount(many(there))} are used).`,
};

const TRAINER: Record<string, Say> = {
  trainer_enter_key: () => t`Enter a valid key for this connection under Upstreams.`,
  trainer_goes_on: () => t`The work goes on by itself.`,
  trainer_key_refused: () => t`The trainer refused the key.`,
  trainer_key_may_not: () => t`The key may not do this.`,
  trainer_no_key: () => t`This connection has no key. Enter one under Upstreams.`,
  trainer_not_a_key: () =>
    t`This is no key of the Tinker API: they start with tml-. Enter one under Upstreams.`,
  trainer_billing: () =>
    t`The trainer’s account is out of credit or has no billing set up. Add credit there; the work goes on by itself.`,
  trainer_gone: () => t`The trainer does not have this model or checkpoint (any more).`,
  trainer_busy: () => t`The trainer has too much to do.`,
  trainer_said: ({ said }) => t`It said: ${said}`,
  trainer_trouble: ({ status }) => t`The trainer is in trouble (${status}).`,
  trainer_refused: ({ status, said }) => t`The trainer refused the request (${status}): ${said}`,
  trainer_unreachable: ({ why }) => t`The trainer cannot be reached: ${why}.`,
  trainer_unreachable_at: ({ url, why }) => t`The trainer at ${url} cannot be reached: ${why}`,
  trainer_no_api: ({ url }) =>
    t`There is no Tinker API at ${url}. Its address ends before /api/v1.`,
  trainer_other_api: ({ url }) => t`What answers at ${url} is no Tinker API.`,
  trainer_could_not: ({ why }) => t`The trainer could not do it: ${why}`,
  trainer_gave_up: ({ why }) => t`The trainer’s client gave up: ${why}`,
  trainer_late: () => t`The trainer did not answer in time.`,
  trainer_lacks_model: ({ model }) => t`The trainer has no base model ${model}.`,
  trainer_has: ({ listed }) => t`It has: ${listed}.`,
};

/** Why a turn, or the sample of one, trains nothing. */
const KEPT_OUT: Record<string, Say> = {
  kept_out_gone: () => t`Its turn was forgotten.`,
  kept_out_support: () =>
    t`It taught a skill: such turns never train the weights under that skill.`,
  kept_out_taught: ({ named }) =>
    t`It taught ${named}: such turns never train the weights under that skill.`,
  kept_out_trained: () => t`It was trained on already; no sample is used twice.`,
  kept_out_ended_badly: () => t`Its turn did not end well.`,
  kept_out_turn_unscored: () => t`Nobody scored its turn yet, so it has no reward.`,
  kept_out_older_skills: () => t`A skill in its prompt has changed since.`,
  kept_out_skills: ({ named }) =>
    t`It was answered with skills that are not live any more, or not in that version: ${named}.`,
  kept_out_client_aborted: () =>
    t`It did not end well: the client left before the answer was complete.`,
  kept_out_truncated_upstream: () => t`It did not end well: the provider cut the answer off.`,
  kept_out_truncated_crash: () =>
    t`It did not end well: the gateway stopped in the middle of the answer.`,
  kept_out_upstream_error: () => t`It did not end well: the provider answered with an error.`,
  kept_out_rejected: () => t`It did not end well: the request was refused.`,
  kept_out_side_turn: () =>
    t`It is a side turn: the client asked it for itself, not for its user’s task.`,
  kept_out_repeated: () =>
    t`It is one of several attempts at one request; only the one that went on counts.`,
  kept_out_simulated: () => t`The practice model answered it.`,
  kept_out_unscored: () => t`Nobody scored it yet, so it has no reward.`,
  kept_out_reward_in_doubt: ({ reward }) =>
    t`Too little is known to believe its reward of ${signed(reward)}.`,
  kept_out_no_tokens: ({ who }) =>
    t`The tokens of its answer and their log-probabilities are not on record: ${who} is not a policy that is sampled here.`,
};

/** Windows, jobs, checkpoints, turns kept out and what trainers answer. */
export const TRAINING_WORDS: Record<string, Say> = {
  ...WINDOWS,
  ...CHECKPOINTS,
  ...JOBS,
  ...TRAINER,
  ...KEPT_OUT,
};
