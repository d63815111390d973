import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { aKey, aSession } from "@/testing/data";
import { FakeServer, page, problem } from "@/testing/fake-server";
import { FakeSocket } from "@/testing/fake-socket";
import { expectAccessible, renderConsole } from "@/testing/render";

const LIST = "GET /t/main/keys/";

test("a new key's secret is shown once and is gone with the dialog", async () => {
  const server = new FakeServer({ [LIST]: page([]) });
  server.answers["POST /t/main/keys/"] = { ...aKey(), secret: "mck_live_abc" };
  const { user } = renderConsole("/t/main/keys");

  await user.click((await screen.findAllByRole("button", { name: "New key" }))[0] as HTMLElement);
  await user.type(screen.getByLabelText("Name"), "support");
  await user.click(screen.getByRole("checkbox", { name: /^read/ }));
  await user.click(screen.getByRole("button", { name: "Create key" }));
  expect(await screen.findByTestId("secret")).toHaveTextContent("mck_live_abc");
  expect(server.sent("POST /t/main/keys/")[0]?.body).toEqual({
    name: "support",
    scopes: ["gateway", "read"],
    expires_at: null,
    agent: "",
    passes_credentials: false,
    path_allowed: false,
  });

  await user.click(screen.getByRole("button", { name: "Done" }));
  await user.click((await screen.findAllByRole("button", { name: "New key" }))[0] as HTMLElement);

  expect(screen.queryByTestId("secret")).toBeNull();
  expect(screen.getByLabelText("Name")).toHaveValue("");
});

test("what others do to keys shows on an open page, and so does their use", async () => {
  const server = new FakeServer({ [LIST]: page([aKey({ last_used_at: null })]) });
  renderConsole("/t/main/keys");
  expect(await screen.findByText("never")).toBeVisible();
  FakeSocket.last.accept();

  server.answers[LIST] = page([aKey({ last_used_at: new Date().toISOString() })]);
  FakeSocket.last.announce("trajectories.turn");
  await waitFor(() => expect(screen.queryByText("never")).toBeNull());

  server.answers[LIST] = page([aKey({ revoked_at: new Date().toISOString() })]);
  FakeSocket.last.announce("tenants.key");
  expect(await screen.findByText("revoked")).toBeVisible();
});

test("a key can be bound to an agent, pass credentials on and stand in an address", async () => {
  const server = new FakeServer({ [LIST]: page([]) });
  server.answers["POST /t/main/keys/"] = { ...aKey(), secret: "mck_live_abc" };
  const { user } = renderConsole("/t/main/keys");
  await user.click((await screen.findAllByRole("button", { name: "New key" }))[0] as HTMLElement);

  await user.type(screen.getByLabelText("Name"), "coder key");
  await user.type(screen.getByLabelText("Agent"), "coder");
  await user.click(screen.getByRole("checkbox", { name: /^pass-through/ }));
  await user.click(screen.getByRole("checkbox", { name: /^in the address/ }));
  await user.click(screen.getByRole("button", { name: "Create key" }));

  expect(await screen.findByTestId("secret")).toBeVisible();
  expect(server.sent("POST /t/main/keys/")[0]?.body).toMatchObject({
    agent: "coder",
    passes_credentials: true,
    path_allowed: true,
  });
});

test("options go with the scopes that allow them", async () => {
  const server = new FakeServer({ [LIST]: page([]) });
  server.answers["POST /t/main/keys/"] = { ...aKey(), secret: "mck_live_abc" };
  const { user } = renderConsole("/t/main/keys");
  await user.click((await screen.findAllByRole("button", { name: "New key" }))[0] as HTMLElement);
  await user.type(screen.getByLabelText("Name"), "mixed");
  await user.type(screen.getByLabelText("Agent"), "coder");
  await user.click(screen.getByRole("checkbox", { name: /^pass-through/ }));
  await user.click(screen.getByRole("checkbox", { name: /^in the address/ }));

  await user.click(screen.getByRole("checkbox", { name: /^read/ }));
  expect(screen.getByRole("checkbox", { name: /^in the address/ })).toBeDisabled();
  await user.click(screen.getByRole("checkbox", { name: /^gateway/ }));
  expect(screen.queryByLabelText("Agent")).toBeNull();
  await user.click(screen.getByRole("button", { name: "Create key" }));

  await screen.findByTestId("secret");
  expect(server.sent("POST /t/main/keys/")[0]?.body).toMatchObject({
    scopes: ["read"],
    agent: "",
    passes_credentials: false,
    path_allowed: false,
  });
});

test("the list shows what is special about a key", async () => {
  new FakeServer({
    [LIST]: page([
      aKey({ name: "plain" }),
      aKey({ id: "2", name: "special", agent: "coder", passes_credentials: true }),
      aKey({ id: "3", name: "addressed", path_allowed: true }),
    ]),
  });
  renderConsole("/t/main/keys");

  const row = async (name: string) => (await screen.findByText(name)).closest("tr");
  expect(await row("plain")).toHaveTextContent("any");
  expect(await row("special")).toHaveTextContent("pass-through");
  expect(await row("special")).toHaveTextContent("coder");
  expect(await row("addressed")).toHaveTextContent("in the address");
});

