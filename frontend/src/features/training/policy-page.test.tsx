import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import type {
  Checkpoint,
  CheckpointDetail,
  CheckpointStatus,
  Gate,
  TrainingJob,
} from "@/client/contract";
import { NOW } from "@/testing/data";
import {
  aCheckpoint,
  aTrainer,
  aTrainingBudget,
  aTrainingJob,
  aTrainingJobDetail,
  aTrainingPolicy,
} from "@/testing/data-training";
import { type Answer, FakeServer, page, problem } from "@/testing/fake-server";
import { FakeSocket } from "@/testing/fake-socket";
import { expectAccessible, renderConsole } from "@/testing/render";

const POLICY = "/t/main/training/policies/p1/";
const JOBS = "/t/main/training/jobs/";
const CHECKPOINTS = "/t/main/training/checkpoints/";
const GATE: Gate = {
  id: "g1",
  stage: "heldout" as Gate["stage"],
  status: "passed" as Gate["status"],
  baseline_path: "",
  judge_tokens: 4096,
  cost_micros: null,
  reason: "",
  note: "Not worse than what serves.",
  note_said: [],
  margin: 0.05,
  result: {
    skipped: 1,
    pairs: 23,
    wins: 12,
    ties: 7,
    losses: 4,
    difference: 0.12,
    low: 0.02,
    high: 0.22,
    margin: 0.05,
    checks: [
      {
        code: "repetition",
        title: "Repetition",
        baseline: 0.01,
        candidate: 0.3,
        limit: 0.1,
        is_broken: true,
      },
    ],
  },
  case_count: 24,
  done_count: 24,
  is_simulated: true,
  by_hand: false,
  actor: "Mira",
  created_at: NOW,
  ended_at: NOW,
};

const detailOf = (checkpoint: Checkpoint): CheckpointDetail => ({
  ...checkpoint,
  gates: [GATE],
  trials: [],
});

function serve(answers: Record<string, Answer> = {}, checkpoints = [aCheckpoint()]) {
  return new FakeServer({
    [`GET ${POLICY}`]: aTrainingPolicy(),
    [`POST ${POLICY}check/`]: { is_ready: true, reason: "", detail: "", models: [] },
    [`GET ${JOBS}`]: page([aTrainingJob()]),
    [`GET ${JOBS}j1/`]: aTrainingJobDetail(),
    [`GET ${CHECKPOINTS}`]: page(checkpoints),
    ...Object.fromEntries(
      checkpoints.map((one) => [`GET ${CHECKPOINTS}${one.id}/`, detailOf(one)]),
    ),
    "GET /t/main/training/windows/": {
      verdict: { is_open: true, code: "open", sentence: "Sleep hours.", closes_at: null },
    },
    "GET /t/main/training/budget/": aTrainingBudget(),
    "GET /t/main/training/rollouts/": page([]),
    "GET /t/main/upstreams/": page([aTrainer()]),
    ...answers,
  });
}

const status = (name: string) => name as TrainingJob["status"];

test("draws the job under way, and says each value in words", async () => {
  serve();
  renderConsole("/t/main/training/p1");

  const reward = await screen.findByRole("slider", { name: "Reward, by step" });
  expect(reward).toHaveAttribute("aria-valuetext", "step 2: 0.5 (−1 to 1)");
  fireEvent.change(reward, { target: { value: "0" } });
  expect(reward).toHaveAttribute("aria-valuetext", "step 1: 0.25 (−1 to 1)");
  // All charts stand on the same step.
  expect(screen.getByRole("slider", { name: "KL, by step" })).toHaveAttribute(
    "aria-valuetext",
    "step 1: 0.002",
  );
  expect(screen.queryByRole("slider", { name: /Clip fraction/ })).toBeNull();
  const steps = within(screen.getByRole("table", { name: "Steps" }));
  expect(steps.getByText("sent 2 times")).toBeVisible();
  expect(steps.getByText("is with the trainer")).toBeVisible();
  await screen.findByText("Not worse than what serves.");
  await expectAccessible();
});

test("the curves grow while it trains", async () => {
  const server = serve();
  renderConsole("/t/main/training/p1");
  await screen.findByRole("slider", { name: "Reward, by step" });

  const { steps } = aTrainingJobDetail();
  const third = { ...steps[1], number: 3, metrics: { reward: 0.75 } } as (typeof steps)[number];
  server.answers[`GET ${JOBS}j1/`] = aTrainingJobDetail({ steps: [...steps.slice(0, 2), third] });
  FakeSocket.last.announce("training.job");

  await waitFor(() =>
    expect(screen.getByRole("slider", { name: "Reward, by step" })).toHaveAttribute(
      "aria-valuetext",
      "step 3: 0.75",
    ),
  );
});

