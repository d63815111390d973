import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { aSession } from "@/testing/data";
import { FakeServer, problem } from "@/testing/fake-server";
import { expectAccessible, renderConsole } from "@/testing/render";

const SIGNED_OUT = { user: null, tenants: [] };
const LOGIN = "POST /_allauth/browser/v1/auth/login";

async function signIn(address: string, server: FakeServer) {
  server.answers["GET /session/"] = SIGNED_OUT;
  const view = renderConsole(address);
  await view.user.type(await screen.findByLabelText("Email"), "mira@example.com");
  await view.user.type(screen.getByLabelText("Password"), "secret");
  await view.user.click(screen.getByRole("button", { name: "Sign in" }));
  return view;
}

test("leads back to the page that was asked for", async () => {
  const server = new FakeServer();
  server.answers[LOGIN] = () => {
    server.answers["GET /session/"] = aSession();
    return {};
  };

  const { router } = await signIn("/t/main/keys", server);

  await waitFor(() => expect(router.state.location.pathname).toBe("/t/main/keys"));
  expect(server.sent(LOGIN)[0]?.body).toEqual({ email: "mira@example.com", password: "secret" });
});

test("a wrong password is said at the field", async () => {
  const server = new FakeServer({
    [LOGIN]: problem(400, { errors: [{ message: "Not correct.", param: "password" }] }),
  });

  await signIn("/sign-in", server);

  const field = screen.getByLabelText("Password");
  await waitFor(() => expect(field).toBeInvalid());
  expect(field).toHaveAccessibleDescription("Not correct.");
});

test("too many tries are told apart from a wrong password", async () => {
  await signIn("/sign-in", new FakeServer({ [LOGIN]: problem(429) }));

  expect(await screen.findByRole("alert")).toHaveTextContent(/too many tries/i);
});

test("an address of another site is not followed", async () => {
  const server = new FakeServer();
  server.answers[LOGIN] = () => {
    server.answers["GET /session/"] = aSession();
    return {};
  };

  const { router } = await signIn("/sign-in?next=//evil.example/", server);

  await waitFor(() => expect(router.state.location.pathname).toBe("/t/main/overview"));
});

test("has no accessibility violations", async () => {
  new FakeServer({ "GET /session/": SIGNED_OUT });
  renderConsole("/sign-in");

  await screen.findByRole("heading", { name: "Sign in" });
  await expectAccessible();
});
