import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Rollout, RolloutEpisode } from "@/client/contract";
import {
  anEpisode,
  aRollout,
  aTrainer,
  aTrainingBudget,
  aTrainingPolicy,
} from "@/testing/data-training";
import { type Answer, FakeServer, page, problem } from "@/testing/fake-server";
import { FakeSocket } from "@/testing/fake-socket";
import { expectAccessible, renderConsole } from "@/testing/render";

const ROLLOUTS = "/t/main/training/rollouts/";
const status = (name: string) => name as Rollout["status"];

function serve(rollouts: Answer, answers: Record<string, Answer> = {}) {
  return new FakeServer({
    "GET /t/main/training/policies/p1/": aTrainingPolicy(),
    "POST /t/main/training/policies/p1/check/": {
      is_ready: true,
      reason: "",
      detail: "",
      models: [],
    },
    "GET /t/main/training/jobs/": page([]),
    "GET /t/main/training/checkpoints/": page([]),
    "GET /t/main/training/budget/": aTrainingBudget(),
    "GET /t/main/upstreams/": page([aTrainer()]),
    [`GET ${ROLLOUTS}`]: rollouts,
    ...answers,
  });
}

const table = async () => within(await screen.findByRole("table", { name: "Rollouts" }));

test("lists what was played, for whom, and how it went", async () => {
  const server = serve(
    page([
      aRollout({
        id: "r2",
        origin: "resample" as Rollout["origin"],
        task_set: null,
        task_set_name: "",
        job: "j1",
        step: 3,
        status: status("running"),
        mean_reward: null,
        failed: 2,
        asked_by: "",
      }),
      aRollout(),
    ]),
  );
  renderConsole("/t/main/training/p1");

  const [first, second] = (await table()).getAllByRole("row").slice(1);
  expect(first).toHaveTextContent("playingRecorded prompts, for step 3 of a job");
  expect(first).toHaveTextContent("2 failed");
  expect(first).toHaveTextContent("the judge’s");
  expect(second).toHaveTextContent("doneletters, asked for by Mira");
  expect(second).toHaveTextContent("4 × 8");
  expect(second).toHaveTextContent("1,500");
  expect(second).toHaveTextContent("0.5");
  // Neither is to be cancelled here: one belongs to its job, the other has ended.
  expect((await table()).queryByRole("button", { name: /Cancel/ })).toBeNull();
  expect(server.sent(`GET ${ROLLOUTS}`)[0]?.query.get("policy")).toBe("p1");
  await expectAccessible();
});

test("one by hand can be cancelled while it is played", async () => {
  const server = serve(page([aRollout({ status: status("running") })]));
  server.answers[`POST ${ROLLOUTS}r1/cancel/`] = aRollout({ status: status("cancelled") });
  const { user } = renderConsole("/t/main/training/p1");

  await user.click((await table()).getByRole("button", { name: /Cancel letters/ }));
  const dialog = within(await screen.findByRole("dialog"));
  await user.click(dialog.getByRole("button", { name: "Cancel the rollout" }));

  expect(await screen.findByText("No more of it is played.")).toBeVisible();
  expect(server.sent(`POST ${ROLLOUTS}r1/cancel/`)).toHaveLength(1);
});

test("what became of each episode stands behind a click", async () => {
  const failed = anEpisode({
    id: "e2",
    member: 1,
    status: "failed" as RolloutEpisode["status"],
    session_id: null,
    reward: null,
    error: "The policy said nothing.",
  });
  const server = serve(page([aRollout()]), {
    [`GET ${ROLLOUTS}r1/`]: aRollout(),
    [`GET ${ROLLOUTS}r1/episodes/`]: page([anEpisode(), failed]),
  });
  const { user, router } = renderConsole("/t/main/training/p1");
  const rollouts = await table();
  expect(server.sent(`GET ${ROLLOUTS}r1/episodes/`)).toHaveLength(0);

  await user.click(rollouts.getByRole("link", { name: /Episodes/ }));

  const episodes = within(await screen.findByRole("table", { name: "Episodes" }));
  expect(episodes.getByText("The policy said nothing.")).toBeVisible();
  expect(episodes.getByRole("link")).toHaveAttribute(
    "href",
    expect.stringContaining("/t/main/sessions/5e550000"),
  );
  expect(router.state.location.search).toEqual({ rollout: "r1" });
  await user.click(screen.getByRole("button", { name: "Close" }));
  await waitFor(() => expect(router.state.location.search).toEqual({}));
});

test("an address opens a rollout that is not among the latest", async () => {
  serve(page([]), {
    [`GET ${ROLLOUTS}old/`]: aRollout({ id: "old" }),
    [`GET ${ROLLOUTS}old/episodes/`]: page([anEpisode()]),
  });
  renderConsole("/t/main/training/p1?rollout=old");

  const dialog = within(await screen.findByRole("dialog", { name: "Episodes" }));
  expect(await dialog.findByText(/letters, asked for/)).toBeVisible();
});

test("says that there is none, or that they cannot be loaded, and looks again", async () => {
  const server = serve(problem(500, { code: "error", detail: "It broke." }));
  const { user } = renderConsole("/t/main/training/p1");
  const retry = await screen.findByRole("button", { name: /Try again/ });
  server.answers[`GET ${ROLLOUTS}`] = page([]);

  await user.click(retry);

  expect(await screen.findByText("No rollout yet")).toBeVisible();
});

test("the list grows while something is played", async () => {
  const server = serve(page([aRollout({ status: status("running"), played: 1 })]));
  renderConsole("/t/main/training/p1");
  await table();

  server.answers[`GET ${ROLLOUTS}`] = page([aRollout({ played: 17 })]);
  FakeSocket.last.announce("training.rollout");

  await waitFor(async () => expect((await table()).getByText("17")).toBeVisible());
});