test.each([
  ["running", "Pause", "pause"],
  ["paused", "Resume", "resume"],
  ["waiting_window", "Train now", "resume"],
])("a job that is %s: %s", async (was, button, path) => {
  const server = serve({ [`GET ${JOBS}`]: page([aTrainingJob({ status: status(was) })]) });
  server.answers[`POST ${JOBS}j1/${path}/`] = aTrainingJobDetail();
  const { user } = renderConsole("/t/main/training/p1");

  await user.click(await screen.findByRole("button", { name: button }));

  await waitFor(() => expect(server.sent(`POST ${JOBS}j1/${path}/`)).toHaveLength(1));
  const [call] = server.sent(`POST ${JOBS}j1/${path}/`);
  if (path === "resume") expect(call?.body).toEqual({ is_now: button === "Train now" });
});

test("cancelling asks once more", async () => {
  const server = serve();
  server.answers[`POST ${JOBS}j1/cancel/`] = aTrainingJobDetail({ wants_cancel: true });
  const { user } = renderConsole("/t/main/training/p1");

  await user.click(await screen.findByRole("button", { name: "Cancel" }));
  const dialog = within(await screen.findByRole("dialog"));
  await user.click(dialog.getByRole("button", { name: "Cancel the job" }));

  expect(await screen.findByText("The job ends after the step in hand.")).toBeVisible();
});

test("a policy that was never trained offers the smallest try, and says a refusal", async () => {
  const server = serve({ [`GET ${JOBS}`]: page([]) }, []);
  server.answers[`POST ${JOBS}`] = problem(409, {
    code: "training_job_already_active",
    detail: "A job of this policy is under way.",
  });
  const { user } = renderConsole("/t/main/training/p1");

  expect(await screen.findByText(/“One step” is the smallest try/)).toBeVisible();
  expect(await screen.findByText("No checkpoint yet")).toBeVisible();
  await expectAccessible();
  await user.click(screen.getByRole("button", { name: "One step" }));

  expect(await screen.findByText("A job of this policy is under way.")).toBeVisible();
  expect(server.sent(`POST ${JOBS}`)[0]?.body).toEqual({ policy: "p1", is_now: true, steps: 1 });
});

test("a trainer that could not begin is known before a job finds out", async () => {
  const detail = "The trainer has no base model local/demo-1.";
  const found = { is_ready: false, reason: "unknown_model", detail, models: ["a/b"] };
  serve({ [`POST ${POLICY}check/`]: found });
  renderConsole("/t/main/training/p1");

  expect(await screen.findByText(detail)).toBeVisible();
  expect(screen.getByText(/It has a\/b\./)).toBeVisible();
  expect(screen.getByRole("link", { name: "Choose another base model" })).toBeVisible();
});

test("a gate's result is shown with its interval and what it broke", async () => {
  serve();
  renderConsole("/t/main/training/p1");

  const gate = within(
    await screen.findByRole("region", { name: "Gate of step 40: Held-out prompts" }),
  );
  expect(gate.getByText("(+0.02 to +0.22)")).toBeVisible();
  expect(gate.getByText(/23 prompts: 12 better, 7 the same, 4 worse; 1 could not/)).toBeVisible();
  expect(gate.getByText("0.3, was 0.01, limit 0.1")).toBeVisible();
  expect(gate.getByText("simulated")).toBeVisible();
});

test("a checkpoint is promoted after a question; a refusal stays in the dialog", async () => {
  const server = serve();
  server.answers[`POST ${CHECKPOINTS}k1/promote/`] = problem(409, {
    code: "cannot_serve",
    detail: "The policy has no public model name.",
  });
  const { user } = renderConsole("/t/main/training/p1");

  await user.click(await screen.findByRole("button", { name: "Promote" }));
  const dialog = within(
    await screen.findByRole("dialog", { name: "Let step 40 answer every session?" }),
  );
  await user.click(dialog.getByRole("button", { name: "Promote" }));
  expect(await dialog.findByText("The policy has no public model name.")).toBeVisible();
  server.answers[`POST ${CHECKPOINTS}k1/promote/`] = detailOf(aCheckpoint({ status: "serving" }));
  await user.click(dialog.getByRole("button", { name: "Promote" }));

  expect(await screen.findByText("Step 40 serves.")).toBeVisible();
});

