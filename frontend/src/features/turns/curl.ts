/** A recorded request as a command that sends it again. */

/** Longer than what a shell takes as one argument, with room to spare. */
const LONGEST_ARGUMENT = 100_000;
const END = "END_OF_REQUEST";

const PATHS: Record<string, string> = {
  openai: "/v1/chat/completions",
  anthropic: "/v1/messages",
  responses: "/v1/responses",
  completions: "/v1/completions",
};

type Asked = { gateway: string; dialect: string; body: string };

/** Null for a dialect of which the address is not known. The key is left to the environment. */
export function asCurl({ gateway, dialect, body }: Asked): string | null {
  const path = PATHS[dialect];
  if (!path) return null;
  const lines = [
    `curl ${quoted(gateway.replace(/\/$/, "") + path)}`,
    ...(dialect === "anthropic"
      ? ['-H "x-api-key: $METACLAW_API_KEY"', "-H 'anthropic-version: 2023-06-01'"]
      : ['-H "Authorization: Bearer $METACLAW_API_KEY"']),
    "-H 'Content-Type: application/json'",
  ];
  if (body.length <= LONGEST_ARGUMENT) return joined([...lines, `--data-raw ${quoted(body)}`]);
  return `${joined([...lines, `--data-binary @- <<'${END}'`])}\n${body}\n${END}`;
}

const joined = (lines: string[]) => lines.join(" \\\n  ");

/** As one word for a POSIX shell, whatever is in it. */
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
