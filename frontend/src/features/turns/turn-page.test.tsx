import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { TurnDetail } from "@/client/contract";
import { aProposal, aTurnDetail } from "@/testing/data";
import { FakeServer, page, problem } from "@/testing/fake-server";
import { FakeSocket } from "@/testing/fake-socket";
import { expectAccessible, renderConsole } from "@/testing/render";

const PROPOSALS = "GET /t/main/proposals/";

function open(change: Partial<TurnDetail>, proposals: unknown = page([])) {
  const server = new FakeServer({
    "GET /t/main/turns/t1/": aTurnDetail({ id: "t1", ...change }),
    [PROPOSALS]: proposals,
  });
  renderConsole("/t/main/turns/t1");
  return server;
}

const conversation = async () =>
  within(await screen.findByRole("region", { name: "Conversation" }));

test("the added text is marked beside the client's own system prompt", async () => {
  open({});

  const view = await conversation();
  expect(view.getByText("You are a kind support agent.")).toBeVisible();
  const mark = view.getByText("Added by MetaClaw").parentElement;
  expect(mark).toHaveTextContent("Always name the return window.");
});

test("text added inside a message is marked in its place, and once", async () => {
  open({
    injection: { text: "ADDED", place: "tail", skills: [], candidates: [], break_reason: "" },
    messages: [{ role: "user", content: "before ADDED after" }],
  });

  const view = await conversation();
  expect(view.getAllByText("Added by MetaClaw")).toHaveLength(1);
  expect(view.getByText("before")).toBeVisible();
  expect(view.getByText("after")).toBeVisible();
});

test("messages of earlier turns are folded, tool calls too", async () => {
  open({
    new_from: 1,
    messages: [
      { role: "user", content: "old words" },
      {
        role: "assistant",
        content: null,
        tool_calls: [{ id: "c", function: { name: "lookup", arguments: "{}" } }],
      },
    ],
  });

  const view = await conversation();
  expect(view.getByText("1 earlier message").closest("details")).not.toHaveAttribute("open");
  expect(view.getByText("lookup").closest("details")).not.toHaveAttribute("open");
});

test("a turn that was cut says so, with what the provider said", async () => {
  open({
    status: "upstream_error",
    outcome: "error",
    http_status: 502,
    response: null,
    error: { type: "overloaded", message: "Try later." },
  });

  const alert = await screen.findByRole("alert");
  expect(alert).toHaveTextContent("The provider answered with an error (HTTP 502)");
  expect(alert).toHaveTextContent("Try later.");
});

test("a score shows its rationale and its votes; a missing vote is no zero", async () => {
  open({
    scores: [
      {
        id: "s",
        kind: "judge",
        value: -1,
        rationale: "No window was named.",
        judge_model: "gpt-5",
        prompt_version: "1",
        is_simulated: false,
        saw_follow_up: true,
        created_at: "2026-11-20T12:00:00Z",
        votes: [
          { value: -1, rationale: "" },
          { value: 0, rationale: "" },
          { value: null, rationale: "" },
        ],
      },
    ],
  });

  const scores = within(await screen.findByRole("region", { name: "Scores" }));
  expect(scores.getByText("No window was named.")).toBeVisible();
  expect(scores.getByText(/^Votes/)).toHaveTextContent("Votes −1 0 –");
});

test("leads to its session", async () => {
  open({ session_id: "s9" });

  expect(await screen.findByRole("link", { name: "s9" })).toHaveAttribute(
    "href",
    "/t/main/sessions/s9",
  );
});

test("leads to the proposals it is evidence of, decided ones too", async () => {
  const server = open(
    {},
    page([
      aProposal({ id: "p1", slug: "cite-sources", status: "pending" }),
      aProposal({ id: "p2", slug: "date-parsing", status: "approved" }),
    ]),
  );

  expect(await screen.findByRole("link", { name: "cite-sources · pending" })).toHaveAttribute(
    "href",
    "/t/main/review/p1",
  );
  expect(screen.getByRole("link", { name: "date-parsing · approved" })).toBeVisible();
  const asked = server.sent(PROPOSALS).find(({ query }) => query.has("turn"));
  expect(Object.fromEntries(asked?.query ?? [])).toEqual({ status: "all", turn: "t1" });
});

test("a proposal made while the page is open appears by itself", async () => {
  const server = open({});
  await conversation();
  expect(screen.queryByText("Led to")).toBeNull();

  server.answers[PROPOSALS] = page([aProposal({ slug: "cite-sources" })]);
  FakeSocket.last.announce("evolution.proposal");

  expect(await screen.findByRole("link", { name: "cite-sources · pending" })).toBeVisible();
});

test("a turn of somebody else looks like none", async () => {
  new FakeServer({
    "GET /t/main/turns/t1/": problem(404, { code: "not_found", detail: "No such turn." }),
  });
  renderConsole("/t/main/turns/t1");

  expect(await screen.findByText("No such turn.")).toBeVisible();
});

test("has no accessibility violations", async () => {
  open({});

  await conversation();
  await expectAccessible();
});

test("says which skills were considered, and which providers were tried before", async () => {
  const injection = {
    text: "",
    place: "none" as const,
    skills: [],
    candidates: [
      { slug: "refund-policy", version: 2, score: 0.82, verdict: "in" },
      { slug: "greetings", version: 1, score: 0.2, verdict: "too weak" },
      { slug: "of-others", version: 1, score: 0.9, verdict: "other_agent" },
    ],
    break_reason: "",
  };
  open({
    injection,
    tags: { team: "blue" },
    dialect: "responses",
    provider_dialect: "openai",
    tried: [{ upstream: "Slow one", outcome: "503", ms: 40 }],
  });

  const considered = within(await screen.findByRole("region", { name: "Skills considered" }));
  expect(considered.getByRole("row", { name: /greetings@1 0.20 too weak/ })).toBeVisible();
  expect(screen.getByText("after Slow one: 503 (40 ms)")).toBeVisible();
  expect(screen.getByText("team: blue")).toBeVisible();
  expect(screen.getByText(/responses → openai/)).toBeVisible();
});
