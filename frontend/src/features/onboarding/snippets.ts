/** How to point each client at the gateway: the same as `metaclaw connect` writes (docs/clients.md). */

import { t } from "@lingui/core/macro";
import type { UpstreamKind } from "@/client/contract";

/** `url` has no slash at its end; `model` is one that the serving upstream knows. */
export type Gateway = { url: string; model: string; kind: UpstreamKind; key: string };

/** One text to copy; `title` tells several of a client apart. */
export type Example = { title?: string; code: (gateway: Gateway) => string };

export type Client = {
  id: string;
  name: string;
  /** Where the text goes, where that is not plain. */
  note?: string;
  examples: Example[];
};

const OPENAI = "OpenAI SDK";
const ANTHROPIC = "Anthropic SDK";

/** Any of them works with any provider: the gateway translates between their APIs. */
export const CLIENTS: Client[] = [
  {
    id: "curl",
    name: "curl",
    examples: [
      {
        code: ({ url, model, key }) => `curl ${url}/v1/chat/completions \\
  -H "Authorization: Bearer ${key}" \\
  -H "Content-Type: application/json" \\
  -d '{"model": "${model}", "messages": [{"role": "user", "content": "Hello"}]}'`,
      },
    ],
  },
  {
    id: "python",
    name: "Python",
    examples: [
      {
        title: OPENAI,
        code: ({ url, model, key }) => `from openai import OpenAI

client = OpenAI(base_url="${url}/v1", api_key="${key}")
answer = client.chat.completions.create(
    model="${model}",
    messages=[{"role": "user", "content": "Hello"}],
)
print(answer.choices[0].message.content)`,
      },
      {
        title: ANTHROPIC,
        code: ({ url, model, key }) => `from anthropic import Anthropic

client = Anthropic(base_url="${url}", api_key="${key}")
answer = client.messages.create(
    model="${model}",
    max_tokens=1024,
    messages=[{"role": "user", "content": "Hello"}],
)
print(answer.content[0].text)`,
      },
    ],
  },
  {
    id: "typescript",
    name: "TypeScript",
    examples: [
      {
        title: OPENAI,
        code: ({ url, model, key }) => `import OpenAI from "openai";

const client = new OpenAI({ baseURL: "${url}/v1", apiKey: "${key}" });
const answer = await client.chat.completions.create({
  model: "${model}",
  messages: [{ role: "user", content: "Hello" }],
});
console.log(answer.choices[0]?.message.content);`,
      },
      {
        title: ANTHROPIC,
        code: ({ url, model, key }) => `import Anthropic from "@anthropic-ai/sdk";

const client = new Anthropic({ baseURL: "${url}", apiKey: "${key}" });
const answer = await client.messages.create({
  model: "${model}",
  max_tokens: 1024,
  messages: [{ role: "user", content: "Hello" }],
});
console.log(answer.content);`,
      },
    ],
  },
  {
    id: "openclaw",
    name: "OpenClaw",
    note: t`Into ~/.openclaw/openclaw.json, beside what is there.`,
    examples: [
      {
        code: ({ url, model, kind, key }) => `{
  "models": {
    "providers": {
      "metaclaw": {
        "baseUrl": "${kind === "anthropic" ? url : `${url}/v1`}",
        "apiKey": "${key}",
        "api": "${kind === "anthropic" ? "anthropic-messages" : "openai-completions"}",
        "models": [{ "id": "${model}", "name": "${model}" }]
      }
    }
  },
  "agents": { "defaults": { "model": { "primary": "metaclaw/${model}" } } }
}`,
      },
    ],
  },
  {
    id: "claude-code",
    name: "Claude Code",
    note: t`In the shell that starts it. A request with two keys is refused, so the other one is taken out.`,
    examples: [
      {
        code: ({ url, model, kind, key }) => `export ANTHROPIC_BASE_URL="${url}"
export ANTHROPIC_AUTH_TOKEN="${key}"
unset ANTHROPIC_API_KEY
${kind === "anthropic" ? "claude" : `export ANTHROPIC_DEFAULT_HAIKU_MODEL="${model}"\nclaude --model "${model}"`}`,
      },
    ],
  },
  {
    id: "codex",
    name: "Codex",
    note: t`Into ~/.codex/config.toml: the first two lines above any [table].`,
    examples: [
      {
        code: ({ url, model, key }) => `model = "${model}"
model_provider = "metaclaw"

[model_providers.metaclaw]
name = "MetaClaw"
base_url = "${url}/v1"
wire_api = "responses"
experimental_bearer_token = "${key}"`,
      },
    ],
  },
  {
    id: "prompt",
    name: t`Prompt for your coding agent`,
    note: t`Have the agent that writes your code make the change.`,
    examples: [
      {
        // What is said to a model stays in English, whatever the console speaks.
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
    ],
  },
];
