import { plural, t } from "@lingui/core/macro";
import { many, type Say } from "./said-values";

/** The checks of a skill's text. */
export const CHECK_WORDS: Record<string, Say> = {
  check_description_when: () => t`The description says when to use the skill.`,
  check_no_description_when: () =>
    t`Begin the description with when to use the skill (“Use when …”): it decides which requests get it.`,
  check_description: ({ length }) => t`The description has ${length} characters.`,
  check_description_length: ({ length, low, high }) =>
    t`The description has ${length} characters; ${low} to ${high} work best.`,
  check_body: ({ length }) => t`The body has ${length} characters.`,
  check_body_limit: ({ length, limit }) =>
    t`The body has ${length} characters; the limit is ${limit}.`,
  check_body_long: ({ length, short }) =>
    t`The body has ${length} characters; short skills (up to ${short}) work better.`,
  check_always_size: ({ tokens }) => t`About ${tokens} tokens in a prompt.`,
  check_always_costly: ({ limit, tokens }) =>
    t`A rule that goes into every request may cost ${limit} tokens; this one costs about ${tokens}.`,
  check_steps: ({ steps }) =>
    plural(many(steps), { one: "# step to follow.", other: "# steps to follow." }),
  check_no_steps: () => t`Write what to do as numbered or bulleted steps, one act each.`,
  check_one_topic: () => t`One title, one topic.`,
  check_no_title: () => t`Give the body one title (“# …”).`,
  check_titles: ({ titles }) => t`The body has ${titles} titles; one skill teaches one thing.`,
  check_anti_pattern: () => t`The body says what to avoid.`,
  check_secrets: () => t`No keys, tokens or passwords.`,
  check_personal_data: () => t`No personal data.`,
  check_prompt_injection: () => t`No phrases that take over a prompt.`,
  check_attack: ({ phrase }) => t`“${phrase}” reads like an attack on the model or on its user.`,
  check_prompt_markup: ({ phrase }) => t`“${phrase}” imitates the structure of a prompt.`,
  check_hosts: () => t`No addresses of real hosts.`,
  check_host: ({ host }) => t`“${host}” is a real address; use example.com in examples.`,
  check_dangerous_shell: () => t`No commands that destroy or run the unseen.`,
  check_encoded_run: () => t`No long encoded runs.`,
  check_encoded: ({ start, length }) =>
    t`“${start}…” (${length} characters) may be hidden content.`,
  check_invisible_characters: () => t`Every character can be seen.`,
  check_hidden_markup: () => t`Nothing disappears when rendered.`,
  check_disappears: ({ phrase }) => t`“${phrase}” disappears when the Markdown is rendered.`,
  check_references: () => t`Every skill that it uses is live.`,
  check_reference: ({ slug }) => t`It uses ${slug}, which is not live.`,
  check_near_duplicate: ({ listed }) => t`There is nearly the same already: ${listed}.`,
  check_none_the_same: () => t`No live skill says the same, by words and meaning.`,
  check_none_in_words: () => t`No live skill says the same, by words.`,
  check_conflict: ({ here, there, slug }) => t`“${here}” here, “${there}” in ${slug}.`,
  check_no_conflict: () => t`No live skill for the same requests says the opposite.`,
  check_untainted: () => t`The evidence carries nothing that tools brought in.`,
  check_personal: ({ kinds }) => t`The text has from its evidence what looks like: ${kinds}.`,
  check_names: ({ count }) =>
    plural(many(count), {
      one: "The text has # name of people in its evidence.",
      other: "The text has # names of people in its evidence.",
    }),
  check_not_personal: () => t`Nothing personal of the evidence is in the text.`,
  check_origin: () => t`Another tool wrote this: no turns of this workspace stand behind it.`,
};
