import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { TurnDetail } from "@/client/contract";
import { aProposal, aScore, aSession, aTurnDetail } from "@/testing/data";
import { FakeServer, page, problem } from "@/testing/fake-server";
import { FakeSocket } from "@/testing/fake-socket";
import { expectAccessible, renderConsole } from "@/testing/render";

const PROPOSALS = "GET /t/main/proposals/";

function open(change: Partial<TurnDetail>, proposals: unknown = page([])) {
  const server = new FakeServer({
    "GET /t/main/turns/t1/": aTurnDetail({ id: "t1", ...change }),
    [PROPOSALS]: proposals,
  });
  shown = renderConsole("/t/main/turns/t1");
  return server;
}

let shown: ReturnType<typeof renderConsole>;

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
      aScore({
        votes: [
          { value: -1, rationale: "" },
          { value: 0, rationale: "" },
          { value: null, rationale: "" },
        ],
      }),
    ],
  });

  const scores = within(await screen.findByRole("region", { name: "Scores" }));
  expect(scores.getByText("No window was named.")).toBeVisible();
  expect(scores.getByText(/^Votes/)).toHaveTextContent("Votes −1 0 –");
});

test("shows who said what of it, and what that comes to", async () => {
  open({
    outcome: "failed",
    score: -1,
    reward: -0.8,
    reward_source: "explicit",
    scores: [
      aScore({
        id: "e",
        kind: "explicit",
        author: "shop",
        comment: "Too late.",
        rationale: "",
        confidence: 0.9,
      }),
      aScore({ id: "i", kind: "implicit", source: "tool_error", confidence: 0.3 }),
    ],
  });

  const scores = within(await screen.findByRole("region", { name: "Scores" }));
  expect(scores.getByText("−0.8")).toBeVisible();
  expect(scores.getByText("mostly by feedback")).toBeVisible();
  const [feedback, signal] = scores.getAllByRole("listitem");
  expect(feedback).toHaveTextContent("Feedback");
  expect(feedback).toHaveTextContent("shop");
  expect(feedback).toHaveTextContent("“Too late.”");
  expect(feedback).toHaveTextContent("90% sure");
  expect(signal).toHaveTextContent("tool error");
  expect(scores.queryByRole("button", { name: "Take back" })).toBeNull();
});

test("too little is known of a turn with nothing but a weak signal", async () => {
  open({ outcome: "unscored", score: null, reward: -0.3, reward_source: "implicit" });

  expect(await screen.findByText(/too little to call it passed or failed/)).toBeVisible();
});

const FEEDBACK = "/t/main/turns/t1/feedback/";
const VERDICT = "/t/main/turns/t1/verdict/";

test("a thumb with a comment is feedback, and the turn is read again", async () => {
  const server = open({}, page([]));
  server.answers[`POST ${FEEDBACK}`] = { turn_id: "t1", value: -1 };
  const { user } = shown;
  await user.type(await screen.findByLabelText("Was this answer good?"), " Wrong date. ");

  await user.click(screen.getByRole("button", { name: "Bad" }));

  expect(server.sent(`POST ${FEEDBACK}`)[0]?.body).toEqual({ value: -1, comment: "Wrong date." });
  await waitFor(() => expect(server.sent("GET /t/main/turns/t1/").length).toBeGreaterThan(1));
  expect(screen.getByLabelText("Was this answer good?")).toHaveValue("");
});

test("a reviewer may have the last word", async () => {
  const server = open({});
  server.answers[`PUT ${VERDICT}`] = { value: 1, comment: "" };
  const { user } = shown;
  await user.click(await screen.findByLabelText(/As a reviewer/));

  await user.click(screen.getByRole("button", { name: "Good" }));

  expect(server.sent(`PUT ${VERDICT}`)[0]?.body).toEqual({
    value: 1,
    comment: "",
    correction: "",
  });
  expect(server.sent(`POST ${FEEDBACK}`)).toEqual([]);
});

test("a reviewer begins from the answer to write a better one", async () => {
  const server = open({ response: { role: "assistant", content: "On 3/10." } });
  server.answers[`PUT ${VERDICT}`] = { value: -1, comment: "" };
  const { user } = shown;
  expect(screen.queryByLabelText("Better answer")).toBeNull();
  await user.click(await screen.findByLabelText(/As a reviewer/));
  await user.click(screen.getByRole("button", { name: "Start from its answer" }));

  await user.type(screen.getByLabelText("Better answer"), " At 9 am.");
  await user.click(screen.getByRole("button", { name: "Bad" }));

  expect(server.sent(`PUT ${VERDICT}`)[0]?.body).toMatchObject({
    value: -1,
    correction: "On 3/10. At 9 am.",
  });
});

test("a score shows what should have been answered", async () => {
  open({ scores: [aScore({ kind: "human", correction: "On **2026-03-10**." })] });

  expect(await screen.findByText("Should have been answered")).toBeVisible();
  expect(await screen.findByText("2026-03-10")).toBeVisible();
});

test("what you said yourself can be taken back", async () => {
  const server = open({ scores: [aScore({ kind: "human", author: "Mira", is_own: true })] });
  server.answers[`DELETE ${VERDICT}`] = new Response(null, { status: 204 });
  const { user } = shown;

  await user.click(await screen.findByRole("button", { name: "Take back" }));

  expect(server.sent(`DELETE ${VERDICT}`)).toHaveLength(1);
});

