import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { aKey, anOverview, aTurn, aTurnDetail } from "@/testing/data";
import { type Answer, FakeServer, page } from "@/testing/fake-server";
import { FakeSocket } from "@/testing/fake-socket";
import { expectAccessible, renderConsole } from "@/testing/render";

const TURNS = "GET /t/main/turns/";
const ARRIVALS = "GET /t/main/arrivals/";

function serve(answers: Record<string, Answer> = {}) {
  const overview = anOverview();
  return new FakeServer({
    "GET /t/main/overview/": { ...overview, turns: { ...overview.turns, first_at: null } },
    "GET /t/main/keys/": page([]),
    [TURNS]: page([]),
    [ARRIVALS]: { under_way: null, refused: [] },
    ...answers,
  });
}

test("the first live turn changes the wait into its timeline, and it stays", async () => {
  const server = serve();
  renderConsole("/t/main/overview");
  expect(await screen.findByText("Waiting for the first request…")).toBeVisible();

  server.answers[TURNS] = page([aTurn({ id: "t1" })]);
  server.answers["GET /t/main/turns/t1/"] = aTurnDetail({ id: "t1" });
  // The workspace is no longer empty, yet the page must not be taken away.
  server.answers["GET /t/main/overview/"] = anOverview();
  FakeSocket.last.announce("trajectories.turn");

  expect(await screen.findByText("Request received")).toBeVisible();
  for (const step of ["Authenticated", "Skills chosen", "First byte", "Recorded", "Scored"]) {
    expect(screen.getByText(step)).toBeVisible();
  }
  expect(screen.getByRole("link", { name: "Open the turn" })).toHaveAttribute(
    "href",
    "/t/main/turns/t1",
  );
  expect(screen.getByRole("heading", { name: "Connect your first agent" })).toBeVisible();
});

test("in a workspace with traffic, only a newer turn ends the wait", async () => {
  const server = serve({ [TURNS]: page([aTurn({ id: "old" })]) });
  renderConsole("/t/main/connect");
  await screen.findByText("Waiting for the first request…");
  await waitFor(() => expect(server.sent(TURNS).length).toBeGreaterThan(1));
  FakeSocket.last.announce("trajectories.turn");
  await waitFor(() => expect(server.sent(TURNS).length).toBeGreaterThan(2));
  expect(screen.getByText("Waiting for the first request…")).toBeVisible();

  server.answers[TURNS] = page([aTurn({ id: "new" })]);
  server.answers["GET /t/main/turns/new/"] = aTurnDetail({ id: "new" });
  FakeSocket.last.announce("trajectories.turn");

  expect(await screen.findByText("Request received")).toBeVisible();
});

test("the created key goes into every example, with the gateway's address", async () => {
  const server = serve();
  server.answers["POST /t/main/keys/"] = { ...aKey(), secret: "mck_live_abc" };
  const { user } = renderConsole("/t/main/connect");
  await user.click(await screen.findByRole("button", { name: "Create a key" }));
  await screen.findByTestId("secret");

  const curl = await screen.findByRole("region", { name: "curl example" });
  expect(curl).toHaveTextContent("curl http://127.0.0.1:30000/v1/chat/completions");
  expect(curl).toHaveTextContent("Bearer mck_live_abc");
  await user.click(screen.getByRole("tab", { name: "Claude Code" }));
  const claude = await screen.findByRole("region", { name: "Claude Code example" });
  expect(claude).toHaveTextContent('ANTHROPIC_BASE_URL="http://127.0.0.1:30000"');
  expect(claude).toHaveTextContent('ANTHROPIC_AUTH_TOKEN="mck_live_abc"');
});

test("a test request can be sent from here; a refusal is said", async () => {
  const server = serve();
  server.answers["POST /t/main/test-request/"] = {
    turn_id: null,
    http_status: 502,
    detail: "The provider is away.",
  };
  const { user } = renderConsole("/t/main/connect");

  await user.click(await screen.findByRole("button", { name: "Send one for me" }));

  expect(await screen.findByText(/The gateway answered 502. The provider is away./)).toBeVisible();
});

test("a request that was turned away is shown as it happens, with its reason and what helps", async () => {
  const server = serve();
  renderConsole("/t/main/overview");
  await screen.findByText("Waiting for the first request…");
  const refused = {
    id: "r1",
    key_id: "k1",
    key_name: "support",
    code: "key_revoked",
    http_status: 401,
    is_authenticated: false,
    detail: "",
    times: 3,
    last_at: new Date().toISOString(),
  };
  server.answers[ARRIVALS] = { under_way: null, refused: [refused] };
  FakeSocket.last.announce("proxy.arrival");

  expect(await screen.findByText("The key was revoked")).toBeVisible();
  expect(screen.getByText(/Make a new key under Keys/)).toBeVisible();
  expect(screen.getByText(/Key support, answered 401/)).toHaveTextContent("3 times");
  expect(screen.getByText("Authenticated").parentElement).toHaveTextContent("failed");
  // It still waits for one that works.
  expect(screen.getByText("Waiting for the first request…")).toBeVisible();
  await expectAccessible();
});

