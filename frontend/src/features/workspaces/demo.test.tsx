import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { anOverview, aSession } from "@/testing/data";
import { type Answer, FakeServer, page } from "@/testing/fake-server";
import { FakeSocket } from "@/testing/fake-socket";
import { expectAccessible, renderConsole } from "@/testing/render";

const MAIN = {
  slug: "main",
  name: "Acme",
  role: "owner" as const,
  is_simulated: false,
  is_demo: false,
  time_zone: "UTC",
};
const DEMO = { ...MAIN, slug: "demo", name: "Larkfield Freight (demo)", is_demo: true };
const LOADING = { done: 3, total: 14, is_ready: false, is_stopped: false };

function serve(answers: Record<string, Answer> = {}, role: "owner" | "viewer" = "owner") {
  const tenants = [MAIN, { ...DEMO, role }];
  return new FakeServer({
    "GET /session/": aSession({ tenants }),
    "GET /t/demo/overview/": anOverview(),
    "GET /t/main/overview/": anOverview(),
    "GET /t/demo/demo/": { ...LOADING, done: 14, is_ready: true },
    "GET /t/demo/turns/": page([]),
    ...answers,
  });
}

test("every page of a demo says that nothing in it happened", async () => {
  serve();
  renderConsole("/t/demo/overview");

  const banner = await screen.findByRole("complementary", { name: "Demo workspace" });
  expect(await within(banner).findByText(/Everything in it is simulated/)).toBeVisible();
  await expectAccessible();
});

test("while it is loaded the banner says how far it is, as it happens", async () => {
  const server = serve({ "GET /t/demo/demo/": LOADING });
  renderConsole("/t/demo/overview");
  expect(await screen.findByText(/Loading: day 3 of 14/)).toBeVisible();

  server.answers["GET /t/demo/demo/"] = { ...LOADING, done: 14, is_ready: true };
  FakeSocket.last.announce("demo.load");

  expect(await screen.findByText(/two weeks of an imaginary company/)).toBeVisible();
});

test("an owner removes it with one question, and is taken to another workspace", async () => {
  const server = serve({ "DELETE /t/demo/demo/": null });
  const { user } = renderConsole("/t/demo/overview");

  await user.click(await screen.findByRole("button", { name: "Remove the demo" }));
  const dialog = await screen.findByRole("dialog", { name: "Remove the demo workspace?" });
  expect(dialog).toHaveTextContent("cannot be brought back");
  await user.click(screen.getAllByRole("button", { name: "Remove the demo" }).at(-1) as Element);

  await waitFor(() => expect(server.sent("DELETE /t/demo/demo/").length).toBe(1));
  await waitFor(() =>
    expect(screen.queryByRole("complementary", { name: "Demo workspace" })).toBeNull(),
  );
});

test("who is no owner sees the button and why it does nothing", async () => {
  serve({}, "viewer");
  renderConsole("/t/demo/overview");

  const remove = await screen.findByRole("button", { name: "Remove the demo" });
  expect(remove).toBeDisabled();
  expect(remove).toHaveAttribute("title", "Only an owner can remove it.");
});

test("it is loaded from the list of workspaces by whoever has none", async () => {
  const server = serve({
    "GET /session/": aSession({ tenants: [MAIN] }),
    "POST /workspaces/demo/": { slug: "demo", name: DEMO.name },
    "GET /t/demo/demo/": LOADING,
  });
  const { user } = renderConsole("/t/main/overview");
  await user.click(await screen.findByRole("button", { name: /change workspace/ }));
  server.answers["GET /session/"] = aSession({ tenants: [MAIN, DEMO] });
  await user.click(await screen.findByRole("menuitem", { name: "Load the demo workspace" }));

  expect(await screen.findByText(/Loading: day 3 of 14/)).toBeVisible();
  expect(server.sent("POST /workspaces/demo/").length).toBe(1);
});
