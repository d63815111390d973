import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { TaskSet, TrainingJob } from "@/client/contract";
import { anUpstream, aSession } from "@/testing/data";
import {
  aFunnel,
  aTrainer,
  aTrainingBudget,
  aTrainingJob,
  aTrainingPolicy,
} from "@/testing/data-training";
import { type Answer, FakeServer, page, problem } from "@/testing/fake-server";
import { FakeSocket } from "@/testing/fake-socket";
import { expectAccessible, renderConsole } from "@/testing/render";

const POLICIES = "/t/main/training/policies/";
const TASKS: TaskSet = {
  id: "s1",
  name: "digits",
  count: 24,
  sha256: "ab".repeat(32),
  created_at: "2026-11-20T12:00:00Z",
};
const IN_TWO_HOURS = () => new Date(Date.now() + 2 * 3_600_000 + 30_000).toISOString();

function serve(answers: Record<string, Answer> = {}) {
  return new FakeServer({
    [`GET ${POLICIES}`]: page([aTrainingPolicy()]),
    "GET /t/main/training/jobs/": page([aTrainingJob()]),
    "GET /t/main/training/funnel/": aFunnel(),
    "GET /t/main/training/budget/": aTrainingBudget(),
    "GET /t/main/training/checkpoints/": page([{ id: "k1", policy: "p1", step: 40 }]),
    "GET /t/main/training/windows/": {
      verdict: {
        is_open: false,
        code: "closed",
        sentence: "Sleep hours begin at 23:00.",
        closes_at: null,
        next_opens_at: IN_TWO_HOURS(),
      },
    },
    "GET /t/main/training/task-sets/": page([TASKS]),
    "GET /t/main/upstreams/": page([anUpstream(), aTrainer()]),
    "POST /t/main/upstreams/up2/test/": {
      ok: true,
      http_status: 200,
      latency_ms: 3,
      detail: "",
      models: ["local/demo-1"],
    },
    ...answers,
  });
}

test("shows how far each policy is, what is spent, and what may train", async () => {
  serve();
  renderConsole("/t/main/training");

  const row = within(
    (await screen.findByRole("link", { name: "helper" })).closest("li") as HTMLElement,
  );
  expect(row.getByText("local demo model")).toBeVisible();
  expect(await row.findByText("step 40 serves")).toBeVisible();
  expect(await row.findByRole("progressbar", { name: "Progress of helper" })).toHaveAttribute(
    "aria-valuetext",
    "2 of 20 steps",
  );
  expect(row.getByText("Step 3 is under way.")).toBeVisible();
  expect(await screen.findByRole("progressbar", { name: "Steps today" })).toHaveAttribute(
    "aria-valuenow",
    "90",
  );
  expect(screen.getByText("$1.25 of $5.00")).toBeVisible();
  expect(screen.getByText("812,000, no limit")).toBeVisible();
  expect(screen.getByText(/512,000 of the tokens were sampled for steps/)).toBeVisible();
  const kept = await screen.findByRole("list", { name: "Kept out" });
  expect(kept).toHaveTextContent(/300It was trained on already.*60Nobody scored/);
  expect(await screen.findByText("No window, the next opens in 2 h")).toBeVisible();
  await expectAccessible();
});

test.each([
  ["key_refused", "The trainer does not take the key.", "Open Upstreams", "/t/main/upstreams"],
  ["budget", "Today's limit of 200 steps is used.", "Limits and samples", "/t/main/training"],
  [
    "unknown_model",
    "The trainer has no base model x.",
    "Open the settings",
    "/t/main/training/p1?tab=settings",
  ],
])("a job stopped by %s says so, with a way on", async (reason, note, link, to) => {
  const status = "paused" as TrainingJob["status"];
  serve({ "GET /t/main/training/jobs/": page([aTrainingJob({ status, reason, note })]) });
  renderConsole("/t/main/training");

  expect(await screen.findByText(note, { exact: false })).toBeVisible();
  expect(screen.getByRole("link", { name: link })).toHaveAttribute("href", to);
});