test("what went wrong while saying it is shown, and the words stay", async () => {
  const server = open({});
  server.answers[`POST ${FEEDBACK}`] = problem(404, { code: "x", detail: "No such turn." });
  const { user } = shown;
  await user.type(await screen.findByLabelText("Was this answer good?"), "Good.");

  await user.click(screen.getByRole("button", { name: "Good" }));

  expect(await screen.findByText("No such turn.")).toBeVisible();
  expect(screen.getByLabelText("Was this answer good?")).toHaveValue("Good.");
});

test.each([
  ["viewer", false, false],
  ["member", true, false],
  ["reviewer", true, true],
] as const)("a %s may say what the role allows", async (role, mayRate, mayDecide) => {
  const server = new FakeServer({
    "GET /session/": aSession({
      tenants: [
        { slug: "main", name: "Acme", role, is_simulated: false, is_demo: false, time_zone: "UTC" },
      ],
    }),
    "GET /t/main/turns/t1/": aTurnDetail({ id: "t1" }),
    [PROPOSALS]: page([]),
  });
  renderConsole("/t/main/turns/t1");
  await conversation();

  expect(screen.queryByRole("button", { name: "Good" }) !== null).toBe(mayRate);
  expect(screen.queryByLabelText(/As a reviewer/) !== null).toBe(mayDecide);
  expect(server.calls.every(({ method }) => method === "GET")).toBe(true);
});

test("leads to its session", async () => {
  open({ session_id: "s9" });

  const links = await screen.findAllByRole("link", { name: "s9" });
  expect(links.map((link) => link.getAttribute("href"))).toEqual(
    links.map(() => "/t/main/sessions/s9"),
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

const PLAIN = { version: 1, verdict: "too weak", relevance: 0.9, factor: 1 };

test("says which skills were considered, and which providers were tried before", async () => {
  const injection = {
    text: "",
    place: "none" as const,
    skills: [],
    candidates: [
      { ...PLAIN, slug: "refund-policy", version: 2, score: 0.82, verdict: "in" },
      { ...PLAIN, slug: "greetings", score: 0.2, relevance: 0.4, factor: 0.5 },
      { ...PLAIN, slug: "of-others", score: 0.9, verdict: "other_agent" },
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
  expect(
    considered.getByRole("row", { name: /greetings@1 0.40 × 0.50 = 0.20 too weak/ }),
  ).toBeVisible();
  expect(screen.getByText("after Slow one: answered with status 503 (40 ms)")).toBeVisible();
  expect(screen.getByText("team: blue")).toBeVisible();
  expect(screen.getByText(/responses → openai/)).toBeVisible();
});

test("a verdict of the judge says what it cost, or that nobody knows", async () => {
  open({
    scores: [
      aScore({ id: "a", cost_micros: 4200 }),
      aScore({ id: "b", prompt_version: "judge-v2", cost_micros: null }),
    ],
  });

  expect(await screen.findByText(/960 tokens for \$0.0042/)).toBeVisible();
  expect(screen.getByText(/960 tokens, cost unknown/)).toBeVisible();
});

test("says why it may not train a model, all of it on a click", async () => {
  open({
    not_trainable: [
      {
        code: "unscored",
        sentence: "Nobody scored it yet, so it has no reward.",
        sentence_said: [],
      },
      { code: "no_tokens", sentence: "The tokens are not on record.", sentence_said: [] },
    ],
  });
  const training = within(await screen.findByRole("region", { name: "Training" }));

  await shown.user.click(training.getByText(/Nobody scored it yet.*And 1 more/));

  expect(training.getByText("The tokens are not on record.")).toBeVisible();
});

test("nothing against training is said, too", async () => {
  open({ not_trainable: [] });

  expect(await screen.findByText(/Nothing speaks against training/)).toBeVisible();
});

test("a reviewer is asked about it, once", async () => {
  const server = open({});
  server.answers["POST /t/main/annotations/"] = { id: "i1" };

  await shown.user.click(await screen.findByRole("button", { name: "Ask a reviewer" }));

  expect(await screen.findByRole("button", { name: "In the queue" })).toBeDisabled();
  expect(server.sent("POST /t/main/annotations/")[0]?.body).toEqual({ turn_id: "t1" });
});

test("the request is copied as a command, byte for byte, when somebody asks for it", async () => {
  const route = "GET /t/main/turns/t1/request/";
  const server = open({});
  server.answers[route] = new Response('{"model": "m",  "messages": []}');
  const button = await screen.findByRole("button", { name: "Copy as curl" });
  expect(server.sent(route)).toEqual([]);

  await shown.user.click(button);

  expect(await screen.findByRole("button", { name: "Copied" })).toBeVisible();
  const command = await navigator.clipboard.readText();
  expect(command).toContain("/v1/chat/completions'");
  expect(command).toContain(`--data-raw '{"model": "m",  "messages": []}'`);
});

test("a request that cannot be had says why", async () => {
  const server = open({});
  server.answers["GET /t/main/turns/t1/request/"] = problem(404, {
    code: "not_found",
    detail: "The request is not kept any more.",
  });

  await shown.user.click(await screen.findByRole("button", { name: "Copy as curl" }));

  expect(await screen.findByText("The request is not kept any more.")).toBeVisible();
});
