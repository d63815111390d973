import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { aProposalDetail, aSession } from "@/testing/data";
import { FakeSocket } from "@/testing/fake-socket";
import { renderConsole } from "@/testing/render";
import { ONE, serveReview, shown } from "@/testing/review";

const HELD = { holder: "Ada", is_mine: false, expires_at: "2026-11-20T12:02:00Z" };

test("reading takes a lease, and going on gives it back", async () => {
  const server = serveReview();
  const { user } = renderConsole("/t/main/review");
  await shown("cite-sources");
  await waitFor(() => expect(server.sent(`POST ${ONE}lease/`)).toHaveLength(1));

  await user.keyboard("j");
  await shown("date-parsing");

  await waitFor(() => expect(server.sent(`DELETE ${ONE}lease/`)).toHaveLength(1));
  expect(server.sent("POST /t/main/proposals/p2/lease/")).toHaveLength(1);
});

test("closing the tab gives the lease back; a page that comes back takes it again", async () => {
  const server = serveReview();
  const { unmount } = renderConsole("/t/main/review/p1");
  await waitFor(() => expect(server.sent(`POST ${ONE}lease/`)).toHaveLength(1));

  window.dispatchEvent(new Event("pagehide"));

  const [given] = server.sent(`DELETE ${ONE}lease/`);
  expect(given?.outlivesPage).toBe(true);
  window.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));
  await waitFor(() => expect(server.sent(`POST ${ONE}lease/`)).toHaveLength(2));
  unmount();
  window.dispatchEvent(new Event("pagehide"));
  // By leaving, and not once more by the tab's end.
  expect(server.sent(`DELETE ${ONE}lease/`)).toHaveLength(2);
});

test("who waits behind somebody takes the lease when it becomes free", async () => {
  const server = serveReview({ lease: HELD });
  renderConsole("/t/main/review/p1");
  await screen.findByText(/Ada reads this proposal/);
  await waitFor(() => expect(server.sent(`POST ${ONE}lease/`)).toHaveLength(1));

  server.answers[`GET ${ONE}`] = aProposalDetail({ id: "p1", slug: "cite-sources", lease: null });
  FakeSocket.last.accept();
  FakeSocket.last.announce("evolution.proposal");

  await waitFor(() => expect(server.sent(`POST ${ONE}lease/`)).toHaveLength(2));
  expect(screen.queryByText(/Ada reads this proposal/)).toBeNull();
});

test("who only reads along takes no lease", async () => {
  const server = serveReview({ may_decide: false, blocked_reason: "No." });
  renderConsole("/t/main/review/p1");
  await shown("cite-sources");

  expect(server.sent(`POST ${ONE}lease/`)).toEqual([]);
});

test("what somebody else reads is named and not decided, unless an admin takes it over", async () => {
  const server = serveReview({ lease: HELD, sha256: "read" });
  server.answers[`POST ${ONE}approve/`] = aProposalDetail({ id: "p1", status: "approved" });
  const { user } = renderConsole("/t/main/review/p1");
  expect(await screen.findByText("Ada reads this proposal right now.")).toBeVisible();
  expect(screen.getByRole("button", { name: /Approve for all/ })).toBeDisabled();
  await user.keyboard("ar");
  expect(screen.queryByRole("dialog")).toBeNull();

  await user.click(screen.getByRole("button", { name: "Take over" }));
  await user.click(screen.getByRole("button", { name: /Approve for all/ }));

  await waitFor(() =>
    expect(server.sent(`POST ${ONE}approve/`).map(({ body }) => body)).toEqual([
      { sha256: "read", to: "all", take_over: true },
    ]),
  );
});

test("a reviewer is not offered to take over", async () => {
  const server = serveReview({ lease: HELD });
  server.answers["GET /session/"] = aSession({
    tenants: [
      {
        slug: "main",
        name: "Acme",
        role: "reviewer",
        is_simulated: false,
        is_demo: false,
        time_zone: "UTC",
      },
    ],
  });
  renderConsole("/t/main/review/p1");

  expect(await screen.findByText("Ada reads this proposal right now.")).toBeVisible();
  expect(screen.queryByRole("button", { name: "Take over" })).toBeNull();
});
