import { screen } from "@testing-library/react";
import type { ProposalDetail } from "@/client/contract";
import { aProposal, aProposalDetail } from "./data";
import { FakeServer, page } from "./fake-server";

export const LIST = "GET /t/main/proposals/";
export const ONE = "/t/main/proposals/p1/";

/** Two proposals that wait; `change` of the first one. */
export function serveReview(change: Partial<ProposalDetail> = {}) {
  return new FakeServer({
    [LIST]: page([
      aProposal({ id: "p1", slug: "cite-sources" }),
      aProposal({ id: "p2", slug: "date-parsing" }),
    ]),
    [`GET ${ONE}`]: aProposalDetail({ id: "p1", slug: "cite-sources", ...change }),
    [`POST ${ONE}lease/`]: {},
    [`DELETE ${ONE}lease/`]: {},
    "POST /t/main/proposals/p2/lease/": {},
    "DELETE /t/main/proposals/p2/lease/": {},
    [`GET ${ONE}replays/`]: page([]),
    "GET /t/main/proposals/p2/replays/": page([]),
    "GET /t/main/proposals/p2/": aProposalDetail({ id: "p2", slug: "date-parsing" }),
  });
}

/** The proposal that is open. */
export const shown = (slug: string) => screen.findByRole("heading", { name: slug, level: 2 });
