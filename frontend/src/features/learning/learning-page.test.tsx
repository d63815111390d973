import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { EvolutionRun, FailureCluster, LearningPolicy } from "@/client/contract";
import { FakeServer, page } from "@/testing/fake-server";
import { expectAccessible, renderConsole } from "@/testing/render";

const AT = "2026-11-21T12:00:00Z";
const POLICY: LearningPolicy = {
  on_failure: true,
  on_session_end: false,
  every_turns: null,
  success_below: null,
  success_window: 20,
  min_sessions: 2,
  evidence: "failures" as LearningPolicy["evidence"],
  daily_runs: 200,
  daily_tokens: null,
  daily_micros: null,
  is_paused: false,
  ledger_outcomes: 50,
  ledger_success_below: 30,
  ledger_lift_below: 0,
  ledger_unused_days: 60,
  ledger_merges: true,
  spares_corrected: false,
  state: "on" as LearningPolicy["state"],
  today: { runs: 3, tokens: 4200, micros: 0, ends_at: AT, capped_by: "" },
  held_at: null,
  held_reason: "",
  held_said: [],
  waived_judge: "",
};
const CLUSTER: FailureCluster = {
  id: "c1",
  state: "waiting" as FailureCluster["state"],
  reason: "",
  reason_said: [],
  tries: 0,
  size: 3,
  sessions: 1,
  sessions_missing: 1,
  proposal: null,
  slug: null,
  samples: [
    {
      turn_id: "t1",
      session_id: "s1",
      at: AT,
      user_text: "When?",
      follow_up: "",
      rationale: "The date is not ISO 8601.",
    },
  ],
  created_at: AT,
  updated_at: AT,
};
const RUN: EvolutionRun = {
  id: "r1",
  created_at: AT,
  outcome: "dead" as EvolutionRun["outcome"],
  reason: "The evolver did not answer in JSON.",
  reason_said: [],
  trigger: "session_end",
  cluster: "c2",
  proposal: null,
  slug: null,
  failures_shown: 2,
  author_model: "gpt-5",
  prompt_version: "evolver-v2",
  is_simulated: false,
  input_tokens: 1200,
  output_tokens: 300,
  tokens: 1500,
  cost_micros: 2500,
};

const PRECISION = [
  {
    author_model: "gpt-5",
    prompt_version: "evolver-v2",
    is_simulated: false,
    proposed: 9,
    approved: 6,
    edited: 2,
    rejected: 1,
    quarantined: 1,
    waiting: 1,
    precision: 0.75,
    last_at: AT,
  },
];

function serve(policy: Partial<LearningPolicy> = {}) {
  return new FakeServer({
    "GET /t/main/learning-policy/": { ...POLICY, ...policy },
    "PUT /t/main/learning-policy/": { ...POLICY, ...policy },
    "GET /t/main/failure-clusters/": page([
      CLUSTER,
      { ...CLUSTER, id: "c2", state: "dead", sessions_missing: 0, reason: "Not in JSON." },
    ]),
    "POST /t/main/failure-clusters/c2/retry/": { ...CLUSTER, id: "c2" },
    "GET /t/main/failure-clusters/c1/": { ...CLUSTER, size: 60 },
    "GET /t/main/evolution-runs/": page([RUN]),
    "GET /t/main/evolution-runs/r1/": {
      ...RUN,
      outcome: "proposed",
      reason: "",
      proposal: "p1",
      slug: "iso-dates",
      turns: CLUSTER.samples,
    },
    "POST /t/main/evolution-runs/": POLICY,
    "GET /t/main/evolvers/": { results: PRECISION },
  });
}

test("shows what waits and for what, and what a run came to and cost", async () => {
  serve();
  renderConsole("/t/main/learning");
  expect(await screen.findByText("Waits for 1 more session that shows it.")).toBeVisible();
  expect(screen.getAllByText("3 turns of 1 session")).toHaveLength(2);
  const row = (await screen.findByText("session end")).closest("tr") as HTMLElement;
  expect(row).toHaveTextContent("1,500");
  expect(row).toHaveTextContent("$0.0025");
  expect(row).toHaveTextContent("The evolver did not answer in JSON.");
  await expectAccessible();
});

test("a run has an address: what it was shown, and what came of it", async () => {
  serve();
  const { user, router } = renderConsole("/t/main/learning?run=r1");
  const run = within(await screen.findByRole("dialog", { name: "Run of the evolver" }));

  expect(await run.findByRole("link", { name: "Proposal iso-dates" })).toHaveAttribute(
    "href",
    "/t/main/review/p1",
  );
  expect(run.getByRole("link", { name: "“When?”" })).toHaveAttribute("href", "/t/main/turns/t1");
  expect(run.getByRole("link", { name: "its pattern of failures" })).toHaveAttribute(
    "href",
    "/t/main/learning?pattern=c2",
  );
  await expectAccessible(screen.getByRole("dialog"));

  await user.click(run.getByRole("button", { name: "Close" }));
  expect(router.state.location.search).toEqual({});
});

