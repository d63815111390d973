import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { BackgroundJob } from "@/client/contract";
import { anOverview, aSession } from "@/testing/data";
import { FakeServer, page, problem } from "@/testing/fake-server";
import { FakeSocket } from "@/testing/fake-socket";
import { expectAccessible, renderConsole } from "@/testing/render";

const LIST = "GET /t/main/jobs/";
const RETRY = "POST /t/main/jobs/job-1/retry/";
const aJob = (change: Partial<BackgroundJob> = {}): BackgroundJob => ({
  id: "job-1",
  kind: "trajectories.judge_turn",
  queue: "fast",
  status: "dead",
  attempts: 5,
  max_attempts: 5,
  crashes: 0,
  last_error: "The provider refused the key.",
  last_error_said: [],
  created_at: "2026-11-20T12:00:00Z",
  run_after: "2026-11-20T12:00:00Z",
  updated_at: "2026-11-20T12:05:00Z",
  finished_at: "2026-11-20T12:05:00Z",
  ...change,
});
const only = async () =>
  within(
    within(await screen.findByRole("list", { name: "Jobs, newest first" })).getByRole("listitem"),
  );

test("a job that was given up says why, and can be tried again", async () => {
  const server = new FakeServer({ [LIST]: page([aJob()]), [RETRY]: aJob({ status: "queued" }) });
  const { user } = renderConsole("/t/main/jobs");

  const job = await only();
  expect(job.getByText("Score a turn")).toBeVisible();
  expect(job.getByText("given up")).toBeVisible();
  expect(job.getByText("The provider refused the key.")).toBeVisible();
  expect(job.getByText("5 failed tries of 5")).toBeVisible();
  await expectAccessible();
  server.answers[LIST] = page([aJob({ status: "queued", attempts: 0, finished_at: null })]);
  await user.click(job.getByRole("button", { name: /Try again: Score a turn/ }));

  expect(await screen.findByText("It is tried again.")).toBeVisible();
  expect(await (await only()).findByText("waiting")).toBeVisible();
  expect(screen.queryByRole("button", { name: /Try again/ })).toBeNull();
  expect(server.sent(RETRY)).toHaveLength(1);
});

test("jobs move on an open page by themselves, and so do their numbers", async () => {
  const OVERVIEW = "GET /t/main/overview/";
  const server = new FakeServer({
    [LIST]: page([aJob({ status: "running", finished_at: null })]),
    [OVERVIEW]: anOverview({ jobs: { queued: 0, running: 1, dead: 0 } }),
  });
  renderConsole("/t/main/jobs");
  expect(await (await only()).findByText("running")).toBeVisible();
  FakeSocket.last.accept();
  await screen.findByRole("option", { name: "running (1)" });

  server.answers[LIST] = page([aJob()]);
  server.answers[OVERVIEW] = anOverview({ jobs: { queued: 0, running: 0, dead: 1 } });
  FakeSocket.last.announce("jobs.job");

  expect(await (await only()).findByText("given up")).toBeVisible();
  expect(await screen.findByRole("option", { name: "given up (1)" })).toBeVisible();
});

test("what cannot be tried again says why", async () => {
  const refused = problem(409, {
    code: "jobs_job_waits_already",
    detail: "The same work waits already, as a newer job.",
  });
  new FakeServer({ [LIST]: page([aJob()]), [RETRY]: refused });
  const { user } = renderConsole("/t/main/jobs");

  await user.click((await only()).getByRole("button", { name: /Try again/ }));

  expect(await screen.findByText("The same work waits already, as a newer job.")).toBeVisible();
});

test("work that goes on is not offered for another try, and an old error of what is done is gone", async () => {
  new FakeServer({
    [LIST]: page([
      aJob({ id: "a", status: "running", attempts: 1, crashes: 2, finished_at: null }),
      aJob({ id: "b", status: "done", kind: "unknown.work" }),
    ]),
  });
  renderConsole("/t/main/jobs");

  expect(await screen.findByText("1 failed try of 5, 2 workers died with it")).toBeVisible();
  expect(screen.getByText("unknown work")).toBeVisible();
  expect(screen.getAllByText("The provider refused the key.")).toHaveLength(1);
  expect(screen.queryByRole("button", { name: /Try again/ })).toBeNull();
});

test("filters live in the address, with how many there are of each", async () => {
  const server = new FakeServer({
    [LIST]: page([]),
    "GET /t/main/overview/": anOverview({ jobs: { queued: 0, running: 0, dead: 3 } }),
  });
  const { router, user } = renderConsole("/t/main/jobs?status=dead&kind=nonsense%20%00");
  expect(await screen.findByText("Nothing was given up")).toBeVisible();
  expect(await screen.findByRole("option", { name: "given up (3)" })).toBeVisible();

  await user.selectOptions(screen.getByLabelText("Kind"), "Score a turn");
  await user.selectOptions(screen.getByLabelText("Status"), "done");

  await waitFor(() =>
    expect(router.state.location.search).toEqual({
      status: "done",
      kind: "trajectories.judge_turn",
    }),
  );
  const sent = server.sent(LIST).at(-1)?.query;
  expect([sent?.get("status"), sent?.get("kind")]).toEqual(["done", "trajectories.judge_turn"]);
});

test("who may not see single jobs is told so, and nothing is asked", async () => {
  const server = new FakeServer({
    [LIST]: page([aJob()]),
    "GET /session/": aSession({
      tenants: [
        {
          slug: "main",
          name: "Acme",
          role: "reviewer",
          is_simulated: false,
          is_demo: false,
          time_zone: "UTC",
        },
      ],
    }),
  });
  renderConsole("/t/main/jobs");

  expect(await screen.findByText(/Admins and above see single jobs/)).toBeVisible();
  expect(server.sent(LIST)).toEqual([]);
  await expectAccessible();
});
