import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { RecordedSession, SessionTurn } from "@/client/contract";
import { aTurn } from "@/testing/data";
import { FakeServer, page, problem } from "@/testing/fake-server";
import { FakeSocket } from "@/testing/fake-socket";
import { expectAccessible, renderConsole } from "@/testing/render";

const LIST = "GET /t/main/sessions/";
const NOW = "2026-11-20T12:00:00Z";

function aSession(change: Partial<RecordedSession> = {}): RecordedSession {
  return {
    id: "s1",
    agent: "coder",
    external_id: "",
    source: "header",
    state: "open",
    started_at: NOW,
    last_turn_at: NOW,
    closed_at: null,
    turns_total: 3,
    turns_passed: 2,
    turns_failed: 1,
    turns_error: 0,
    preview: "Fix the date",
    ...change,
  };
}

function aSessionTurn(change: Partial<SessionTurn> = {}): SessionTurn {
  return {
    turn: aTurn({ id: "t1" }),
    said: [{ role: "user", content: "Fix the date" }],
    response: { role: "assistant", content: "Done." },
    error: null,
    scores: [],
    gap_ms: null,
    ...change,
  } as SessionTurn;
}

function openSession(turns: SessionTurn[], session: Partial<RecordedSession> = {}) {
  const detail = { session: aSession({ turns_total: turns.length, ...session }), turns };
  new FakeServer({ "GET /t/main/sessions/s1/": detail });
  renderConsole("/t/main/sessions/s1");
}

test("filters of the address reach the server, and typed ones the address", async () => {
  const server = new FakeServer({ [LIST]: page([aSession()]) });
  const { router, user } = renderConsole("/t/main/sessions?state=open&agent=coder");
  await screen.findByText("Fix the date");
  expect(server.sent(LIST)[0]?.query.toString()).toContain("state=open");

  await user.selectOptions(screen.getByLabelText("State"), "closed");
  await user.type(screen.getByLabelText("Search sessions"), "refund");

  await waitFor(() =>
    expect(router.state.location.search).toEqual({ state: "closed", agent: "coder", q: "refund" }),
  );
  await waitFor(() => expect(server.sent(LIST).at(-1)?.query.get("q")).toBe("refund"));
});

test("a row says how its turns went and leads to the conversation", async () => {
  new FakeServer({ [LIST]: page([aSession()]) });
  renderConsole("/t/main/sessions");

  expect(await screen.findByRole("link", { name: "Fix the date" })).toHaveAttribute(
    "href",
    "/t/main/sessions/s1",
  );
  expect(screen.getByText("2 passed")).toBeVisible();
  expect(screen.getByText("1 failed")).toBeVisible();
  await expectAccessible();
});

test("earlier sessions are fetched by the cursor", async () => {
  const server = new FakeServer({
    [LIST]: ({ query }: { query: URLSearchParams }) =>
      query.get("cursor") === "c1"
        ? page([aSession({ id: "s2", preview: "older words" })])
        : page([aSession()], "c1"),
  });
  const { user } = renderConsole("/t/main/sessions");

  await user.click(await screen.findByRole("button", { name: "Show earlier sessions" }));

  expect(await screen.findByText("older words")).toBeVisible();
  expect(server.sent(LIST).at(-1)?.query.get("cursor")).toBe("c1");
});

test("an empty list says what begins one, a filtered one offers a way out", async () => {
  new FakeServer({ [LIST]: page([]) });
  const { router, user } = renderConsole("/t/main/sessions?q=nothing");

  await user.click(await screen.findByRole("button", { name: "Clear filters" }));

  expect(await screen.findByText("No sessions yet")).toBeVisible();
  expect(router.state.location.search).toEqual({});
});

test("a failure says so and can be tried again", async () => {
  const server = new FakeServer({ [LIST]: problem(503, { code: "away", detail: "Away." }) });
  const { user } = renderConsole("/t/main/sessions");
  expect(await screen.findByText("Away.")).toBeVisible();

  server.answers[LIST] = page([aSession()]);
  await user.click(screen.getByRole("button", { name: "Try again" }));

  expect(await screen.findByText("Fix the date")).toBeVisible();
});

test("a session that goes on while it is looked at is fetched again", async () => {
  const server = new FakeServer({ [LIST]: page([aSession()]) });
  renderConsole("/t/main/sessions");
  await screen.findByText("Fix the date");

  server.answers[LIST] = page([aSession({ preview: "newer words" })]);
  FakeSocket.last.announce("trajectories.turn");

  expect(await screen.findByText("newer words")).toBeVisible();
});

test("a conversation shows what was said, carried and scored, with its pauses", async () => {
  openSession([
    aSessionTurn(),
    aSessionTurn({
      turn: aTurn({ id: "t2", skills: [{ slug: "iso-dates", version: 3, score: 1 }] }),
      said: [{ role: "user", content: "No, as ISO" }],
      response: null,
      gap_ms: 180_000,
      scores: [{ id: "x", value: -1, rationale: "Not a date." }] as SessionTurn["scores"],
    }),
  ]);

  const turns = within(await screen.findByRole("list", { name: "Turns" }));
  expect(turns.getByText("Done.")).toBeVisible();
  expect(turns.getByText("No, as ISO")).toBeVisible();
  expect(turns.getByText("3 min later")).toBeVisible();
  expect(turns.getByText("Not a date.")).toBeVisible();
  expect(turns.getByText("iso-dates@3")).toBeVisible();
  expect(turns.getByText("No answer was recorded.")).toBeVisible();
  await expectAccessible();
});

test("a session longer than what is shown says so", async () => {
  openSession([aSessionTurn()], { turns_total: 700 });

  expect(await screen.findByText(/of 700/)).toBeVisible();
});

test("a session of somebody else looks like none", async () => {
  new FakeServer({
    "GET /t/main/sessions/s1/": problem(404, { code: "session_not_found", detail: "Not here." }),
  });
  renderConsole("/t/main/sessions/s1");

  expect(await screen.findByText("Not here.")).toBeVisible();
});
