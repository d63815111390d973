import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Agreement, AnnotationDetail, AnnotationPolicy } from "@/client/contract";
import { aProgress, aSession } from "@/testing/data";
import { FakeServer, page, problem } from "@/testing/fake-server";
import { expectAccessible, renderConsole } from "@/testing/render";

const AT = "2026-11-21T12:00:00Z";
const POLICY: AnnotationPolicy = {
  share_split: 100,
  share_failed: 20,
  share_neutral: 20,
  share_passed: 5,
  waiting_most: 50,
  window_days: 30,
  pause_below: 60,
  pause_least: 30,
};
const AGREEMENT: Agreement = {
  window_days: 30,
  judges: [
    {
      judge_model: "gpt-5",
      prompt_version: "judge-v1",
      is_in_use: true,
      n: 40,
      raw: { value: 0.8, low: 0.65, high: 0.9 },
      kappa: { value: 0.55, low: 0.3, high: 0.8 },
      counts: [
        [10, 0, 4],
        [0, 2, 0],
        [4, 0, 20],
      ],
    },
  ],
};

const TURN: NonNullable<AnnotationDetail["turn"]> = {
  at: AT,
  system: "You are a kind support agent.",
  messages: [],
  user: "May I return the blue chair?",
  response: "Yes, whenever you like.",
  follow_up: null,
  skills: [],
};

function anItem(change: Partial<AnnotationDetail> = {}): AnnotationDetail {
  return {
    id: "i1",
    turn_id: "t1",
    state: "waiting" as AnnotationDetail["state"],
    is_by_hand: false,
    added_by: "",
    note: "",
    created_at: AT,
    lease: { holder: "Ada", expires_at: AT, is_yours: true },
    turn: TURN,
    result: null,
    ...change,
  };
}

const ANSWERED = anItem({
  state: "answered" as AnnotationDetail["state"],
  result: {
    value: -1,
    answered_at: AT,
    answered_by: "Ada",
    judge_value: 1,
    judge_model: "gpt-5",
    prompt_version: "judge-v1",
    rationale: "It names a window.",
    stratum: "split",
  } as AnnotationDetail["result"],
});

/** A queue whose next turn is another one once the first was answered or skipped. */
function serve(items: AnnotationDetail[] = [anItem()], more: Record<string, unknown> = {}) {
  const waiting = [...items];
  const progress = () => aProgress({ waiting: waiting.length, open_to_you: waiting.length });
  const server = new FakeServer({
    "POST /t/main/annotations/next/": () => ({ item: waiting[0] ?? null, progress: progress() }),
    "GET /t/main/annotations/progress/": progress,
    "GET /t/main/annotations/agreement/": AGREEMENT,
    "GET /t/main/annotations/policy/": POLICY,
    "PUT /t/main/annotations/policy/": POLICY,
    "GET /t/main/turns/": page([]),
    ...more,
  });
  for (const { id } of items) {
    server.answers[`POST /t/main/annotations/${id}/lease/`] = anItem({ id });
    server.answers[`POST /t/main/annotations/${id}/skip/`] = () => waiting.shift();
    server.answers[`POST /t/main/annotations/${id}/answer/`] ??= () => {
      waiting.shift();
      return { ...ANSWERED, id };
    };
  }
  return server;
}

test("answers with the keyboard alone, and only then shows what the judge said", async () => {
  const server = serve([
    anItem(),
    anItem({ id: "i2", turn: { ...TURN, user: "Is it in stock?" } }),
  ]);
  const { user } = renderConsole("/t/main/annotate");
  await screen.findByText("May I return the blue chair?");
  expect(screen.queryByText(/not as the judge/)).toBeNull();

  await user.keyboard("1c");
  await user.keyboard("No window.{Escape}e");
  await user.keyboard("Thirty days.{Control>}{Enter}{/Control}");

  expect(await screen.findByText("Is it in stock?")).toBeVisible();
  expect(server.sent("POST /t/main/annotations/i1/answer/")[0]?.body).toEqual({
    value: -1,
    comment: "No window.",
    correction: "Thirty days.",
  });
  expect(await screen.findByText("not as the judge")).toBeVisible();
  expect(screen.getByText("It names a window.")).toBeVisible();
  // The next turn begins without a choice.
  expect(screen.getByRole("button", { name: /Save and next/ })).toBeDisabled();
});

test("without a choice nothing is saved", async () => {
  const server = serve();
  const { user } = renderConsole("/t/main/annotate");
  await screen.findByText("May I return the blue chair?");

  await user.keyboard("{Control>}{Enter}{/Control}");
  expect(server.sent("POST /t/main/annotations/i1/answer/")).toEqual([]);

  await user.keyboard("3{Control>}{Enter}{/Control}");
  await waitFor(() =>
    expect(server.sent("POST /t/main/annotations/i1/answer/")[0]?.body).toEqual({
      value: 1,
      comment: "",
      correction: "",
    }),
  );
});

