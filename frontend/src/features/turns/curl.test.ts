import { expect, test } from "vitest";
import { asCurl } from "./curl";

const ask = (change = {}) =>
  asCurl({ gateway: "http://gateway.test:30000/", dialect: "openai", body: "{}", ...change });

test("a request becomes a command for its own dialect, and no key is in it", () => {
  expect(ask()).toBe(
    [
      "curl 'http://gateway.test:30000/v1/chat/completions' \\",
      '  -H "Authorization: Bearer $METACLAW_API_KEY" \\',
      "  -H 'Content-Type: application/json' \\",
      "  --data-raw '{}'",
    ].join("\n"),
  );
  const anthropic = ask({ dialect: "anthropic" });
  expect(anthropic).toContain("/v1/messages'");
  expect(anthropic).toContain('"x-api-key: $METACLAW_API_KEY"');
  expect(ask({ dialect: "responses" })).toContain("/v1/responses'");
  expect(ask({ dialect: "smoke signals" })).toBeNull();
});

test("nothing in a body is read by the shell", () => {
  expect(ask({ body: `{"a":"it's $HOME \`id\` \\n"}` })).toContain(
    `--data-raw '{"a":"it'\\''s $HOME \`id\` \\n"}'`,
  );
});

test("a body that is too long for an argument is handed in from below", () => {
  const body = `{"a":"${"x".repeat(100_001)}"}`;

  expect(ask({ body })).toMatch(
    /--data-binary @- <<'END_OF_REQUEST'\n\{"a":"x+"\}\nEND_OF_REQUEST$/,
  );
});