test.each<[CheckpointStatus, string, string, object, object]>([
  ["passed", "Canary", "canary", { "Percent of the sessions": "25" }, { share: 0.25 }],
  ["rejected", "Pass by hand", "pass", { Why: "I know better." }, { reason: "I know better." }],
])("%s: %s", async (was, button, path, typed, body) => {
  const server = serve({}, [aCheckpoint({ status: was })]);
  server.answers[`POST ${CHECKPOINTS}k1/${path}/`] = detailOf(aCheckpoint());
  const { user } = renderConsole("/t/main/training/p1");

  await user.click(await screen.findByRole("button", { name: button }));
  const box = await screen.findByRole("dialog");
  const dialog = within(box);
  for (const [label, text] of Object.entries(typed)) {
    await user.clear(dialog.getByLabelText(label));
    await user.type(dialog.getByLabelText(label), text);
  }
  await expectAccessible(box);
  await user.keyboard("{Tab}{Tab}{Enter}");

  await waitFor(() => expect(server.sent(`POST ${CHECKPOINTS}k1/${path}/`)).toHaveLength(1));
  expect(server.sent(`POST ${CHECKPOINTS}k1/${path}/`)[0]?.body).toEqual(body);
});

test("what serves is rolled back for the whole policy", async () => {
  const server = serve({}, [aCheckpoint({ status: "serving" })]);
  server.answers[`POST ${POLICY}rollback/`] = detailOf(aCheckpoint({ status: "retired" }));
  const { user } = renderConsole("/t/main/training/p1");

  await user.click(await screen.findByRole("button", { name: "Roll back" }));
  const dialog = within(await screen.findByRole("dialog"));
  await user.type(dialog.getByLabelText("Why"), "Too long");
  await user.click(dialog.getByRole("button", { name: "Roll back" }));

  expect(await screen.findByText("Step 40 was taken back.")).toBeVisible();
  expect(server.sent(`POST ${POLICY}rollback/`)[0]?.body).toEqual({ reason: "Too long" });
});

test("an earlier job's curves have an address of their own", async () => {
  const earlier = aTrainingJob({ id: "j0", status: status("done"), ended_at: NOW });
  serve({
    [`GET ${JOBS}`]: page([aTrainingJob(), earlier]),
    [`GET ${JOBS}j0/`]: aTrainingJobDetail({ id: "j0", steps: [] }),
  });
  renderConsole("/t/main/training/p1?job=j0");

  expect(await screen.findByText("Curves of an earlier job")).toBeVisible();
  expect(await screen.findByText("This job ended before its first step was done.")).toBeVisible();
});

test("an address opens a checkpoint, however old, and comes to it", async () => {
  const seen: Element[] = [];
  vi.spyOn(Element.prototype, "scrollIntoView").mockImplementation(function (this: Element) {
    seen.push(this);
  });
  const older = Array.from({ length: 9 }, (_, i) =>
    aCheckpoint({ id: `c${i}`, step: 90 - i, status: "retired" as CheckpointStatus }),
  );
  serve({
    [`GET ${CHECKPOINTS}`]: page(older),
    [`GET ${CHECKPOINTS}c8/`]: {
      ...aCheckpoint({ id: "c8", step: 82 }),
      gates: [],
      trials: [],
    },
  });
  renderConsole("/t/main/training/p1?checkpoint=c8");

  const card = await screen.findByRole("button", { name: /Step 82/ });
  expect(card).toHaveAttribute("aria-expanded", "true");
  expect(seen.some((one) => one.contains(card))).toBe(true);
  expect(screen.getByRole("button", { name: /Step 85/ })).toHaveAttribute("aria-expanded", "false");
});

test("only the settings that were changed are sent", async () => {
  const server = serve();
  server.answers[`PATCH ${POLICY}`] = aTrainingPolicy({ steps_per_job: 5, canary_share: 0.07 });
  const { user } = renderConsole("/t/main/training/p1?tab=settings");

  await user.click(await screen.findByText("More: steps, loss, teacher, price, serving, gate"));
  await user.clear(screen.getByLabelText("Steps in a job"));
  await user.type(screen.getByLabelText("Steps in a job"), "5");
  await user.type(screen.getByLabelText("Canary, percent of sessions"), "7");
  await user.click(screen.getByRole("button", { name: "Save" }));

  expect(await screen.findByText("helper saved.")).toBeVisible();
  expect(server.sent(`PATCH ${POLICY}`)[0]?.body).toEqual({ steps_per_job: 5, canary_share: 0.07 });
  expect(screen.getByRole("button", { name: "Save" })).toBeDisabled();
  await expectAccessible();
});

test("a policy that is not there says so", async () => {
  serve({ [`GET ${POLICY}`]: problem(404, { detail: "This does not exist." }) });
  renderConsole("/t/main/training/p1");

  expect(await screen.findByText("This does not exist.")).toBeVisible();
});
