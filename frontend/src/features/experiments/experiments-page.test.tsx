import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { aCanaryDetail } from "@/testing/data";
import { FakeServer, page, problem } from "@/testing/fake-server";
import { FakeSocket } from "@/testing/fake-socket";
import { expectAccessible, renderConsole } from "@/testing/render";

const LIST = "GET /t/main/canaries/";
const ONE = "/t/main/canaries/c1/";

function serve(change: Parameters<typeof aCanaryDetail>[0] = {}) {
  const canary = aCanaryDetail(change);
  return new FakeServer({ [LIST]: page([canary]), [`GET ${ONE}`]: canary });
}

test("a running canary shows what is known by now, also in words", async () => {
  serve();
  const { container } = renderConsole("/t/main/experiments");

  const numbers = within(await screen.findByRole("region", { name: "Canary of refund-policy" }));
  expect(await numbers.findByText("−0.06 to +0.41")).toBeVisible();
  expect(numbers.getByText("6.2 of 20 needed")).toBeVisible();
  expect(
    screen.getByRole("img", { name: /After 20 pairs the difference is \+0.18/ }),
  ).toBeVisible();
  await expectAccessible(container);
});

test.each([
  ["Promote now", true, "refund-policy is live for all."],
  ["Take it out", false, "refund-policy is out of every prompt."],
])("%s ends it by hand", async (button, promote, said) => {
  const server = serve();
  server.answers[`POST ${ONE}stop/`] = aCanaryDetail({ status: "stopped" });
  const { user } = renderConsole("/t/main/experiments");

  await user.click(await screen.findByRole("button", { name: button }));

  expect(await screen.findByText(said)).toBeVisible();
  expect(server.sent(`POST ${ONE}stop/`)[0]?.body).toEqual({ promote });
});

test("one that is over says how it ended, and has no buttons", async () => {
  serve({ status: "rolled_back", reason: "Success moved by −0.40." });
  renderConsole("/t/main/experiments");

  expect(await screen.findByText("Success moved by −0.40.")).toBeVisible();
  expect(screen.queryByRole("button", { name: "Promote now" })).toBeNull();
});

test("each canary has an address of its own", async () => {
  const older = aCanaryDetail({ id: "c0", slug: "iso-dates", status: "promoted" });
  const server = serve();
  server.answers[LIST] = page([aCanaryDetail(), older]);
  server.answers["GET /t/main/canaries/c0/"] = older;
  const { user, router, unmount } = renderConsole("/t/main/experiments");

  await user.click(await screen.findByRole("button", { name: /iso-dates/ }));

  expect(await screen.findByRole("region", { name: "Canary of iso-dates" })).toBeVisible();
  expect(router.state.location.search).toEqual({ canary: "c0" });
  unmount();
  renderConsole("/t/main/experiments?canary=c0");
  expect(await screen.findByRole("region", { name: "Canary of iso-dates" })).toBeVisible();
});

test("a rollback is seen as it happens", async () => {
  const server = serve();
  renderConsole("/t/main/experiments");
  await screen.findByText("6.2 of 20 needed");

  server.answers[`GET ${ONE}`] = aCanaryDetail({ status: "rolled_back", reason: "It did harm." });
  FakeSocket.last.announce("evolution.canary");

  expect(await screen.findByText("It did harm.")).toBeVisible();
});

test("with nothing to show it says how to begin", async () => {
  new FakeServer({ [LIST]: page([]) });
  renderConsole("/t/main/experiments");

  expect(await screen.findByText(/Nothing has been tried yet/)).toBeVisible();
});

test("what could not be loaded can be tried again", async () => {
  const server = new FakeServer({ [LIST]: problem(500, { code: "error", detail: "No." }) });
  const { user } = renderConsole("/t/main/experiments");
  const again = await screen.findByRole("button", { name: /Try again/ });

  server.answers[LIST] = page([]);
  await user.click(again);

  await waitFor(() => expect(screen.getByText(/Nothing has been tried yet/)).toBeVisible());
});