test("a pattern opens from the list, with its turns and the runs about it", async () => {
  const server = serve();
  const { user, router } = renderConsole("/t/main/learning");

  const [first] = await screen.findAllByRole("link", { name: "The date is not ISO 8601." });
  await user.click(first as HTMLElement);

  const pattern = within(await screen.findByRole("dialog", { name: "Pattern of failures" }));
  expect(router.state.location.search).toEqual({ pattern: "c1" });
  expect(await pattern.findByText("59 earlier turns besides.")).toBeVisible();
  expect(pattern.getByText("Waits for 1 more session that shows it.")).toBeVisible();
  expect(pattern.getByRole("link", { name: "“When?”" })).toHaveAttribute(
    "href",
    "/t/main/turns/t1",
  );
  await waitFor(() => expect(pattern.getByText("given up")).toBeVisible());
  expect(server.sent("GET /t/main/evolution-runs/").at(-1)?.query.get("cluster")).toBe("c1");
  await expectAccessible(screen.getByRole("dialog"));
});

test("shows how much of what an evolver proposes is taken", async () => {
  serve();
  renderConsole("/t/main/learning");
  const table = await screen.findByRole("table", { name: "Precision" });
  expect(table).toHaveTextContent("gpt-5, evolver-v2");
  expect(table).toHaveTextContent("75%");
});

test("thresholds of the ledger are saved; an emptied one is none", async () => {
  const server = serve();
  const { user } = renderConsole("/t/main/learning");
  await user.clear(await screen.findByLabelText("Or unused for so many days"));
  await user.click(screen.getByRole("checkbox", { name: /Propose to merge/ }));
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(server.sent("PUT /t/main/learning-policy/")).toHaveLength(1));
  expect(server.sent("PUT /t/main/learning-policy/")[0]?.body).toMatchObject({
    ledger_unused_days: null,
    ledger_merges: false,
  });
});

test("money is typed in dollars and kept in millionths", async () => {
  const server = serve();
  const { user } = renderConsole("/t/main/learning");
  await user.type(await screen.findByLabelText("Dollars a day"), "2.5");
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(server.sent("PUT /t/main/learning-policy/")).toHaveLength(1));
  expect(server.sent("PUT /t/main/learning-policy/")[0]?.body).toMatchObject({
    daily_micros: 2_500_000,
  });
});

test("a dead pattern is tried again", async () => {
  const server = serve();
  const { user } = renderConsole("/t/main/learning");
  await user.click(await screen.findByRole("button", { name: "Try again" }));
  await waitFor(() =>
    expect(server.sent("POST /t/main/failure-clusters/c2/retry/")).toHaveLength(1),
  );
});

test("rules are saved; an emptied limit is none", async () => {
  const server = serve();
  const { user } = renderConsole("/t/main/learning");
  const least = await screen.findByLabelText("Different sessions before proposing");
  await user.clear(least);
  await user.type(least, "4");
  await user.clear(screen.getByLabelText("Runs a day"));
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(server.sent("PUT /t/main/learning-policy/")).toHaveLength(1));
  expect(server.sent("PUT /t/main/learning-policy/")[0]?.body).toMatchObject({
    min_sessions: 4,
    daily_runs: null,
  });
});

test("says that it is paused, and that a limit is reached", async () => {
  serve({ state: "capped", today: { ...POLICY.today, capped_by: "tokens" } } as never);
  renderConsole("/t/main/learning");
  expect(await screen.findByText(/limit of tokens is reached/)).toBeVisible();
  expect(screen.getByRole("button", { name: "Learn now" })).toBeEnabled();
});

test("says why it paused itself, and goes on by hand", async () => {
  const server = serve({
    state: "held" as LearningPolicy["state"],
    held_at: AT,
    held_reason: "fake-1 and people said the same of 40 % of 30 turns; the level is 60 %.",
  });
  server.answers["POST /t/main/learning-policy/resume/"] = () => {
    server.answers["GET /t/main/learning-policy/"] = { ...POLICY, waived_judge: "fake-1" };
    return POLICY;
  };
  const { user } = renderConsole("/t/main/learning");

  expect(await screen.findByText(/40 % of 30 turns; the level is 60 %/)).toBeVisible();
  expect(screen.getByRole("button", { name: "Learn now" })).toBeDisabled();
  await user.click(screen.getByRole("button", { name: "Go on all the same" }));

  expect(await screen.findByText(/although people differ with fake-1/)).toBeVisible();
});
