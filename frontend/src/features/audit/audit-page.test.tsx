import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { anAuditEvent, aReport, as } from "@/testing/data-people";
import { FakeServer, page, problem } from "@/testing/fake-server";
import { FakeSocket } from "@/testing/fake-socket";
import { expectAccessible, renderConsole } from "@/testing/render";

const LIST = "GET /t/main/audit/";
const IN_A_LINE = { selector: "summary span" };
const VERIFY = "GET /t/main/audit/verify/";

test("events read as sentences and open to all that is known of them", async () => {
  new FakeServer({
    [LIST]: page([
      anAuditEvent({ action: "settings.changed", subject: "", detail: "mode: auto, name: A, B" }),
      anAuditEvent({ id: "e2", sequence: 6, actor_kind: "key", actor_label: "ci" }),
    ]),
  });
  const { user } = renderConsole("/t/main/audit");

  const list = within(await screen.findByRole("list", { name: "Events, newest first" }));
  const [changed, revoked] = list.getAllByRole("group");
  expect(revoked).toHaveTextContent("ci · support key revoked");
  await expectAccessible();
  await user.click(within(changed as HTMLElement).getByText("Mira"));

  const facts = within(changed as HTMLElement);
  expect(facts.getByText("settings.changed")).toBeVisible();
  expect(facts.getByText("Mira (a person)", { exact: false })).toBeVisible();
  // One fact a line; a comma inside a value is none.
  expect(facts.getByText("mode: auto", { selector: "dd span" })).toBeVisible();
  expect(facts.getByText("name: A, B", { selector: "dd span" })).toBeVisible();
  expect(facts.getByText("d".repeat(64))).toBeVisible();
});

test("older events come with another page", async () => {
  const server = new FakeServer({
    [LIST]: ({ query }: { query: URLSearchParams }) =>
      query.get("cursor") === "c2"
        ? page([anAuditEvent({ id: "old", sequence: 1, subject: "the-first-key" })])
        : page([anAuditEvent()], "c2"),
  });
  const { user } = renderConsole("/t/main/audit");

  await user.click(await screen.findByRole("button", { name: "Show more" }));

  expect(await screen.findByText("the-first-key", IN_A_LINE)).toBeVisible();
  expect(screen.getByText("support", IN_A_LINE)).toBeVisible();
  expect(screen.queryByRole("button", { name: "Show more" })).toBeNull();
  expect(server.sent(LIST).map(({ query }) => query.get("cursor"))).toEqual([null, "c2"]);
});

describe("while others do things", () => {
  const event = (sequence: number) =>
    anAuditEvent({ id: `e${sequence}`, sequence, subject: `key-${sequence}` });
  const subjects = () => screen.getAllByText(/^key-\d+$/, IN_A_LINE).map((one) => one.textContent);

  async function open() {
    const server = new FakeServer({ [LIST]: page([event(2), event(1)], "below") });
    const { user } = renderConsole("/t/main/audit");
    await screen.findByText("key-2", IN_A_LINE);
    FakeSocket.last.accept();
    const note = (...sequences: number[]) => {
      server.answers[LIST] = page(sequences.map(event), "further");
      FakeSocket.last.announce("tenants.audit");
    };
    return { user, note, server };
  }

  test("what they did comes in on top", async () => {
    const { note, server } = await open();

    note(3, 2);

    expect(await screen.findByText("key-3", IN_A_LINE)).toBeVisible();
    expect(subjects()).toEqual(["key-3 ", "key-2 ", "key-1 "]);
    // Only the newest page is asked for, and the list goes on where it did.
    expect(server.sent(LIST).every(({ query }) => query.get("cursor") === null)).toBe(true);
  });

  test("an event that is open stays where it is; what is new waits behind a pill", async () => {
    const { user, note } = await open();
    await user.click(screen.getByText("key-1", IN_A_LINE));
    await screen.findAllByText("In the chain");

    note(4, 3, 2);

    const pill = await screen.findByRole("button", { name: "2 new events" });
    expect(subjects()).toEqual(["key-2 ", "key-1 "]);
    await expectAccessible();
    await user.click(pill);
    expect(subjects()).toEqual(["key-4 ", "key-3 ", "key-2 ", "key-1 "]);

    note(5, 4);
    expect(await screen.findByRole("button", { name: "1 new event" })).toBeVisible();
    // Closed, and at the top: nothing is being read any more.
    await user.click(screen.getByText("key-1", IN_A_LINE));
    expect(await screen.findByText("key-5", IN_A_LINE)).toBeVisible();
  });

  test("who has scrolled down is not moved, either", async () => {
    const { note } = await open();
    const scroller = document.querySelector("[data-scroll]") as HTMLElement;
    const scrollTo = (top: number) => {
      scroller.scrollTop = top;
      fireEvent.scroll(scroller);
    };
    scrollTo(200);

    note(3, 2);

    expect(await screen.findByRole("button", { name: "1 new event" })).toBeVisible();
    expect(screen.queryByText("key-3", IN_A_LINE)).toBeNull();
    scrollTo(0);
    expect(await screen.findByText("key-3", IN_A_LINE)).toBeVisible();
  });
});

