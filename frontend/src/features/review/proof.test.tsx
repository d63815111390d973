import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Replay } from "@/client/contract";
import { aProposal, aProposalDetail } from "@/testing/data";
import { aReplay } from "@/testing/data-replays";
import { FakeServer, page, problem } from "@/testing/fake-server";
import { FakeSocket } from "@/testing/fake-socket";
import { expectAccessible, renderConsole } from "@/testing/render";

const REPLAYS = "/t/main/proposals/p1/replays/";

function serve(replays: Replay[], may_decide = true) {
  return new FakeServer({
    "GET /t/main/proposals/": page([aProposal({ id: "p1" })]),
    "GET /t/main/proposals/p1/": aProposalDetail({ id: "p1", may_decide }),
    [`GET ${REPLAYS}`]: page(replays),
  });
}

test("a proposal that was not tried can be, and says what that means", async () => {
  const server = serve([]);
  server.answers[`POST ${REPLAYS}`] = aReplay({ status: "running" });
  const { user } = renderConsole("/t/main/review/p1");
  expect(await screen.findByText(/Not tried yet/)).toBeVisible();

  server.answers[`GET ${REPLAYS}`] = page([aReplay({ status: "running", done_count: 3 })]);
  await user.click(screen.getByRole("button", { name: "Try on recorded turns" }));

  expect(await screen.findByText("Trying: 3 of 9 turns")).toBeVisible();
  expect(screen.getByRole("progressbar", { name: "Turns tried" })).toBeVisible();
});

test("what was found is shown by group, and without held-out turns that is said", async () => {
  serve([aReplay()]);
  renderConsole("/t/main/review/p1");

  expect(await screen.findByText("No measurable lift")).toBeVisible();
  const row = screen.getByRole("row", { name: /Behind it/ });
  expect(within(row).getByText("+2.00")).toHaveAttribute("title", "95 % between +1.50 and +2.00");
  expect(screen.getByRole("row", { name: /Not seen by its author none yet/ })).toBeVisible();
  expect(
    screen.getByText(/\+41 tokens a turn, <\$0.0001 more, p = 0.063 on failing turns, 1 could not/),
  ).toBeVisible();
  await expectAccessible();
});

test.each([
  ["lift", "It helps"],
  ["harm", "It does harm"],
] as const)("the verdict %s reads: %s", async (verdict, text) => {
  serve([aReplay({ verdict })]);
  renderConsole("/t/main/review/p1");

  expect(await screen.findByText(text)).toBeVisible();
});

test("a replay of another text says so", async () => {
  serve([aReplay({ sha256: "before" })]);
  renderConsole("/t/main/review/p1");

  expect(await screen.findByText(/another text/)).toBeVisible();
});

test("one that runs can be stopped, and its progress is pushed", async () => {
  const server = serve([aReplay({ status: "running", verdict: "", result: null, done_count: 1 })]);
  server.answers["POST /t/main/replays/r1/cancel/"] = aReplay({ status: "cancelled" });
  const { user } = renderConsole("/t/main/review/p1");
  await screen.findByText("Trying: 1 of 9 turns");
  server.answers[`GET ${REPLAYS}`] = page([
    aReplay({ status: "running", verdict: "", result: null, done_count: 5 }),
  ]);
  FakeSocket.last.announce("evolution.replay");
  await screen.findByText("Trying: 5 of 9 turns");

  await user.click(screen.getByRole("button", { name: "Stop" }));

  expect(server.sent("POST /t/main/replays/r1/cancel/")).toHaveLength(1);
});

test("who may not decide may not start one, and a refusal is shown", async () => {
  serve([], false);
  const { unmount } = renderConsole("/t/main/review/p1");
  expect(await screen.findByRole("button", { name: "Try on recorded turns" })).toBeDisabled();
  unmount();
  const server = serve([]);
  server.answers[`POST ${REPLAYS}`] = problem(409, {
    code: "nothing_to_replay",
    detail: "No recorded turn is left to try this on.",
  });
  const { user } = renderConsole("/t/main/review/p1");

  await user.click(await screen.findByRole("button", { name: "Try on recorded turns" }));

  expect(await screen.findByRole("alert")).toHaveTextContent("No recorded turn is left");
});

test("the turns and both answers can be read", async () => {
  const server = serve([aReplay()]);
  const sample = {
    text: "on 3/10",
    vote: -1,
    rationale: "No year.",
    input_tokens: 9,
    output_tokens: 3,
  };
  server.answers["GET /t/main/replays/r1/"] = {
    ...aReplay(),
    cases: [
      {
        turn_id: "0197a3b2-0000-7000-8000-000000000001",
        group: "held_out",
        status: "done",
        reason: "",
        without: [sample],
        with_skill: [{ ...sample, text: "2026-03-10", vote: 1, rationale: "Exact." }],
      },
    ],
  };
  const { user } = renderConsole("/t/main/review/p1");

  await user.click(await screen.findByText("9 turns"));

  expect(await screen.findByText("held out")).toBeVisible();
  expect(screen.getByText(/Without: −1/)).toBeVisible();
  expect(screen.getByText(/^With: \+1/)).toBeVisible();
});
