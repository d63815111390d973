import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { aReplay, aTurnReplay } from "@/testing/data-replays";
import { FakeServer, page, problem } from "@/testing/fake-server";
import { FakeSocket } from "@/testing/fake-socket";
import { expectAccessible, renderConsole } from "@/testing/render";

const LIST = "GET /t/main/replays/";
const ADDRESS = "/t/main/experiments?tab=replays";

const serve = (answer: unknown) =>
  new FakeServer({ "GET /t/main/canaries/": page([]), [LIST]: answer });

const row = async (name: RegExp) =>
  (await screen.findByRole("link", { name })).closest("tr") as HTMLElement;

test("every replay says what it was about and what was found", async () => {
  serve(page([aTurnReplay({ is_simulated: true }), aReplay({ slug: "iso-dates" })]));
  const { container } = renderConsole(ADDRESS);

  const proposal = within(await row(/^iso-dates$/));
  expect(proposal.getByText("No measurable lift")).toBeVisible();
  expect(proposal.getByText("4 / 0 / 0")).toBeVisible();
  expect(proposal.getByText("+1.5 to +2")).toBeVisible();
  expect(proposal.getByText("+41")).toBeVisible();
  expect(proposal.getByRole("link", { name: "iso-dates" })).toHaveAttribute(
    "href",
    "/t/main/review/p1",
  );
  const turn = within(await row(/refund-policy@2/));
  expect(turn.getByText("One turn, no verdict")).toBeVisible();
  expect(turn.getByText("simulated")).toBeVisible();
  // One turn has no interval.
  expect(turn.queryByTitle("95 % interval")).toBeNull();
  expect(turn.getByRole("link", { name: /on turn/ })).toHaveAttribute("href", "/t/main/turns/t1");
  await expectAccessible(container);
});

test("a replay opens under an address of its own, with its turns", async () => {
  const server = serve(page([aTurnReplay({ id: "r7", slug: "refund-policy" })]));
  server.answers["GET /t/main/replays/r7/"] = aTurnReplay({ id: "r7", slug: "refund-policy" });
  const { user, router } = renderConsole(`${ADDRESS}&verdict=lift`);

  await user.click(await screen.findByRole("link", { name: /show its turns/ }));

  const dialog = within(await screen.findByRole("dialog", { name: "Replay of refund-policy@2" }));
  expect(dialog.getByText("chosen")).toBeVisible();
  expect(dialog.getByText(/^Without:/)).toBeVisible();
  expect(router.state.location.search).toEqual({ tab: "replays", verdict: "lift", replay: "r7" });
  await expectAccessible(screen.getByRole("dialog"));
  await user.click(dialog.getByRole("button", { name: "Close" }));
  await waitFor(() =>
    expect(router.state.location.search).toEqual({ tab: "replays", verdict: "lift" }),
  );
});

test("a replay that is not there says so", async () => {
  serve(page([]));
  renderConsole(`${ADDRESS}&replay=gone`);

  expect(await screen.findByText(/No answer for/)).toBeVisible();
});

test("one that runs is seen to go on", async () => {
  const server = serve(page([aReplay({ status: "running", result: null, done_count: 2 })]));
  renderConsole(ADDRESS);
  expect(await screen.findByText("Trying: 2 of 9 turns")).toBeVisible();

  server.answers[LIST] = page([aReplay({ status: "running", result: null, done_count: 5 })]);
  FakeSocket.last.announce("evolution.replay");

  expect(await screen.findByText("Trying: 5 of 9 turns")).toBeVisible();
  expect(screen.getByRole("progressbar", { name: "Turns tried" })).toHaveAttribute("value", "5");
});

test("filters are in the address, and taken back", async () => {
  const server = serve(page([]));
  const { router, user } = renderConsole(`${ADDRESS}&verdict=harm&status=nonsense`);
  expect(await screen.findByText("No replay is like this")).toBeVisible();
  expect(server.sent(LIST)[0]?.query.get("verdict")).toBe("harm");
  expect(server.sent(LIST)[0]?.query.has("status")).toBe(false);

  await user.selectOptions(screen.getByLabelText("Status"), "done");
  expect(router.state.location.search).toEqual({ tab: "replays", verdict: "harm", status: "done" });
  await user.click(screen.getByRole("button", { name: "Show all" }));

  expect(await screen.findByText("Nothing has been asked again yet")).toBeVisible();
  expect(router.state.location.search).toEqual({ tab: "replays" });
});

test("older ones are fetched on request", async () => {
  const server = serve(page([aReplay()], "next-page"));
  const { user } = renderConsole(ADDRESS);
  const more = await screen.findByRole("button", { name: "Show more" });

  server.answers[LIST] = page([aReplay({ id: "r2", slug: "older" })]);
  await user.click(more);

  expect(await screen.findByRole("link", { name: "older" })).toBeVisible();
  expect(server.sent(LIST)[1]?.query.get("cursor")).toBe("next-page");
});

test("what could not be loaded can be tried again", async () => {
  const server = serve(problem(500, { code: "error", detail: "No." }));
  const { user } = renderConsole(ADDRESS);
  const again = await screen.findByRole("button", { name: /Try again/ });

  server.answers[LIST] = page([aReplay()]);
  await user.click(again);

  expect(await screen.findByText("No measurable lift")).toBeVisible();
});
