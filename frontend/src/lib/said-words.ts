import { t } from "@lingui/core/macro";
import { CHECK_WORDS } from "./said-checks";
import { REVIEW_WORDS } from "./said-review";
import { TRAINING_WORDS } from "./said-training";
import type { Say } from "./said-values";

/** Words for the sentences of the server, by their codes: loaded for who does not read English. */
export const WORDS: Record<string, Say> = {
  ...CHECK_WORDS,
  ...REVIEW_WORDS,
  ...TRAINING_WORDS,
  // What a person, a provider or a model wrote.
  as_it_is: ({ text }) => String(text),
  and_more: ({ count }) => t`And ${count} more.`,
};
