import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { anOverview, NOW } from "@/testing/data";
import { aTrainingJob } from "@/testing/data-training";
import { WINDOWS } from "@/testing/data-windows";
import { FakeServer, page, problem } from "@/testing/fake-server";
import { FakeSocket } from "@/testing/fake-socket";
import { expectAccessible, renderConsole } from "@/testing/render";

async function stage(name: string) {
  const label = await screen.findByText(name, { selector: "li p" });
  return within(label.closest("li") as HTMLElement);
}

test("every number of the loop leads to its rows", async () => {
  new FakeServer();
  renderConsole("/t/main/overview");

  expect((await stage("Failing turns")).getByRole("link", { name: "26" })).toHaveAttribute(
    "href",
    "/t/main/turns?outcome=failed",
  );
  expect((await stage("Serving")).getByRole("link", { name: "3 learned" })).toHaveAttribute(
    "href",
    "/t/main/skills?source=evolved",
  );
  expect(screen.getByRole("link", { name: /neutral/ })).toHaveAttribute(
    "href",
    "/t/main/turns?outcome=neutral",
  );
});

test("the button to review is there only while something waits", async () => {
  const server = new FakeServer();
  renderConsole("/t/main/overview");
  expect((await stage("Skills to review")).getByRole("link", { name: "Review" })).toBeVisible();

  server.answers["GET /t/main/overview/"] = anOverview({
    review: { pending: 0, oldest_at: null },
  });
  FakeSocket.last.accept();
  FakeSocket.last.announce("evolution.proposal");

  expect(await screen.findByText("nothing waits")).toBeVisible();
  expect((await stage("Skills to review")).queryByRole("link", { name: "Review" })).toBeNull();
});

test("what went live is named at its time and leads to the skill", async () => {
  const moment = { actor: "Mira", detail: "", at: NOW };
  new FakeServer({
    "GET /t/main/overview/": anOverview({
      moments: [
        { ...moment, id: "1", action: "proposal.approved", subject: "retry-tool-call" },
        { ...moment, id: "2", action: "checkpoint.promoted", subject: "support@12" },
      ],
    }),
  });
  renderConsole("/t/main/overview");

  const list = within(await screen.findByRole("list", { name: "What went live" }));
  expect(list.getByRole("link", { name: "retry-tool-call" })).toHaveAttribute(
    "href",
    "/t/main/skills/retry-tool-call",
  );
  expect(list.getByRole("link", { name: "support@12" })).toHaveAttribute(
    "href",
    "/t/main/training",
  );
});

test("training stands in the loop with how far it is and when it may go on", async () => {
  new FakeServer({
    "GET /t/main/training/jobs/": page([
      aTrainingJob({ status: "waiting_window", done_steps: 3, planned_steps: 12 }),
    ]),
    "GET /t/main/training/windows/": WINDOWS,
  });
  renderConsole("/t/main/overview");

  const training = await stage("Training of helper");
  expect(training.getByRole("link", { name: "25%" })).toHaveAttribute(
    "href",
    expect.stringContaining("/t/main/training/"),
  );
  expect(training.getByText(/^window in /)).toBeVisible();
  expect(screen.getByText("Training windows, next 24 hours")).toBeVisible();
});

test("spending stands against the budgets, the fullest first", async () => {
  const limit = { id: "l", scope: "tenant", subject_name: "", created_at: NOW, month_micros: null };
  const ends = { day_ends_at: NOW, month_ends_at: NOW, month_micros: 0 };
  new FakeServer({
    "GET /t/main/usage/now/": page([
      { ...ends, limit: { ...limit, day_micros: 10_000_000 }, day_micros: 1_000_000 },
      {
        ...ends,
        limit: { ...limit, id: "k", scope: "key", subject_name: "ci", day_micros: 2_000_000 },
        day_micros: 1_900_000,
      },
    ]),
  });
  renderConsole("/t/main/overview");

  const bars = await screen.findAllByRole("progressbar");
  expect(bars.map((bar) => bar.getAttribute("aria-label"))).toEqual([
    "ci, today",
    "Workspace, today",
  ]);
  expect(bars[0]).toHaveAttribute("aria-valuetext", "$1.90 of $2.00");
});

test("the chart has its numbers as a table", async () => {
  new FakeServer();
  renderConsole("/t/main/overview");

  const table = await screen.findByRole("table", { name: "Turns by hour", hidden: true });
  expect(within(table).getAllByRole("row", { hidden: true })).toHaveLength(25);
});

test("a failing server is said, and asked again on request", async () => {
  const server = new FakeServer({
    "GET /t/main/overview/": problem(503, { code: "down", detail: "The database is away." }),
  });
  const { user } = renderConsole("/t/main/overview");
  expect(await screen.findByText("The database is away.", {}, { timeout: 5000 })).toBeVisible();

  server.answers["GET /t/main/overview/"] = anOverview();
  await user.click(screen.getByRole("button", { name: "Try again" }));

  expect(await screen.findByText("Success rate")).toBeVisible();
});

test("jobs that gave up are not hidden", async () => {
  new FakeServer({
    "GET /t/main/overview/": anOverview({ jobs: { queued: 0, running: 0, dead: 2 } }),
  });
  renderConsole("/t/main/overview");

  expect(await screen.findByText(/2 background jobs gave up/)).toBeVisible();
});

test("activity says what was done to what", async () => {
  const event = { id: "e1", at: "2026-11-20T12:00:00Z", actor: "Mira", detail: "" };
  new FakeServer({
    "GET /t/main/overview/": anOverview({
      activity: [
        { ...event, id: "e1", action: "skill.published", subject: "refund-policy" },
        { ...event, id: "e2", action: "skills.imported", subject: "12 skills" },
        { ...event, id: "e3", action: "settings.changed", subject: "" },
      ],
    }),
  });
  renderConsole("/t/main/overview");

  const subject = await screen.findByText("refund-policy");
  expect(subject.parentElement).toHaveTextContent(/^refund-policy skill published$/);
  expect(screen.getByText("12 skills").parentElement).toHaveTextContent(/^12 skills imported$/);
  expect(screen.getByText("Settings changed")).toBeVisible();
});

test("has no accessibility violations", async () => {
  new FakeServer();
  renderConsole("/t/main/overview");

  await screen.findByText("Success rate");
  await expectAccessible();
});
