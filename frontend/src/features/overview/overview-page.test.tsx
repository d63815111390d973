import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { anOverview } from "@/testing/data";
import { FakeServer, problem } from "@/testing/fake-server";
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
  expect((await stage("Learned skills")).getByRole("link", { name: "3" })).toHaveAttribute(
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
