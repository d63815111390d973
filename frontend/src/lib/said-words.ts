import { t } from "@lingui/core/macro";
import { CALENDAR_WORDS } from "./said-calendars";
import { CHECK_WORDS } from "./said-checks";
import { LIBRARY_WORDS } from "./said-library";
import { REVIEW_WORDS } from "./said-review";
import { TASK_WORDS } from "./said-tasks";
import { TRAINING_WORDS } from "./said-training";
import type { Say } from "./said-values";
import { WORKSPACE_WORDS } from "./said-workspace";

/** Words for the sentences of the server, by their codes: loaded for who does not read English. */
export const WORDS: Record<string, Say> = {
  ...CALENDAR_WORDS,
  ...CHECK_WORDS,
  ...LIBRARY_WORDS,
  ...REVIEW_WORDS,
  ...TASK_WORDS,
  ...TRAINING_WORDS,
  ...WORKSPACE_WORDS,
  // What a person, a provider or a model wrote.
  as_it_is: ({ text }) => String(text),
  and_more: ({ count }) => t`And ${count} more.`,
};