test("a trainer that is not there now is tried again without anybody", async () => {
  const reason = "unreachable";
  const jobs = page([aTrainingJob({ reason, note: "Nobody answers at 127.0.0.1:30003." })]);
  serve({ "GET /t/main/training/jobs/": jobs });
  renderConsole("/t/main/training");

  expect(await screen.findByText(/It is tried again by itself/)).toBeVisible();
});

test("limits are typed in dollars and kept in millionths; an emptied one is none", async () => {
  const server = serve();
  server.answers["PATCH /t/main/training/budget/"] = aTrainingBudget({ daily_steps: null });
  const { user } = renderConsole("/t/main/training");

  await user.click(await screen.findByRole("button", { name: "Change limits" }));
  await user.clear(screen.getByLabelText("Steps a day"));
  await user.clear(screen.getByLabelText("Dollars a day"));
  await user.type(screen.getByLabelText("Dollars a day"), "2.5");
  await user.click(screen.getByRole("button", { name: "Save" }));

  expect(await screen.findByText("180, no limit")).toBeVisible();
  expect(server.sent("PATCH /t/main/training/budget/")[0]?.body).toEqual({
    daily_steps: null,
    daily_tokens: null,
    daily_micros: 2_500_000,
  });
});

test("without a policy it says what training needs, and makes one", async () => {
  const server = serve({
    [`GET ${POLICIES}`]: page([]),
    "GET /t/main/training/funnel/": aFunnel({ captured: 0, eligible: 0, refused: {} }),
  });
  server.answers[`POST ${POLICIES}`] = aTrainingPolicy();
  const { user, router } = renderConsole("/t/main/training");

  expect(await screen.findByText("Nothing is trained yet")).toBeVisible();
  expect(await screen.findByText("This machine is connected.")).toBeVisible();
  await expectAccessible();
  await user.click(screen.getByRole("button", { name: "New policy" }));
  const box = await screen.findByRole("dialog", { name: "New policy" });
  const form = within(box);
  await user.type(form.getByLabelText("Name"), "helper");
  await user.selectOptions(form.getByLabelText("Connection"), "This machine");
  await user.click(await form.findByRole("button", { name: "Use local/demo-1" }));
  expect(form.getByLabelText("Base model")).toHaveValue("local/demo-1");
  await expectAccessible(box);
  await user.click(form.getByRole("button", { name: "Create" }));

  await waitFor(() => expect(router.state.location.pathname).toBe("/t/main/training/p1"));
  expect(server.sent(`POST ${POLICIES}`)[0]?.body).toEqual({
    name: "helper",
    upstream: "up2",
    base_model: "local/demo-1",
    mode: "off",
    source: "turns",
  });
});

test("what a policy is refused for stands at its field, also behind More", async () => {
  const server = serve();
  server.answers[`POST ${POLICIES}`] = problem(422, {
    code: "training_policy_invalid",
    detail: "The loss dro has no bounds.",
    fields: { clip_low: ["For ppo and cispo."] },
  });
  const { user } = renderConsole("/t/main/training");

  await user.click(await screen.findByRole("button", { name: "New policy" }));
  const form = within(await screen.findByRole("dialog"));
  await user.type(form.getByLabelText("Name"), "helper");
  await user.selectOptions(await form.findByLabelText("Connection"), "up2");
  await user.type(form.getByLabelText("Base model"), "m");
  await user.click(form.getByRole("button", { name: "Create" }));

  expect(await form.findByText("The loss dro has no bounds.")).toBeVisible();
  expect(form.getByLabelText("Ratio at least")).toBeInvalid();
  expect(form.getByText("For ppo and cispo.")).toBeVisible();
});

