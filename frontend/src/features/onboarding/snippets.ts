/** How to point each client at the gateway. */

import type { UpstreamKind } from "@/client/contract";

/** `url` has no slash at its end; `model` is one that the serving upstream knows. */
export type Gateway = { url: string; model: string; kind: UpstreamKind; key: string };

export type Dialect = "openai" | "anthropic";

/** Without a `dialect` a client speaks whichever the upstream does. */
export type Client = {
  id: string;
  name: string;
  dialect?: Dialect;
  code: (gateway: Gateway) => string;
};

/** Nothing is translated on the way: the upstream must speak what the client speaks. */
export function isUnderstood(client: Client, kind: UpstreamKind): boolean {
  return !client.dialect || kind === "practice" || kind === client.dialect;
}

export const CLIENTS: Client[] = [
  {
    id: "curl",
    name: "curl",
    dialect: "openai",
    code: ({ url, model, key }) => `curl ${url}/v1/chat/completions \\
  -H "Authorization: Bearer ${key}" \\
  -H "Content-Type: application/json" \\
  -d '{"model": "${model}", "messages": [{"role": "user", "content": "Hello"}]}'`,
  },
  {
    id: "python",
    name: "Python",
    dialect: "openai",
    code: ({ url, model, key }) => `from openai import OpenAI

client = OpenAI(base_url="${url}/v1", api_key="${key}")
answer = client.chat.completions.create(
    model="${model}",
    messages=[{"role": "user", "content": "Hello"}],
)
print(answer.choices[0].message.content)`,
  },
  {
    id: "anthropic",
    name: "Anthropic SDK",
    dialect: "anthropic",
    code: ({ url, model, key }) => `from anthropic import Anthropic

client = Anthropic(base_url="${url}", api_key="${key}")
answer = client.messages.create(
    model="${model}",
    max_tokens=1024,
    messages=[{"role": "user", "content": "Hello"}],
)
print(answer.content[0].text)`,
  },
  {
    id: "claude-code",
    name: "Claude Code",
    dialect: "anthropic",
    code: ({ url, key }) => `export ANTHROPIC_BASE_URL="${url}"
export ANTHROPIC_AUTH_TOKEN="${key}"
claude`,
  },
  {
    id: "openclaw",
    name: "OpenClaw",
    code: ({ url, model, kind, key }) => `{
  "models": {
    "providers": {
      "metaclaw": {
        "baseUrl": "${kind === "anthropic" ? url : `${url}/v1`}",
        "apiKey": "${key}",
        "api": "${kind === "anthropic" ? "anthropic-messages" : "openai-completions"}",
        "models": [{ "id": "${model}", "name": "MetaClaw" }]
      }
    }
  }
}`,
  },
  {
    id: "prompt",
    name: "Ask your agent",
    code: ({
      url,
      key,
    }) => `Point this project's model client at our MetaClaw gateway instead of at the provider.

- OpenAI-style clients: base URL ${url}/v1
- Anthropic-style clients: base URL ${url}
- API key for both: ${key}

Keep the key out of the code: read it from the environment variable METACLAW_API_KEY.
Leave model names, prompts and everything else as they are.
Then send one short request and show me the X-MetaClaw-Turn header of the answer.`,
  },
];
