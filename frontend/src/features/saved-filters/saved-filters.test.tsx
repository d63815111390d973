import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { SavedFilter } from "@/client/contract";
import { FakeServer, page, problem } from "@/testing/fake-server";
import { expectAccessible, renderConsole } from "@/testing/render";

function aFilter(change: Partial<SavedFilter> = {}): SavedFilter {
  return {
    id: "f1",
    page: "turns" as SavedFilter["page"],
    name: "Failed",
    search: { outcome: "failed", score_max: 0 },
    created_at: "2026-11-22T08:00:00Z",
    ...change,
  };
}

const SESSIONS = aFilter({
  id: "f2",
  name: "Open ones",
  page: "sessions" as SavedFilter["page"],
  search: { state: "open" },
});

function serve(...saved: SavedFilter[]) {
  return new FakeServer({
    "GET /t/main/turns/": page([]),
    "GET /t/main/sessions/": page([]),
    "GET /t/main/skills/": page([]),
    "GET /t/main/proposals/": page([]),
    "GET /t/main/saved-filters/": page(saved),
    "PUT /t/main/saved-filters/": aFilter(),
    "DELETE /t/main/saved-filters/f1/": problem(204),
  });
}

const openMenu = async (user: ReturnType<typeof renderConsole>["user"]) =>
  user.click(await screen.findByRole("button", { name: "Saved filters" }));

test("filters of a page are saved under a name, without the turn that is looked at", async () => {
  const server = serve();
  const { user } = renderConsole("/t/main/turns?outcome=failed&peek=t1");

  await openMenu(user);
  await user.click(await screen.findByRole("menuitem", { name: "Save these filters…" }));
  const dialog = screen.getByRole("dialog", { name: "Save these filters" });
  await user.type(within(dialog).getByLabelText("Name"), " Failed ");
  await expectAccessible(dialog);
  await user.click(within(dialog).getByRole("button", { name: "Save" }));

  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(server.sent("PUT /t/main/saved-filters/")[0]?.body).toEqual({
    page: "turns",
    name: "Failed",
    search: { outcome: "failed" },
  });
});

test("what was saved is applied, and named while the address says the same", async () => {
  serve(aFilter(), SESSIONS);
  const { user, router } = renderConsole("/t/main/turns?q=dates");

  await openMenu(user);
  expect(screen.queryByRole("menuitem", { name: "Open ones" })).toBeNull();
  await user.click(await screen.findByRole("menuitem", { name: "Failed" }));

  await waitFor(() =>
    expect(router.state.location.search).toEqual({ outcome: "failed", score_max: 0 }),
  );
  expect(await screen.findByRole("button", { name: "Saved filters" })).toHaveTextContent("Failed");
});

test("it is renamed and deleted; a name that is taken is refused in words", async () => {
  const server = serve(aFilter());
  server.answers["PUT /t/main/saved-filters/"] = problem(409, {
    code: "filter_name_taken",
    detail: "You keep other filters as Late already.",
  });
  const { user } = renderConsole("/t/main/turns");

  await openMenu(user);
  await user.click(await screen.findByRole("menuitem", { name: "Rename or delete…" }));
  const name = await screen.findByLabelText("Name of Failed");
  await user.clear(name);
  await user.type(name, "Late");
  await user.click(screen.getByRole("button", { name: "Rename" }));

  expect(await screen.findByText("You keep other filters as Late already.")).toBeVisible();
  expect(server.sent("PUT /t/main/saved-filters/")[0]?.body).toMatchObject({
    name: "Late",
    was: "Failed",
  });
  await user.click(screen.getByRole("button", { name: "Delete Failed" }));
  await waitFor(() => expect(server.sent("DELETE /t/main/saved-filters/f1/")).toHaveLength(1));
});

test("the palette leads to them", async () => {
  serve(aFilter(), SESSIONS);
  const { user, router } = renderConsole("/t/main/turns");
  await screen.findByRole("button", { name: "Saved filters" });

  await user.keyboard("{Control>}k{/Control}");
  await user.type(await screen.findByRole("combobox"), "open o");
  await user.click(await screen.findByText("Open ones"));

  await waitFor(() => expect(router.state.location.pathname).toBe("/t/main/sessions"));
  expect(router.state.location.search).toEqual({ state: "open" });
});
