import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { anUpstream, aRoute, aSession } from "@/testing/data";
import { FakeServer, page, problem } from "@/testing/fake-server";
import { expectAccessible, renderConsole } from "@/testing/render";

const UPSTREAMS = "GET /t/main/upstreams/";
const LIST = "GET /t/main/routes/";
const MAKE = "POST /t/main/routes/";
const ONE = "/t/main/routes/r1/";

const two = page([anUpstream(), anUpstream({ id: "up3", name: "Ollama", uses: [] })]);

test("a route says where its requests go and who stands in", async () => {
  new FakeServer({ [UPSTREAMS]: two, [LIST]: page([aRoute({ agent: "coder" })]) });
  renderConsole("/t/main/upstreams");

  const row = (await screen.findByText("smart-*")).closest("tr");

  expect(row).toHaveTextContent("coder only");
  expect(row).toHaveTextContent("OpenAIgpt-*100 % of sessions");
  expect(row).toHaveTextContent("Ollamastands in");
});

test("a route is added with its targets in order", async () => {
  const server = new FakeServer({ [UPSTREAMS]: two, [MAKE]: aRoute() });
  const { user } = renderConsole("/t/main/upstreams");
  await user.click(await screen.findByRole("button", { name: "Add route" }));

  await user.type(screen.getByLabelText("Model"), "smart-*");
  await user.selectOptions(screen.getByLabelText("Target 1: upstream"), "Ollama");
  await user.click(screen.getByRole("button", { name: "Add target" }));
  await user.selectOptions(screen.getByLabelText("Target 2: upstream"), "OpenAI");
  await user.type(screen.getByLabelText("Target 2: model"), "gpt-*");
  await user.clear(screen.getByLabelText("Target 2: weight"));
  await user.type(screen.getByLabelText("Target 2: weight"), "3");
  await user.click(screen.getByRole("button", { name: "Move Target 2 up" }));
  await user.type(screen.getByLabelText("Wait for the first byte"), "20");
  await user.click(screen.getByRole("button", { name: "Save" }));

  expect(await screen.findByText("The route for smart-* is saved.")).toBeVisible();
  expect(server.sent(MAKE)[0]?.body).toEqual({
    model: "smart-*",
    agent: "",
    targets: [
      { upstream: "up1", model: "gpt-*", weight: 3 },
      { upstream: "up3", model: "", weight: 0 },
    ],
    first_byte_seconds: 20,
    idle_seconds: null,
    is_enabled: true,
  });
});

test("what is wrong with a target is said at the targets", async () => {
  new FakeServer({
    [UPSTREAMS]: two,
    [LIST]: page([aRoute()]),
    [`PATCH ${ONE}`]: problem(422, {
      code: "route_invalid",
      detail: "No.",
      fields: { "targets[1].model": ["It has no star."] },
    }),
  });
  const { user } = renderConsole("/t/main/upstreams");
  await user.click(await screen.findByRole("button", { name: "Edit route smart-*" }));

  await user.click(screen.getByRole("button", { name: "Save" }));

  expect(await screen.findByText("It has no star.")).toBeVisible();
});

test("a route is switched off and deleted", async () => {
  const server = new FakeServer({ [UPSTREAMS]: two, [LIST]: page([aRoute()]) });
  server.answers[`PATCH ${ONE}`] = aRoute({ is_enabled: false });
  server.answers[`DELETE ${ONE}`] = () => new Response(null, { status: 204 });
  const { user } = renderConsole("/t/main/upstreams");

  await user.click(await screen.findByRole("switch", { name: "Route smart-*" }));
  await waitFor(() => expect(server.sent(`PATCH ${ONE}`)).toHaveLength(1));
  await user.click(screen.getByRole("button", { name: "Delete route smart-*" }));
  await user.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Delete" }));

  await waitFor(() => expect(server.sent(`DELETE ${ONE}`)).toHaveLength(1));
  expect(server.sent(`PATCH ${ONE}`)[0]?.body).toEqual({ is_enabled: false });
});

test("the practice model is no target", async () => {
  const practice = anUpstream({ kind: "practice", is_simulated: true });
  new FakeServer({ [UPSTREAMS]: page([practice]) });
  renderConsole("/t/main/upstreams");

  expect(await screen.findByText(/it needs a real upstream/)).toBeVisible();
  expect(screen.getByRole("button", { name: "Add route" })).toBeDisabled();
});

test("who is no admin may look but not touch", async () => {
  new FakeServer({
    "GET /session/": aSession({
      tenants: [
        {
          slug: "main",
          name: "Acme",
          role: "member",
          is_simulated: false,
          is_demo: false,
          time_zone: "UTC",
        },
      ],
    }),
    [UPSTREAMS]: two,
    [LIST]: page([aRoute()]),
  });
  renderConsole("/t/main/upstreams");

  expect(await screen.findByRole("button", { name: "Edit route smart-*" })).toBeDisabled();
  expect(screen.getByRole("button", { name: "Delete route smart-*" })).toBeDisabled();
  expect(screen.getByRole("button", { name: "Add route" })).toBeDisabled();
  expect(screen.getByRole("switch", { name: "Route smart-*" })).toBeDisabled();
});

test("has no accessibility violations", async () => {
  new FakeServer({ [UPSTREAMS]: two, [LIST]: page([aRoute()]) });
  const { user } = renderConsole("/t/main/upstreams");
  await screen.findByText("smart-*");
  await expectAccessible();

  await user.click(screen.getByRole("button", { name: "Edit route smart-*" }));
  await expectAccessible(screen.getByRole("dialog"));
});
