import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { TurnDetail } from "@/client/contract";
import { aSession, aSkill, aSkillDetail, aTurnDetail } from "@/testing/data";
import { aReplaySample, aTurnReplay } from "@/testing/data-replays";
import { FakeServer, page, problem } from "@/testing/fake-server";
import { FakeSocket } from "@/testing/fake-socket";
import { expectAccessible, renderConsole } from "@/testing/render";

const LIST = "GET /t/main/replays/";
const ONE = "GET /t/main/replays/r9/";
const START = "POST /t/main/turns/t1/replays/";

function serve(replays: ReturnType<typeof aTurnReplay>[], change: Partial<TurnDetail> = {}) {
  return new FakeServer({
    "GET /t/main/turns/t1/": aTurnDetail({ id: "t1", ...change }),
    "GET /t/main/proposals/": page([]),
    "GET /t/main/skills/": page([aSkill(), aSkill({ slug: "iso-dates" })]),
    "GET /t/main/skills/refund-policy/": aSkillDetail(),
    "GET /t/main/skills/iso-dates/": aSkillDetail({ slug: "iso-dates" }),
    [LIST]: page(replays),
    [ONE]: replays[0] ?? problem(404),
  });
}

const open = () => renderConsole("/t/main/turns/t1");
const part = (name: string | RegExp) => screen.findByRole("region", { name });

test("the recorded answer, those without and those with it stand side by side", async () => {
  serve([aTurnReplay({ is_simulated: true })]);
  open();

  expect(within(await part("Recorded")).getByText("Yes, within 30 days.")).toBeVisible();
  const without = within(await part("Without refund-policy@2"));
  expect(without.getByText("It ships on 3/10.")).toBeVisible();
  expect(without.getByText(/The date can be read two ways/)).toBeVisible();
  const having = within(await part("With refund-policy@2"));
  expect(having.getByText("It ships on 2026-03-10.")).toBeVisible();
  expect(having.getByText(/^61 in, 9 out/)).toBeVisible();
  expect(screen.getByText("One turn, no verdict")).toBeVisible();
  expect(screen.getAllByText("simulated").length).toBeGreaterThan(0);
  await expectAccessible();
});

test("another version than the turn had is held against the one it had", async () => {
  serve([aTurnReplay({ version: 3 })]);
  open();

  expect(await part("With v2, as recorded")).toBeVisible();
  expect(await part("With refund-policy@3")).toBeVisible();
});

test("any two answers can be compared word by word", async () => {
  const samples = [aReplaySample(), aReplaySample({ text: "It ships in March." })];
  const tried = aTurnReplay().cases[0];
  serve([aTurnReplay({ cases: tried ? [{ ...tried, without: samples }] : [] })]);
  const { user } = open();

  await user.click(await screen.findByText("Compare two answers word by word"));
  expect(screen.getByLabelText("On the right")).toHaveDisplayValue("With, answer 1");
  await user.selectOptions(screen.getByLabelText("On the left"), "Without, answer 2");

  const table = screen.getByRole("table", { name: /Before on the left/ });
  expect(table).toHaveTextContent("It ships in March.");
  expect(table).toHaveTextContent("2026-03-10");
});

test("by default it is asked without what it had; samples are a choice", async () => {
  const server = serve([]);
  server.answers[START] = [aTurnReplay({ status: "running", cases: [] })];
  const { user } = open();

  await user.click(await screen.findByRole("button", { name: /With or without a skill/ }));
  expect(screen.getByLabelText("Skill")).toHaveDisplayValue("the one it had");
  await user.clear(screen.getByLabelText("Answers of each kind"));
  await user.type(screen.getByLabelText("Answers of each kind"), "3");
  server.answers[LIST] = page([aTurnReplay({ status: "running", done_count: 0 })]);
  await user.click(screen.getByRole("button", { name: "Ask again" }));

  expect(await screen.findByText("Trying: 0 of 1 turns")).toBeVisible();
  expect(server.sent(START)[0]?.body).toEqual({ samples: 3 });
});

test("another version, or another skill, can be chosen", async () => {
  const server = serve([]);
  server.answers[START] = [aTurnReplay()];
  const { user } = open();
  await user.click(await screen.findByRole("button", { name: /With or without a skill/ }));

  await user.selectOptions(screen.getByLabelText("Skill"), "refund-policy");
  expect(await screen.findByText("The other answers do without it.")).toBeVisible();
  await user.selectOptions(await screen.findByLabelText("Version"), "1");
  expect(screen.getByText("The other answers have v2, as the turn had.")).toBeVisible();
  await expectAccessible(screen.getByRole("dialog"));
  await user.selectOptions(screen.getByLabelText("Skill"), "iso-dates");
  await user.click(screen.getByRole("button", { name: "Ask again" }));

  await waitFor(() => expect(server.sent(START)).toHaveLength(1));
  expect(server.sent(START)[0]?.body).toEqual({ skill: "iso-dates", samples: 2 });
});

test("a turn that cannot be asked again says why", async () => {
  const server = serve([], { skills: [] });
  const detail = "Turns of the completions API are not asked again yet.";
  server.answers[START] = problem(409, { code: "turn_not_replayable", detail });
  const { user } = open();
  await user.click(await screen.findByRole("button", { name: /With or without a skill/ }));
  expect(screen.getByRole("button", { name: "Ask again" })).toBeDisabled();

  await user.selectOptions(await screen.findByLabelText("Skill"), "iso-dates");
  await user.click(screen.getByRole("button", { name: "Ask again" }));

  expect(await screen.findByText(detail)).toBeVisible();
});

test("answers come in as they are there", async () => {
  const server = serve([aTurnReplay({ status: "running", done_count: 0, cases: [] })]);
  open();
  await screen.findByText("Trying: 0 of 1 turns");

  server.answers[LIST] = page([aTurnReplay()]);
  server.answers[ONE] = aTurnReplay();
  FakeSocket.last.announce("evolution.replay");

  expect(await screen.findByText("It ships on 2026-03-10.")).toBeVisible();
});

test("what could not be asked faithfully after all says so", async () => {
  const reason = "The turn, or a part of its request, is not kept any more.";
  const tried = aTurnReplay().cases[0];
  serve([aTurnReplay({ cases: tried ? [{ ...tried, status: "skipped", reason }] : [] })]);
  open();

  expect(await screen.findByText(reason)).toBeVisible();
});

test("whoever may not start one sees that, with the reason", async () => {
  const server = serve([aTurnReplay({ status: "running" })]);
  const session = aSession();
  server.answers["GET /session/"] = aSession({
    tenants: session.tenants.map((tenant) => ({ ...tenant, role: "viewer" as const })),
  });
  open();

  const ask = await screen.findByRole("button", { name: /With or without a skill/ });
  expect(ask).toBeDisabled();
  expect(ask).toHaveAttribute("title", "Reviewers and above may ask a turn again.");
  expect(await screen.findByRole("button", { name: "Stop" })).toBeDisabled();
});
