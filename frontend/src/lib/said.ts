import { t } from "@lingui/core/macro";
import type { Sentence } from "@/client/contract";
import { sentenceGap } from "./locale";
import { CHECK_WORDS } from "./said-checks";
import { REVIEW_WORDS } from "./said-review";
import { TRAINING_WORDS } from "./said-training";
import type { Say, Values } from "./said-values";

const WORDS: Record<string, Say> = {
  ...CHECK_WORDS,
  ...REVIEW_WORDS,
  ...TRAINING_WORDS,
  // What a person, a provider or a model wrote.
  as_it_is: ({ text }) => String(text),
  and_more: ({ count }) => t`And ${count} more.`,
};

/**
 * What the server said, in the reader's language: its sentences come as codes with values beside
 * the English. English it stays where a code has no words here.
 */
export function saidText(english: string, sentences: readonly Sentence[] = []): string {
  const words = sentences.map(({ code }) => WORDS[code]);
  if (words.length === 0 || words.includes(undefined)) return english;
  return sentences.map(({ values }, at) => words[at]?.(values as Values)).join(sentenceGap());
}
