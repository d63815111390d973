import type { Sentence } from "@/client/contract";
import { sentenceGap, wordsOf } from "./locale";
import type { Values } from "./said-values";

/**
 * What the server said, in the reader's language: its sentences come as codes with values beside
 * the English. English it stays for who reads that, and where a code has no words here.
 */
export function saidText(english: string, sentences: readonly Sentence[] = []): string {
  const words = sentences.map(({ code }) => wordsOf(code));
  if (words.length === 0 || words.includes(undefined)) return english;
  return sentences.map(({ values }, at) => words[at]?.(values as Values)).join(sentenceGap());
}
