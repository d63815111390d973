import { t } from "@lingui/core/macro";
import { formatCount } from "./format";
import { many, type Say } from "./said-values";

/** What a step asks. */
const NOUNS: Record<string, string> = {
  tasks: t`tasks`,
  "recorded prompts": t`recorded prompts`,
};

/** Tasks, teachers, recipes, and what trainers and templates refuse. */
export const TASK_WORDS: Record<string, Say> = {
  connection_no_key: () => t`This connection has no key. Enter one under Upstreams.`,
  no_checkpoint_path: ({ text }) => t`${text} is no path of a checkpoint.`,
  trainer_list_unreadable: () => t`The trainer’s list of checkpoints cannot be read.`,
  trainer_not_asked: ({ url, why }) => t`${url} is not asked: ${why}`,
  trainer_at_unreachable: ({ url, why }) => t`The trainer at ${url} cannot be reached: ${why}`,
  trainer_turns_away: () => t`The trainer has too much to do and turns requests away.`,
  checkpoint_other_base: ({ model, wanted }) =>
    t`This checkpoint is of the base model ${model}, not of ${wanted}.`,
  trainer_silent: ({ url }) => t`The trainer at ${url} does not answer.`,
  model_text_alone: ({ kind }) =>
    t`This model reads text alone; the conversation has a part of type ${kind}.`,
  template_otherwise: () =>
    t`The model’s chat template writes an answer otherwise than it begins one.`,
  template_no_end: () => t`The model’s chat template does not end an answer with a mark.`,
  template_none: () => t`This model has no chat template: it cannot be asked in messages.`,
  template_refuses: ({ why }) => t`The model’s chat template refuses this: ${why}`,
  tokenizer_unreadable: ({ model, why }) => t`The tokenizer of ${model} cannot be loaded: ${why}.`,
  tokenizer_unreachable: ({ model, why }) =>
    t`The trainer did not answer when asked for the tokenizer of ${model}: ${why}`,
  file_large: ({ limit }) => t`The file is larger than ${limit} MB.`,
  checker_no_object: () =>
    t`a checker is an object, like ${'{"kind": "contains", "value": "42"}'}.`,
  checker_kind: ({ listed }) => t`the checker’s kind has to be one of ${listed}.`,
  checker_unknown_key: ({ name, kind }) => t`“${name}” is not known to a checker of kind ${kind}.`,
  checker_ignore_case: () => t`the checker’s ignore_case has to be true or false.`,
  checker_needs: ({ kind, needed }) => t`a checker of kind ${kind} needs ${needed}.`,
  checker_value: () => t`the checker’s value has to be a text.`,
  checker_schema: () => t`the checker’s schema has to be a JSON Schema, an object.`,
  checker_argv: () => t`the checker’s argv has to be a list of texts, the program first.`,
  checker_pattern_long: ({ limit }) => t`the checker’s pattern is longer than ${limit} characters.`,
  checker_schema_word: ({ name }) => t`the checker’s schema may not use “${name}”.`,
  checker_schema_none: ({ why }) => t`the checker’s schema is none: ${why}.`,
  checker_switched_off: () => t`Checkers that run commands are switched off here.`,
  checker_pattern_broken: ({ why }) => t`the checker’s pattern cannot be read: ${why}.`,
  checker_slow: () => t`The checker’s pattern took too long on this answer.`,
  no_tinker_connection: ({ name }) => t`${name} is no Tinker connection. Add one under Upstreams.`,
  prompt_pictures: () => t`It holds pictures or files, not words alone.`,
  prompt_no_chat: ({ why }) => t`No chat holds it: ${why}`,
  tools_switched_off: () =>
    t`Tasks with tools, and checkers that are commands, are switched off on this installation: its operator sets METACLAW_ROLLOUT_TOOLS=1 to allow them.`,
  sandbox_none: ({ why }) =>
    t`Nothing here can confine a command (${why}). METACLAW_SANDBOX=unconfined runs it all the same, with limits but no walls.`,
  no_policy: () => t`There is no training policy yet.`,
  which_policy: () => t`Say which policy: several.`,
  policy_unknown: ({ name }) => t`There is no training policy “${name}” in this workspace.`,
  task_not_there: () => t`The task is not in the task set any more.`,
  task_takes_tools: () => t`It takes tools: a gate asks for one answer.`,
  policy_no_route: () =>
    t`The policy has no name to serve under: give it a route’s model name first.`,
  checkpoint_path_long: ({ limit }) => t`The checkpoint’s path is longer than ${limit} characters.`,
  answers_few: ({ count, wanted }) =>
    t`There are ${count} answers that members approved or wrote, ${wanted} are wanted for a step.`,
  answers_unfit: ({ count }) => t`${count} more cannot be used, the first because:`,
  turn_too_long: ({ tokens, limit }) =>
    t`It has ${formatCount(many(tokens))} tokens; the model takes ${formatCount(many(limit))}.`,
  turn_no_answer: () => t`The turn has no answer on record.`,
  turn_no_chat: ({ why }) => t`Its request cannot be written as a chat: ${why}`,
  batch_changed: () => t`An answer of the batch may not train any more: try again.`,
  policy_no_task_set: () => t`Learning from tasks takes a task set.`,
  policy_no_teacher_model: () => t`Which model is the teacher?`,
  policy_impossible: () => t`Some settings cannot be.`,
  policy_learns_nothing: () =>
    t`Without rewards and without a teacher there is nothing to learn from.`,
  policy_no_bounds: ({ name }) => t`The loss ${name} has no bounds: ppo and cispo have.`,
  policy_wants_rewards: ({ name }) =>
    t`${name} learns from rewards; cross_entropy imitates answers that are given.`,
  policy_imitates: () =>
    t`cross_entropy imitates; importance_sampling, ppo, cispo and dro learn from rewards.`,
  policy_no_weight: () => t`A teacher without weight teaches nothing: above 0, and 1 is usual.`,
  policy_needs_no_teacher: () =>
    t`Answers that members stand behind are imitated as they are, without a teacher.`,
  policy_has_checkpoints: () =>
    t`This policy has checkpoints, which belong to its base model and rank. Make another policy.`,
  rollout_no_task_set: () => t`The policy has no task set: name one.`,
  rollout_other_weights: ({ wanted, named }) =>
    t`The rollout is of ${wanted}; what was opened is ${named}.`,
  rollout_too_large: ({ count, limit, most }) =>
    t`${count} groups of ${limit} cannot be played at once: groups have 1 to 64 members, and there are at most ${formatCount(many(most))} episodes.`,
  workspace_going: () => t`The workspace is going.`,
  task_gone: () => t`The task set does not have this task any more.`,
  prompt_not_askable: () => t`The prompt cannot be asked as it was.`,
  step_asks_more: ({ wanted, count }) =>
    t`A step asks ${wanted} of them, and there are ${count} that can be asked.`,
  step_cannot_play: ({ noun, step }) =>
    t`The ${NOUNS[noun] ?? noun} of step ${step} cannot be played:`,
  step_all_the_same: ({ noun, step, count }) =>
    t`All answers to the ${NOUNS[noun] ?? noun} of step ${step} were worth the same, ${count} groups of them: there is nothing to learn from.`,
  task_set_in_use: ({ name }) => t`The policy ${name} learns from it: give that another set first.`,
  task_set_taken: ({ name }) => t`There is a task set ${name} already.`,
  lines_more: ({ count }) => t`(${count} more lines are wrong.)`,
  task_unknown_key: ({ name, listed }) => t`“${name}” is not known here; a task has ${listed}.`,
  task_id_long: ({ limit }) => t`the task_id is longer than ${limit} characters.`,
  task_nul: () => t`it holds a NUL character, or half of a surrogate pair.`,
  task_no_text: ({ name }) => t`${name} has to be a text.`,
  task_tools: ({ listed }) => t`tools has to be a list of ${listed}.`,
  task_steps: ({ limit }) => t`max_steps has to be a whole number from 1 to ${limit}.`,
  task_id_twice: ({ line }) => t`the task_id stands in line ${line} already.`,
  tasks_none: () => t`There is no task in the file.`,
  in_line: ({ number }) => t`Line ${number}:`,
  tasks_many: ({ limit }) => t`There are more than ${formatCount(many(limit))} tasks.`,
  line_not_utf8: ({ line }) => t`Line ${line} is not UTF-8.`,
  task_no_object: () => t`a task is a JSON object: ${"{…}"}.`,
  line_no_json: ({ why }) => t`this is no JSON: ${why}.`,
  line_deep: () => t`this is no JSON that can be read: it is nested too deeply.`,
  teacher_other_tokenizer: ({ name, model }) =>
    t`The teacher ${name} has another tokenizer than ${model}.`,
  teacher_take_another: () =>
    t`Token by token there is nothing to compare. Take a teacher of the same family.`,
  teacher_sees: ({ count, wanted }) => t`It sees ${count} tokens where there are ${wanted}.`,
  teacher_left_out: () => t`The teacher left out log-probabilities of some tokens.`,
  teacher_no_logprobs: ({ name }) =>
    t`${name} answers without log-probabilities of the prompt. A teacher’s /v1/completions must honour echo together with logprobs.`,
  teacher_token: ({ number, text }) => t`Token ${number} is “${text}” to it.`,
  teacher_left_some: ({ name }) => t`${name} left out log-probabilities.`,
  teacher_other_tokens: ({ model, name }) =>
    t`The teacher ${model} at ${name} has another tokenizer than the policy.`,
  teacher_unreachable: ({ name, why }) => t`The teacher ${name} cannot be reached: ${why}`,
  teacher_no_completion: ({ name }) => t`${name} answers with something that is no completion.`,
};