test("without a Tinker connection the form says where to get one", async () => {
  serve({ "GET /t/main/upstreams/": page([anUpstream()]), [`GET ${POLICIES}`]: page([]) });
  const { user } = renderConsole("/t/main/training");

  expect(await screen.findByText("make trainer")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "New policy" }));

  const form = within(await screen.findByRole("dialog"));
  expect(await form.findByText("There is no Tinker connection yet")).toBeVisible();
  expect(form.getByRole("link", { name: "Upstreams" })).toHaveAttribute(
    "href",
    "/t/main/upstreams",
  );
});

test("a list that does not load says so, and is asked for again", async () => {
  const server = serve({ [`GET ${POLICIES}`]: problem(403, { detail: "Your role is too low." }) });
  const { user } = renderConsole("/t/main/training");

  expect(await screen.findByText("Your role is too low.")).toBeVisible();
  server.answers[`GET ${POLICIES}`] = page([aTrainingPolicy()]);
  await user.click(screen.getByRole("button", { name: "Try again" }));

  expect(await screen.findByRole("link", { name: "helper" })).toBeVisible();
});

test("progress is seen as it happens", async () => {
  const server = serve();
  renderConsole("/t/main/training");
  await screen.findByText("2 of 20 steps");

  server.answers["GET /t/main/training/jobs/"] = page([aTrainingJob({ done_steps: 3 })]);
  FakeSocket.last.announce("training.job");

  expect(await screen.findByText("3 of 20 steps")).toBeVisible();
});

test("who may only look sees why the buttons are off", async () => {
  serve({
    "GET /session/": aSession({
      tenants: [
        {
          slug: "main",
          name: "Acme",
          role: "viewer",
          is_simulated: false,
          is_demo: false,
          time_zone: "UTC",
        },
      ],
    }),
  });
  renderConsole("/t/main/training");

  const button = await screen.findByRole("button", { name: "New policy" });
  expect(button).toBeDisabled();
  expect(button).toHaveAttribute("title", "Admins and above set up training.");
});

test("a file of tasks is added; its broken lines are named", async () => {
  const server = serve();
  const SETS = "POST /t/main/training/task-sets/";
  server.answers[SETS] = problem(422, {
    code: "tasks_invalid",
    detail: "Line 3: the instruction is missing. (1 more lines are wrong.)",
    fields: { tasks: ["Line 3: the instruction is missing.", "Line 7: this is no JSON."] },
  });
  const { user } = renderConsole("/t/main/training");

  expect(await screen.findByText(/24 tasks/)).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Add" }));
  const box = await screen.findByRole("dialog", { name: "Add a task set" });
  const form = within(box);
  await user.upload(form.getByLabelText("File"), new File(["{}"], "letters.jsonl"));
  expect(form.getByLabelText("Name")).toHaveValue("letters");
  await user.click(form.getByRole("button", { name: "Add" }));
  expect(await form.findByText("Line 7: this is no JSON.")).toBeVisible();
  await expectAccessible(box);

  server.answers[SETS] = { ...TASKS, name: "letters", count: 1 };
  await user.click(form.getByRole("button", { name: "Add" }));

  expect(await screen.findByText("letters: 1 task.")).toBeVisible();
  const body = server.sent(SETS)[0]?.body as FormData;
  expect([body.get("name"), (body.get("file") as File).name]).toEqual(["letters", "letters.jsonl"]);
});

test("a task set is deleted after a question; one in use is not", async () => {
  const server = serve();
  server.answers["DELETE /t/main/training/task-sets/s1/"] = problem(409, {
    code: "task_set_in_use",
    detail: "The policy helper learns from it.",
  });
  const { user } = renderConsole("/t/main/training");

  await user.click(await screen.findByRole("button", { name: "Delete digits" }));
  await user.click(
    within(await screen.findByRole("dialog")).getByRole("button", { name: "Delete" }),
  );

  expect(await screen.findByText("The policy helper learns from it.")).toBeVisible();
});
