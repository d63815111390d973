import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { aKey, anOverview, aTurn, aTurnDetail } from "@/testing/data";
import { type Answer, FakeServer, page } from "@/testing/fake-server";
import { FakeSocket } from "@/testing/fake-socket";
import { expectAccessible, renderConsole } from "@/testing/render";

const TURNS = "GET /t/main/turns/";

function serve(answers: Record<string, Answer> = {}) {
  const overview = anOverview();
  return new FakeServer({
    "GET /t/main/overview/": { ...overview, turns: { ...overview.turns, first_at: null } },
    "GET /t/main/keys/": page([]),
    [TURNS]: page([]),
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
  for (const step of ["Authenticated", "Skills chosen", "First byte", "Recorded"]) {
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

test("a client that the serving upstream does not understand is said to need another", async () => {
  serve();
  const { user } = renderConsole("/t/main/connect");
  const needs = /needs an upstream that speaks the Anthropic API/;
  await user.click(await screen.findByRole("tab", { name: "Python" }));
  expect(screen.queryByRole("alert")).toBeNull();

  await user.click(screen.getByRole("tab", { name: "Claude Code" }));

  expect(screen.getByRole("alert")).toHaveTextContent(needs);
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