test("revoking needs the key's name, typed", async () => {
  const server = new FakeServer({ [LIST]: page([aKey({ id: "k1", name: "support" })]) });
  server.answers["POST /t/main/keys/k1/revoke/"] = aKey({ revoked_at: "2026-11-20T12:00:00Z" });
  const { user } = renderConsole("/t/main/keys");
  await user.click(await screen.findByRole("button", { name: "Revoke support" }));
  const dialog = within(screen.getByRole("dialog"));
  expect(dialog.getByRole("button", { name: "Revoke key" })).toBeDisabled();

  await user.type(dialog.getByRole("textbox"), "support{Enter}");

  await waitFor(() => expect(server.sent("POST /t/main/keys/k1/revoke/")).toHaveLength(1));
});

test("active, expired and revoked keys are told apart, and a revoked one stays", async () => {
  new FakeServer({
    [LIST]: page([
      aKey({ id: "1", name: "one" }),
      aKey({ id: "2", name: "two", expires_at: "2020-01-01T00:00:00Z" }),
      aKey({ id: "3", name: "three", revoked_at: "2026-01-01T00:00:00Z" }),
    ]),
  });
  renderConsole("/t/main/keys");

  const row = async (name: string) => (await screen.findByText(name)).closest("tr");
  expect(await row("one")).toHaveTextContent("active");
  expect(await row("two")).toHaveTextContent("expired");
  expect(await row("three")).toHaveTextContent("revoked");
  expect(screen.queryByRole("button", { name: "Revoke three" })).toBeNull();
});

test("a refused name is said at its field", async () => {
  const server = new FakeServer({ [LIST]: page([]) });
  server.answers["POST /t/main/keys/"] = problem(422, {
    code: "invalid",
    detail: "Invalid.",
    fields: { name: ["This name is taken."] },
  });
  const { user } = renderConsole("/t/main/keys");
  await user.click((await screen.findAllByRole("button", { name: "New key" }))[0] as HTMLElement);

  await user.type(screen.getByLabelText("Name"), "support{Enter}");

  await waitFor(() =>
    expect(screen.getByLabelText("Name")).toHaveAccessibleDescription("This name is taken."),
  );
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
    [LIST]: page([aKey()]),
  });
  renderConsole("/t/main/keys");

  expect(await screen.findByRole("button", { name: "Revoke support" })).toBeDisabled();
  expect(screen.getByRole("button", { name: "New key" })).toBeDisabled();
});

test("has no accessibility violations", async () => {
  new FakeServer({ [LIST]: page([aKey()]) });
  const { user } = renderConsole("/t/main/keys");
  await screen.findByText("support");
  await expectAccessible();

  await user.click(screen.getByRole("button", { name: "New key" }));
  await expectAccessible(screen.getByRole("dialog"));
});

test("a key gets a new secret, shown once, and the old one can be ended early", async () => {
  const server = new FakeServer({ [LIST]: page([aKey()]) });
  const rotated = aKey({
    last4: "nEw1",
    previous_last4: "x9Qa",
    previous_until: new Date(Date.now() + 3 * 3_600_000).toISOString(),
  });
  server.answers["POST /t/main/keys/k1/rotate/"] = () => {
    server.answers[LIST] = page([rotated]);
    return { ...rotated, secret: "mck_live_new" };
  };
  server.answers["POST /t/main/keys/k1/rotate/finish/"] = () => {
    server.answers[LIST] = page([aKey({ last4: "nEw1" })]);
    return aKey({ last4: "nEw1" });
  };
  const { user } = renderConsole("/t/main/keys");

  await user.click(await screen.findByRole("button", { name: "Rotate support" }));
  await user.selectOptions(screen.getByLabelText("The old secret works on for"), "A week");
  await user.click(screen.getByRole("button", { name: "Rotate key" }));
  expect(await screen.findByTestId("secret")).toHaveTextContent("mck_live_new");
  expect(server.sent("POST /t/main/keys/k1/rotate/")[0]?.body).toEqual({ overlap_hours: 168 });
  await expectAccessible(screen.getByRole("dialog"));
  await user.click(screen.getByRole("button", { name: "Done" }));

  expect(await screen.findByText(/…x9Qa works for 3 h more/)).toBeVisible();
  await user.click(screen.getByRole("button", { name: "End the old secret of support now" }));
  await waitFor(() => expect(screen.queryByText(/x9Qa/)).toBeNull());
});

test("a key that has ended is not rotated, and a viewer rotates none", async () => {
  new FakeServer({
    "GET /session/": aSession({
      tenants: [
        {
          slug: "main",
          name: "Acme",
          role: "viewer",
          is_simulated: false,
          is_demo: false,
          time_zone: "UTC",
        },
      ],
    }),
    [LIST]: page([aKey(), aKey({ id: "k2", name: "old", expires_at: "2020-01-01T00:00:00Z" })]),
  });
  renderConsole("/t/main/keys");

  expect(await screen.findByRole("button", { name: "Rotate support" })).toBeDisabled();
  expect(screen.queryByRole("button", { name: "Rotate old" })).toBeNull();
});