test("filters live in the address; days are the reader's", async () => {
  const server = new FakeServer({ [LIST]: page([]) });
  const { router, user } = renderConsole(
    "/t/main/audit?since=2026-11-20&until=tomorrow&nonsense=1&actor=mira",
  );
  expect(await screen.findByText("Nothing like this was noted")).toBeVisible();
  expect(screen.getByLabelText("By whom")).toHaveValue("mira");

  await user.selectOptions(screen.getByLabelText("What it was done to"), "Keys");
  await user.type(screen.getByLabelText("Subject or details"), "ci");

  const expected = { since: "2026-11-20", actor: "mira", action: "key", q: "ci" };
  await waitFor(() => expect(router.state.location.search).toEqual(expected));
  await waitFor(() => expect(server.sent(LIST).at(-1)?.query.get("q")).toBe("ci"));
  const sent = server.sent(LIST).at(-1)?.query;
  expect(sent?.get("action")).toBe("key");
  expect(sent?.get("since")).toBe(new Date("2026-11-20T00:00:00").toISOString());
  expect(sent?.get("until")).toBeNull();

  await user.click(screen.getByRole("button", { name: "Clear" }));
  await waitFor(() => expect(router.state.location.search).toEqual({}));
});

test("an address may name one action that is in no list", async () => {
  new FakeServer({ [LIST]: page([anAuditEvent()]) });
  renderConsole("/t/main/audit?action=key.revoked");

  expect(await screen.findByLabelText("What it was done to")).toHaveValue("key.revoked");
});

test("the chain is verified on request, and what came since is counted", async () => {
  const server = new FakeServer({ [LIST]: page([anAuditEvent()]), [VERIFY]: aReport() });
  const { user } = renderConsole("/t/main/audit");
  await screen.findByText("support", IN_A_LINE);
  expect(server.sent(VERIFY)).toEqual([]);

  await user.click(screen.getByRole("button", { name: "Verify the chain" }));

  expect(await screen.findByText("intact")).toBeVisible();
  expect(screen.getByText(/7 events were checked, all as they were written/)).toBeVisible();
  expect(screen.getByText(`7:${"d".repeat(64)}`)).toBeVisible();
  await expectAccessible();

  server.answers[LIST] = page([anAuditEvent({ id: "e9", sequence: 9 }), anAuditEvent()]);
  FakeSocket.last.accept();
  FakeSocket.last.announce("tenants.audit");
  expect(await screen.findByText(/2 events came since/)).toBeVisible();
});

test("a broken chain names the places", async () => {
  new FakeServer({
    [LIST]: page([anAuditEvent()]),
    [VERIFY]: aReport({
      is_intact: false,
      broken: 31,
      breaks: [
        { fault: "changed", sequence: 3, last: 3, id: "e3", about: "Mira key.created" },
        { fault: "missing", sequence: 5, last: 6, id: null, about: "" },
      ],
    }),
  });
  const { user } = renderConsole("/t/main/audit");
  await user.click(await screen.findByRole("button", { name: "Verify the chain" }));

  const places = within(await screen.findByRole("list", { name: "Broken places" }));
  expect(places.getByText("Event 3 is not what was written")).toBeVisible();
  expect(places.getByText("Mira key.created")).toBeVisible();
  expect(places.getByText("Events 5 to 6: is missing")).toBeVisible();
  expect(places.getByText(/And 29 more/)).toBeVisible();
  expect(screen.getByText("broken")).toBeVisible();
  expect(screen.getByText(/31 are not what was written/)).toBeVisible();
});

test("a check that fails says so", async () => {
  new FakeServer({
    [LIST]: page([anAuditEvent()]),
    [VERIFY]: problem(503, { code: "unavailable", detail: "The database is away." }),
  });
  const { user } = renderConsole("/t/main/audit");

  await user.click(await screen.findByRole("button", { name: "Verify the chain" }));

  expect(await screen.findByText("The database is away.")).toBeVisible();
});

test.each(["reviewer", "member", "viewer"] as const)(
  "a %s is told who may read it, and nothing is asked",
  async (role) => {
    const server = new FakeServer({ ...as(role), [LIST]: page([anAuditEvent()]) });
    renderConsole("/t/main/audit");

    expect(await screen.findByText("Admins and above read the audit log")).toBeVisible();
    expect(screen.queryByRole("button", { name: "Verify the chain" })).toBeNull();
    expect(server.sent(LIST)).toEqual([]);
    await expectAccessible();
  },
);