test("s skips, but not while it is typed", async () => {
  const server = serve();
  const { user } = renderConsole("/t/main/annotate");
  await screen.findByText("May I return the blue chair?");

  await user.keyboard("cs{Escape}");
  expect(screen.getByLabelText("Why")).toHaveValue("s");
  expect(server.sent("POST /t/main/annotations/i1/skip/")).toEqual([]);

  await user.keyboard("s");
  expect(await screen.findByText("Nothing to annotate")).toBeVisible();
  expect(server.sent("POST /t/main/annotations/i1/skip/")).toHaveLength(1);
});

test("a turn that somebody was faster with says so and gives way to the next", async () => {
  serve([anItem()], {
    "POST /t/main/annotations/i1/answer/": problem(409, {
      code: "item_answered",
      detail: "Ben was faster: nobody is asked about this turn any more.",
    }),
  });
  const { user } = renderConsole("/t/main/annotate");
  await screen.findByText("May I return the blue chair?");

  await user.keyboard("3{Control>}{Enter}{/Control}");

  expect(await screen.findByText(/Ben was faster/)).toBeVisible();
});

test("who put a turn there and what for is said", async () => {
  serve([anItem({ is_by_hand: true, added_by: "Mia", note: "Is this right?" })]);
  renderConsole("/t/main/annotate");

  expect(await screen.findByText("Mia asks about this turn")).toBeVisible();
  expect(screen.getByText("Is this right?")).toBeVisible();
});

test("the rail counts what waits, and the lease is taken and given back", async () => {
  const server = serve();
  const { user } = renderConsole("/t/main/annotate");
  await screen.findByText("May I return the blue chair?");
  const link = within(screen.getByRole("navigation", { name: "Pages" })).getByRole("link", {
    name: /Annotate/,
  });

  expect(link).toHaveTextContent("1 waiting");
  expect(server.sent("POST /t/main/annotations/i1/lease/")).toHaveLength(1);

  await user.keyboard("gt");

  await waitFor(() => expect(server.sent("DELETE /t/main/annotations/i1/lease/")).toHaveLength(1));
});

test("shows how far judge and people agree", async () => {
  serve();
  renderConsole("/t/main/annotate");

  expect(await screen.findByText("80% (65% to 90%)")).toBeVisible();
  expect(screen.getByText("0.55 (0.30 to 0.80)")).toBeVisible();
  const table = screen.getByRole("table");
  expect(within(table).getByRole("row", { name: "failed 10 0 4" })).toBeVisible();
});

test("an admin changes the rules; empty means never", async () => {
  const server = serve();
  const { user } = renderConsole("/t/main/annotate");

  await user.click(await screen.findByText("Rules"));
  await user.clear(await screen.findByLabelText("Pause learning below, percent"));
  await user.click(screen.getByRole("button", { name: "Save rules" }));

  await waitFor(() =>
    expect(server.sent("PUT /t/main/annotations/policy/")[0]?.body).toEqual({
      ...POLICY,
      pause_below: null,
    }),
  );
});

test("who is no reviewer is not asked, and takes no lease", async () => {
  const session = aSession();
  const server = serve([anItem()], {
    "GET /session/": { ...session, tenants: [{ ...session.tenants[0], role: "member" }] },
  });
  renderConsole("/t/main/annotate");

  expect(await screen.findByText("Reviewers are asked here")).toBeVisible();
  expect(await screen.findByText("80% (65% to 90%)")).toBeVisible();
  expect(server.sent("POST /t/main/annotations/next/")).toEqual([]);
});

test("an error is shown with a way out of it", async () => {
  const server = serve();
  server.answers["POST /t/main/annotations/next/"] = problem(403, { detail: "Not you." });
  const { user } = renderConsole("/t/main/annotate");
  expect(await screen.findByText("Not you.")).toBeVisible();

  server.answers["POST /t/main/annotations/next/"] = { item: anItem(), progress: aProgress() };
  await user.click(screen.getByRole("button", { name: /Try again/ }));

  expect(await screen.findByText("May I return the blue chair?")).toBeVisible();
});

test("can be used with a screen reader", async () => {
  serve([anItem({ is_by_hand: true, added_by: "Mia", note: "Look." })]);
  const { container } = renderConsole("/t/main/annotate");
  await screen.findByText("80% (65% to 90%)");
  await screen.findByText("May I return the blue chair?");

  await expectAccessible(container);
});