test("what was turned away before the visit is not shown", async () => {
  const old = new Date(Date.now() - 3_600_000).toISOString();
  serve({
    [ARRIVALS]: {
      under_way: null,
      refused: [
        {
          id: "r1",
          key_id: "k1",
          key_name: "support",
          code: "key_revoked",
          http_status: 401,
          is_authenticated: false,
          detail: "",
          times: 1,
          last_at: old,
        },
      ],
    },
  });
  renderConsole("/t/main/connect");

  await screen.findByText("Waiting for the first request…");
  expect(screen.queryByText("The key was revoked")).toBeNull();
});

test("a request under way is told step by step", async () => {
  const server = serve();
  renderConsole("/t/main/overview");
  await screen.findByText("Waiting for the first request…");
  server.answers[ARRIVALS] = {
    refused: [],
    under_way: {
      turn_id: "t1",
      started_at: new Date().toISOString(),
      key_name: "support",
      model: "gpt-5-mini",
      is_simulated: false,
      skills: 2,
      reached: { received: 0, authenticated: 2, skills: 5 },
    },
  };
  FakeSocket.last.announce("proxy.arrival");

  expect(await screen.findByText("A request is on its way")).toBeVisible();
  expect(screen.getByText("Skills chosen").parentElement).toHaveTextContent("5 ms");
  expect(screen.getByText("First byte").parentElement).toHaveAttribute("aria-current", "step");
});

test("a turn that failed says why, and the wait goes on until one is answered", async () => {
  const server = serve();
  renderConsole("/t/main/overview");
  await screen.findByText("Waiting for the first request…");
  const failed = aTurnDetail({
    id: "t1",
    outcome: "error",
    status: "upstream_error",
    http_status: 502,
    error: { type: "upstream_auth_failed", message: "OpenAI refused the key (401)." },
  });
  server.answers[TURNS] = page([aTurn({ id: "t1", outcome: "error" })]);
  server.answers["GET /t/main/turns/t1/"] = failed;
  FakeSocket.last.announce("trajectories.turn");

  expect(await screen.findByText("The provider refused the key it is called with")).toBeVisible();
  expect(screen.getByText(/OpenAI refused the key/)).toBeVisible();

  server.answers[TURNS] = page([aTurn({ id: "t2" }), aTurn({ id: "t1", outcome: "error" })]);
  server.answers["GET /t/main/turns/t2/"] = aTurnDetail({ id: "t2" });
  FakeSocket.last.announce("trajectories.turn");

  expect(await screen.findByText("Request received")).toBeVisible();
  expect(screen.queryByText("The provider refused the key it is called with")).toBeNull();
});

test("every client is shown with the key and the address in its own form", async () => {
  const server = serve();
  server.answers["POST /t/main/keys/"] = { ...aKey(), secret: "mck_live_abc" };
  const { user } = renderConsole("/t/main/connect");
  await user.click(await screen.findByRole("button", { name: "Create a key" }));
  await screen.findByTestId("secret");
  const wanted: [string, string, string][] = [
    ["Python", "Python example, OpenAI SDK", 'base_url="http://127.0.0.1:30000/v1"'],
    ["Python", "Python example, Anthropic SDK", 'base_url="http://127.0.0.1:30000", api_key'],
    ["TypeScript", "TypeScript example, OpenAI SDK", 'baseURL: "http://127.0.0.1:30000/v1"'],
    ["Codex", "Codex example", 'wire_api = "responses"'],
    ["OpenClaw", "OpenClaw example", '"primary": "metaclaw/gpt-5-mini"'],
    [
      "Prompt for your coding agent",
      "Prompt for your coding agent example",
      "Anthropic-style clients: base URL http://127.0.0.1:30000",
    ],
  ];

  for (const [tab, name, text] of wanted) {
    await user.click(screen.getByRole("tab", { name: tab }));
    const example = await screen.findByRole("region", { name });
    expect(example).toHaveTextContent(text);
    expect(example).toHaveTextContent("mck_live_abc");
  }
});

test("OpenClaw is told to speak as the upstream does", async () => {
  const serving = { upstream: "A", kind: "anthropic" as const, model: "m", is_simulated: false };
  serve({ "GET /t/main/overview/": anOverview({ serving }) });
  const { user } = renderConsole("/t/main/connect");

  await user.click(await screen.findByRole("tab", { name: "OpenClaw" }));

  const example = screen.getByRole("region", { name: "OpenClaw example" });
  expect(example).toHaveTextContent('"api": "anthropic-messages"');
  expect(example).toHaveTextContent('"baseUrl": "http://127.0.0.1:30000"');
});

test("has no accessibility violations", async () => {
  serve();
  renderConsole("/t/main/connect");

  await screen.findByRole("region", { name: "curl example" });
  await expectAccessible();
});

test("a workspace without a provider says where to add one", async () => {
  serve({ "GET /t/main/overview/": anOverview({ serving: null }) });
  renderConsole("/t/main/connect");

  expect(await screen.findByText("No provider answers in this workspace yet")).toBeVisible();
  expect(screen.getAllByRole("link", { name: "Upstreams" }).at(-1)).toHaveAttribute(
    "href",
    "/t/main/upstreams",
  );
  await expectAccessible();
});
