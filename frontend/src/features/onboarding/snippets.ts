/** How to point each client at the gateway. `gateway` has no slash at its end. */

export type Client = { id: string; name: string; code: (gateway: string, key: string) => string };

export const CLIENTS: Client[] = [
  {
    id: "curl",
    name: "curl",
    code: (gateway, key) => `curl ${gateway}/v1/chat/completions \\
  -H "Authorization: Bearer ${key}" \\
  -H "Content-Type: application/json" \\
  -d '{"model": "default", "messages": [{"role": "user", "content": "Hello"}]}'`,
  },
  {
    id: "python",
    name: "Python",
    code: (gateway, key) => `from openai import OpenAI

client = OpenAI(base_url="${gateway}/v1", api_key="${key}")
answer = client.chat.completions.create(
    model="default",
    messages=[{"role": "user", "content": "Hello"}],
)
print(answer.choices[0].message.content)`,
  },
  {
    id: "anthropic",
    name: "Anthropic SDK",
    code: (gateway, key) => `from anthropic import Anthropic

client = Anthropic(base_url="${gateway}", api_key="${key}")
answer = client.messages.create(
    model="default",
    max_tokens=1024,
    messages=[{"role": "user", "content": "Hello"}],
)
print(answer.content[0].text)`,
  },
  {
    id: "claude-code",
    name: "Claude Code",
    code: (gateway, key) => `export ANTHROPIC_BASE_URL="${gateway}"
export ANTHROPIC_AUTH_TOKEN="${key}"
claude`,
  },
  {
    id: "openclaw",
    name: "OpenClaw",
    code: (gateway, key) => `{
  "models": {
    "providers": {
      "metaclaw": {
        "baseUrl": "${gateway}/v1",
        "apiKey": "${key}",
        "api": "openai-completions",
        "models": [{ "id": "default", "name": "MetaClaw" }]
      }
    }
  }
}`,
  },
  {
    id: "prompt",
    name: "Ask your agent",
    code: (
      gateway,
      key,
    ) => `Point this project's model client at our MetaClaw gateway instead of at the provider.

- OpenAI-style clients: base URL ${gateway}/v1
- Anthropic-style clients: base URL ${gateway}
- API key for both: ${key}

Keep the key out of the code: read it from the environment variable METACLAW_API_KEY.
Leave model names, prompts and everything else as they are.
Then send one short request and show me the X-MetaClaw-Turn header of the answer.`,
  },
];
