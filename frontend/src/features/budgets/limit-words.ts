import { plural, t } from "@lingui/core/macro";
import type { Limit } from "@/client/contract";

/** Whose limit it is; a key goes by its name. */
export function subjectName({ scope, subject_name: name }: Limit): string {
  if (scope === "tenant") return t`Workspace`;
  if (scope === "agent") return t`Agent ${name}`;
  return name ? t`Key ${name}` : t`A key that is gone`;
}

/** The limits of speed in words; money has its bars. */
export function rates(limit: Limit): string {
  const { requests_per_minute: requests, tokens_per_minute: tokens } = limit;
  const { concurrent_streams: streams } = limit;
  return [
    requests !== null &&
      plural(requests, { one: "# request a minute", other: "# requests a minute" }),
    tokens !== null && plural(tokens, { one: "# token a minute", other: "# tokens a minute" }),
    streams !== null &&
      plural(streams, { one: "# answer at a time", other: "# answers at a time" }),
  ]
    .filter(Boolean)
    .join(" · ");
}
