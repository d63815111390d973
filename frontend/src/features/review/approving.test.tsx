import { screen, waitFor, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { aProposal, aProposalDetail } from "@/testing/data";
import { anAccount, WITH_APP } from "@/testing/data-account";
import { FakeServer, page } from "@/testing/fake-server";
import { renderConsole } from "@/testing/render";
import { ONE, serveReview, shown } from "@/testing/review";

/** The policy wants to know who approves, and the sign-in was too long ago. */
function serveStale(account = anAccount()) {
  const proposal = aProposalDetail({
    id: "p1",
    slug: "cite-sources",
    sha256: "read",
    may_approve: false,
    approve_blocked_code: "reauthentication_needed",
    approve_blocked_reason: "Show again that it is you.",
  });
  return new FakeServer({
    "GET /t/main/proposals/": page([aProposal({ id: "p1", slug: "cite-sources" })]),
    [`GET ${ONE}`]: proposal,
    [`POST ${ONE}lease/`]: {},
    [`DELETE ${ONE}lease/`]: {},
    [`GET ${ONE}replays/`]: page([]),
    "GET /account/": account,
    [`POST ${ONE}approve/`]: aProposalDetail({ id: "p1", status: "approved" }),
  });
}

test("a policy that wants to know who approves asks, then approves what was read", async () => {
  const server = serveStale();
  const confirm = "POST /_allauth/browser/v1/auth/reauthenticate";
  server.answers[confirm] = {};
  const { user } = renderConsole("/t/main/review/p1");
  await shown("cite-sources");

  await user.keyboard("a");
  const dialog = within(await screen.findByRole("dialog"));
  await user.type(await dialog.findByLabelText("Password"), "correct horse");
  expect(server.sent(`POST ${ONE}approve/`)).toEqual([]);
  await user.click(dialog.getByRole("button", { name: "Continue" }));

  await waitFor(() => expect(server.sent(`POST ${ONE}approve/`)).toHaveLength(1));
  expect(server.sent(confirm)[0]?.body).toEqual({ password: "correct horse" });
  expect(server.sent(`POST ${ONE}approve/`)[0]?.body).toEqual({ sha256: "read", to: "all" });
});

test("who has no password shows it with a code", async () => {
  const server = serveStale(anAccount({ ...WITH_APP, has_password: false }));
  const confirm = "POST /_allauth/browser/v1/auth/2fa/reauthenticate";
  server.answers[confirm] = {};
  const { user } = renderConsole("/t/main/review/p1");
  await shown("cite-sources");

  await user.keyboard("a");
  const dialog = within(await screen.findByRole("dialog"));
  await user.type(await dialog.findByLabelText("Code"), "123456{Enter}");

  await waitFor(() => expect(server.sent(`POST ${ONE}approve/`)).toHaveLength(1));
  expect(server.sent(confirm)[0]?.body).toEqual({ code: "123456" });
});

test("who has only the company's account signs in there again, and comes back here", async () => {
  const assign = vi.spyOn(location, "assign").mockImplementation(() => undefined);
  const theirs = {
    provider: "company-1",
    uid: "7",
    email: "mira@example.com",
    connected_at: "2026-11-20T08:00:00Z",
    last_used_at: "2026-11-20T08:00:00Z",
  };
  const server = serveStale(
    anAccount({ has_password: false, company_accounts: [theirs] }, { company: "Acme" }),
  );
  server.answers["POST /sign-in/company/"] = { location: "https://login.acme.example/" };
  const { user } = renderConsole("/t/main/review/p1");
  await shown("cite-sources");

  await user.keyboard("a");
  await user.click(await screen.findByRole("button", { name: "Sign in again with Acme" }));

  await waitFor(() => expect(assign).toHaveBeenCalledWith("https://login.acme.example/"));
  expect(server.sent(`POST ${ONE}approve/`)).toEqual([]);
});

test("who does not show it approves nothing", async () => {
  const server = serveStale();
  const { user } = renderConsole("/t/main/review/p1");
  await shown("cite-sources");

  await user.keyboard("a");
  await user.click(await screen.findByRole("button", { name: "Cancel" }));

  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  expect(server.sent(`POST ${ONE}approve/`)).toEqual([]);
});

test("who wrote the text is told why they cannot approve it, and may still turn it down", async () => {
  const reason = "You wrote this text: somebody else has to approve it.";
  const server = serveReview({
    may_approve: false,
    approve_blocked_code: "self_approval_refused",
    approve_blocked_reason: reason,
  });
  const { user } = renderConsole("/t/main/review/p1");
  const approve = await screen.findByRole("button", { name: /Approve for all/ });

  expect(approve).toBeDisabled();
  expect(approve).toHaveAccessibleDescription(reason);
  expect(screen.getByRole("button", { name: /Reject/ })).toBeEnabled();
  await user.keyboard("a");
  expect(server.sent(`POST ${ONE}approve/`)).toEqual([]);
});

test("of two approvals the first one stays on the page and says what is missing", async () => {
  const server = serveReview({ approvals: { needed: 2, missing: 2, by: [] } });
  const after = aProposalDetail({
    id: "p1",
    slug: "cite-sources",
    approvals: { needed: 2, missing: 1, by: ["Mira"] },
  });
  server.answers[`POST ${ONE}approve/`] = () => {
    server.answers[`GET ${ONE}`] = after;
    return after;
  };
  const { user } = renderConsole("/t/main/review/p1");
  await shown("cite-sources");
  expect(screen.getByText(/0 of 2 approvals/)).toBeVisible();

  await user.keyboard("a");

  expect(await screen.findByText("Your approval counts. 1 more to go.")).toBeVisible();
  expect(await screen.findByText(/1 of 2 approvals \(Mira\)/)).toBeVisible();
  expect(screen.getByRole("heading", { name: "cite-sources", level: 2 })).toBeVisible();
});

test("approved to canary, the text is tried on a share of the sessions first", async () => {
  const server = serveReview();
  server.answers[`POST ${ONE}approve/`] = aProposalDetail({ id: "p1", status: "approved" });
  const { user } = renderConsole("/t/main/review/p1");
  await screen.findByRole("button", { name: /Approve to canary/ });

  await user.keyboard("c");

  expect(await screen.findByText(/Half of the sessions get it/)).toBeVisible();
  expect(server.sent(`POST ${ONE}approve/`)[0]?.body).toMatchObject({ to: "canary" });
});
