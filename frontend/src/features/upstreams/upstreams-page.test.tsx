import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { anUpstream } from "@/testing/data";
import { FakeServer, page, problem } from "@/testing/fake-server";
import { expectAccessible, renderConsole } from "@/testing/render";
import { isSameOrigin } from "./presets";

const LIST = "GET /t/main/upstreams/";
const ONE = "/t/main/upstreams/up1/";

const practice = anUpstream({
  id: "up2",
  name: "Practice model",
  kind: "practice",
  base_url: "",
  is_simulated: true,
});

test("a switch changes what an upstream is used for", async () => {
  const server = new FakeServer({ [LIST]: page([anUpstream({ uses: ["serve"] })]) });
  server.answers[`PATCH ${ONE}`] = anUpstream();
  const { user } = renderConsole("/t/main/upstreams");

  await user.click(await screen.findByRole("switch", { name: "OpenAI: Judge" }));

  await waitFor(() =>
    expect(server.sent(`PATCH ${ONE}`)[0]?.body).toEqual({ uses: ["serve", "judge"] }),
  );
});

test("another origin asks for the key again; the same origin keeps it", async () => {
  const server = new FakeServer({ [LIST]: page([anUpstream()]) });
  server.answers[`PATCH ${ONE}`] = anUpstream();
  const { user } = renderConsole("/t/main/upstreams");
  await user.click(await screen.findByRole("button", { name: "Edit OpenAI" }));
  const url = screen.getByLabelText("Base URL");

  await user.clear(url);
  await user.type(url, "https://elsewhere.example/v1");
  expect(screen.getByText("This is another origin: enter the key again")).toBeVisible();
  expect(screen.getByLabelText("API key")).toBeRequired();

  await user.clear(url);
  await user.type(url, "https://api.openai.com/v2");
  expect(screen.queryByText("This is another origin: enter the key again")).toBeNull();
  await user.click(screen.getByRole("button", { name: "Save" }));

  await waitFor(() => expect(server.sent(`PATCH ${ONE}`)).toHaveLength(1));
  expect(server.sent(`PATCH ${ONE}`)[0]?.body).toEqual({ base_url: "https://api.openai.com/v2" });
});

test("a preset fills in the address", async () => {
  new FakeServer({ [LIST]: page([practice]) });
  const { user } = renderConsole("/t/main/upstreams");
  await user.click(await screen.findByRole("button", { name: "Add upstream" }));

  await user.selectOptions(screen.getByLabelText("Provider"), "anthropic");

  expect(screen.getByLabelText("Base URL")).toHaveValue("https://api.anthropic.com");
  expect(screen.getByLabelText("Name")).toHaveValue("Anthropic");
});

test("a test says what happened in words", async () => {
  const server = new FakeServer({ [LIST]: page([anUpstream()]) });
  server.answers[`POST ${ONE}test/`] = {
    ok: false,
    http_status: 401,
    latency_ms: 120,
    detail: "The key was refused.",
    models: [],
  };
  const { user } = renderConsole("/t/main/upstreams");

  await user.click(await screen.findByRole("button", { name: "Test" }));

  expect(await screen.findByText("It does not work yet")).toBeVisible();
  expect(screen.getByText("The key was refused.")).toBeVisible();
  expect(screen.getByText("HTTP 401, 120 ms")).toBeVisible();
});

test("the only serving upstream cannot be deleted, and the server's reason is shown", async () => {
  const server = new FakeServer({ [LIST]: page([anUpstream()]) });
  server.answers[`DELETE ${ONE}`] = problem(409, {
    code: "upstream_in_use",
    detail: "It is the only upstream that serves.",
  });
  const { user } = renderConsole("/t/main/upstreams");
  await user.click(await screen.findByRole("button", { name: "Delete OpenAI" }));

  await user.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Delete" }));

  expect(await screen.findByText("It is the only upstream that serves.")).toBeVisible();
});

test("the practice model is labelled wherever it serves", async () => {
  new FakeServer({ [LIST]: page([practice]) });
  renderConsole("/t/main/upstreams");

  expect(await screen.findByText("The practice model is serving this workspace")).toBeVisible();
  expect(screen.getByText("simulated")).toBeVisible();
});

test.each([
  ["https://a.example/v1", "https://a.example/v2", true],
  ["https://a.example/v1", "https://a.example:443/v1", true],
  ["https://a.example/v1", "http://a.example/v1", false],
  ["https://a.example/v1", "https://b.example/v1", false],
  ["https://a.example/v1", "https://a.exam", false],
  ["https://a.example/v1", "", false],
])("is %s of the same origin as %s: %s", (before, after, isSame) => {
  expect(isSameOrigin(before, after)).toBe(isSame);
});

test("has no accessibility violations", async () => {
  new FakeServer({ [LIST]: page([anUpstream(), practice]) });
  const { user } = renderConsole("/t/main/upstreams");
  await screen.findByText("Practice model");
  await expectAccessible();

  await user.click(screen.getByRole("button", { name: "Add upstream" }));
  await expectAccessible(screen.getByRole("dialog"));
});
