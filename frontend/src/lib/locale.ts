import { i18n, type Messages } from "@lingui/core";
import { compileMessage } from "@lingui/message-utils/compileMessage";
import type { Say } from "./said-values";

/**
 * The languages of the console, by their BCP 47 tags, as each calls itself.
 *
 * The language is set before any page is loaded and changes by loading the console again: texts
 * may then stand in constants, and nothing has to be drawn anew.
 */
export const LANGUAGES = { en: "English", "zh-Hans": "简体中文" } as const;
export type Language = keyof typeof LANGUAGES;

const KEPT = "metaclaw.language";
// English stands in the pages themselves and comes with each: one catalog of all pages would be a
// sixth of what a browser loads before it shows anything.
const CATALOGS = {
  en: async () => ({ messages: {} }),
  "zh-Hans": () => import("@/locales/zh-Hans.po"),
} satisfies Record<Language, () => Promise<{ messages: Messages }>>;

// The server says everything in English itself.
const SENTENCES = {
  en: async () => ({}),
  "zh-Hans": async () => (await import("./said-words")).WORDS,
} satisfies Record<Language, () => Promise<Record<string, Say>>>;

let words: Record<string, Say> = {};

/** How a sentence of the server is told in the language of the page, if not in its English. */
export const wordsOf = (code: string): Say | undefined => words[code];

/** What was chosen here before, or the first language of the browser that the console speaks. */
export function preferredLanguage(): Language {
  const wished = [kept(), ...navigator.languages];
  return wished.map(spoken).find((language) => language !== null) ?? "en";
}

/** Loads the texts and sets the language of the page. Before anything that shows a text. */
export async function setLanguage(language: Language): Promise<void> {
  i18n.setMessagesCompiler(compiled);
  const { messages } = await CATALOGS[language]();
  i18n.loadAndActivate({ locale: language, messages });
  words = await SENTENCES[language]();
  document.documentElement.lang = language;
}

/** Keeps the choice in this browser and shows the page again in that language. */
export function chooseLanguage(language: Language): void {
  try {
    localStorage.setItem(KEPT, language);
  } catch {
    // Storage may be blocked; the browser's own preference then stays.
  }
  location.reload();
}

/** Numbers keep the forms of American English, dates those of British: 1,234.5 and 23 Nov. */
export const numberLocale = () => (i18n.locale === "en" ? "en-US" : i18n.locale);
export const dateLocale = () => (i18n.locale === "en" ? "en-GB" : i18n.locale);

/** What stands between two sentences. */
export const sentenceGap = () => (i18n.locale === "zh-Hans" ? "" : " ");

const seen = new Map<string, ReturnType<typeof compileMessage>>();

/** What stands in a page is not compiled; each text is, when it is first shown. */
function compiled(text: string) {
  const found = seen.get(text) ?? compileMessage(text);
  seen.set(text, found);
  return found;
}

function kept(): string {
  try {
    return localStorage.getItem(KEPT) ?? "";
  } catch {
    return "";
  }
}

/** Who reads traditional characters gets English, not simplified ones. */
function spoken(tag: string): Language | null {
  if (/^en\b/i.test(tag)) return "en";
  return /^zh\b/i.test(tag) && !/hant|-(tw|hk|mo)\b/i.test(tag) ? "zh-Hans" : null;
}
