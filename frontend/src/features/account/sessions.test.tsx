import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { anAccount, aSignedIn } from "@/testing/data-account";
import { FakeServer, problem } from "@/testing/fake-server";
import { expectAccessible, renderConsole } from "@/testing/render";

const SESSIONS = "/_allauth/browser/v1/auth/sessions";
const CHROME = "Mozilla/5.0 (Windows NT 10.0) Chrome/141.0 Safari/537.36";
const here = aSignedIn();
const there = aSignedIn({ id: 2, user_agent: CHROME, is_current: false });
const phone = aSignedIn({
  id: 3,
  user_agent: "Mozilla/5.0 (Linux; Android 16) Chrome/141.0 Mobile Safari/537.36",
  is_current: false,
  last_seen_at: there.last_seen_at + 60,
});

function serve(...data: unknown[]) {
  return new FakeServer({ "GET /account/": anAccount(), [`GET ${SESSIONS}`]: { data } });
}

const rows = async () =>
  within(await screen.findByRole("list", { name: "Browsers that are signed in" })).findAllByRole(
    "listitem",
  );

test("this browser stands first, the others by when they were seen", async () => {
  serve(there, here, phone);
  renderConsole("/account");

  const [first, second, third] = await rows();

  expect(first).toHaveTextContent("Firefox on Linuxthis onelast seen");
  expect(second).toHaveTextContent("Chrome on Android");
  expect(third).toHaveTextContent("Chrome on Windows");
  // One ends its own session by signing out.
  expect(within(first as HTMLElement).queryByRole("button")).toBeNull();
  await expectAccessible();
});

test("one of them is signed out", async () => {
  const server = serve(here, there, phone);
  server.answers[`DELETE ${SESSIONS}`] = { data: [here, phone] };
  const { user } = renderConsole("/account");

  await user.click(await screen.findByRole("button", { name: "Sign out Chrome on Windows" }));

  expect(await screen.findByText("Chrome on Android")).toBeVisible();
  expect(screen.queryByText("Chrome on Windows")).toBeNull();
  expect(server.sent(`DELETE ${SESSIONS}`)[0]?.body).toEqual({ sessions: [2] });
});

test("all the others are signed out, once that was said again", async () => {
  const server = serve(here, there, phone);
  server.answers[`DELETE ${SESSIONS}`] = { data: [here] };
  const { user } = renderConsole("/account");
  await user.click(await screen.findByRole("button", { name: "Sign out the others" }));
  const dialog = within(await screen.findByRole("dialog"));
  expect(dialog.getByText(/2 other browsers have to sign in again/)).toBeVisible();
  expect(server.sent(`DELETE ${SESSIONS}`)).toEqual([]);

  await user.click(dialog.getByRole("button", { name: "Sign out the others" }));

  expect(await screen.findByText("You are signed in here only.")).toBeVisible();
  expect(server.sent(`DELETE ${SESSIONS}`)[0]?.body).toEqual({ sessions: [3, 2] });
  expect(await rows()).toHaveLength(1);
  expect(screen.queryByRole("button", { name: "Sign out the others" })).toBeNull();
});

test("what could not be done is said", async () => {
  const server = serve(here, there);
  server.answers[`DELETE ${SESSIONS}`] = problem(503, { code: "x", detail: "Not now." });
  const { user } = renderConsole("/account");

  await user.click(await screen.findByRole("button", { name: "Sign out Chrome on Windows" }));

  expect(await screen.findByText("Not now.")).toBeVisible();
  expect(await rows()).toHaveLength(2);
});
