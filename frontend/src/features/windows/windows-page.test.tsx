import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Calendar, TrainingWindow, Windows } from "@/client/contract";
import { inHours, RULES, WINDOWS } from "@/testing/data-windows";
import { FakeServer, page, problem } from "@/testing/fake-server";
import { expectAccessible, renderConsole } from "@/testing/render";

const CALENDAR: Calendar = {
  id: "c1",
  name: "Work",
  kind: "ics",
  origin: "https://calendar.example.com:443",
  is_connected: true,
  busy_count: 3,
  fetched_at: inHours(-1),
  tried_at: inHours(0),
  last_error: "The address answers with a web page.",
  last_error_said: [],
  needs_person: false,
  created_at: inHours(-9),
};
const WINDOW: TrainingWindow = {
  id: "w1",
  source: "hours",
  opens_at: "2026-11-20T17:15:00Z",
  closes_at: "2026-11-21T01:15:00Z",
  opened_at: "2026-11-20T17:15:00Z",
  closed_at: "2026-11-20T19:20:00Z",
  reason: "traffic",
  interruptions: 2,
  steps: 14,
};

function serve(windows: Partial<Windows> = {}, answers: Record<string, unknown> = {}) {
  const shown = { ...WINDOWS, ...windows };
  return new FakeServer({
    "GET /t/main/training/windows/": shown,
    "PUT /t/main/training/windows/": ({ body }: { body: unknown }) => ({ ...shown, rules: body }),
    "GET /t/main/training/windows/history/": page([WINDOW]),
    "GET /t/main/training/calendars/": page([CALENDAR]),
    ...answers,
  });
}

test("says how things stand, why, and how long until that changes", async () => {
  serve();
  renderConsole("/t/main/windows");
  expect(await screen.findByText("No window is open")).toBeVisible();
  expect(screen.getByText("The calendar Work says busy until 15:00.")).toBeVisible();
  expect(screen.getByText(/^3 h/)).toBeVisible();
  await expectAccessible();
});

test("an open window counts down to its end", async () => {
  const verdict = {
    is_open: true,
    code: "open",
    sentence: "A window is open until 07:00.",
    sentence_said: [],
    window_id: "w2",
    closes_at: inHours(0.76),
    next_opens_at: inHours(20),
  };
  serve({ verdict });
  renderConsole("/t/main/windows");
  expect(await screen.findByText("A window is open")).toBeVisible();
  expect(screen.getByText("closes in")).toHaveTextContent(/4[45] min/);
});

test("days are those of the workspace, and a night is cut at its midnight", async () => {
  serve({ at: "2026-11-22T06:00:00Z" });
  renderConsole("/t/main/windows");
  const sunday = (await screen.findByText("Sun 22 Nov")).closest("li") as HTMLElement;
  const monday = screen.getByText("Mon 23 Nov").closest("li") as HTMLElement;
  expect(sunday).toHaveTextContent("23:00–24:00");
  expect(monday).toHaveTextContent("00:00–07:00");
  expect(screen.getByText("Sat 28 Nov").closest("li")).toHaveTextContent("none");
  expect(within(sunday).getByTitle("Work 09:45–10:45")).toBeInTheDocument();
});

test("hours, numbers and black-outs are saved as they stand", async () => {
  const server = serve();
  const { user } = renderConsole("/t/main/windows");
  await user.click(await screen.findByRole("button", { name: "Add hours" }));
  const from = screen.getByLabelText("Hours 2: from");
  await user.clear(from);
  await user.type(from, "21:30");
  await user.type(screen.getByLabelText("Also after minutes of silence"), "45");
  await user.click(screen.getByRole("button", { name: "Add days" }));
  await user.type(screen.getByLabelText("Days 1: first"), "2026-12-24");
  await user.type(screen.getByLabelText("Days 1: last"), "2026-12-26");
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(server.sent("PUT /t/main/training/windows/")).toHaveLength(1));
  expect(server.sent("PUT /t/main/training/windows/")[0]?.body).toEqual({
    ...RULES,
    hours: [...RULES.hours, { weekday: 1, starts: "21:30", ends: "07:00" }],
    idle_minutes: 45,
    black_outs: [{ first: "2026-12-24", last: "2026-12-26", note: "" }],
  });
});

test("hours are drawn along a day, and an end is pulled to another time", async () => {
  const server = serve();
  const { user, container } = renderConsole("/t/main/windows");
  await screen.findByRole("button", { name: "Add hours" });
  const day = (weekday: number) => {
    const row = container.querySelector(`[data-day="${weekday}"]`) as HTMLElement;
    row.getBoundingClientRect = () => ({ left: 0, width: 1440 }) as DOMRect;
    row.setPointerCapture = () => {};
    return row;
  };
  const pointer = { button: 0, pointerId: 1 };

  const wednesday = day(2);
  fireEvent.pointerDown(wednesday, { ...pointer, clientX: 65 });
  fireEvent.pointerMove(wednesday, { ...pointer, clientX: 295 });
  fireEvent.pointerUp(wednesday, pointer);
  const end = day(2).querySelector('[data-handle="right"]') as HTMLElement;
  fireEvent.pointerDown(end, { ...pointer, clientX: 300 });
  fireEvent.pointerMove(day(2), { ...pointer, clientX: 361 });
  fireEvent.pointerUp(day(2), pointer);

  expect(screen.getByLabelText("Hours 2: from")).toHaveValue("01:00");
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(server.sent("PUT /t/main/training/windows/")).toHaveLength(1));
  expect(server.sent("PUT /t/main/training/windows/")[0]?.body).toMatchObject({
    hours: [...RULES.hours, { weekday: 2, starts: "01:00", ends: "06:00" }],
  });
});

test("a window below its minimum is refused beside the hours", async () => {
  serve(
    {},
    {
      "PUT /t/main/training/windows/": problem(422, {
        code: "training_window_rules_invalid",
        detail: "These windows cannot be.",
        fields: { hours: ["01:00 to 01:10 is shorter than the minimum length"] },
      }),
    },
  );
  const { user } = renderConsole("/t/main/windows");
  await user.click(await screen.findByRole("button", { name: "Add hours" }));
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText(/is shorter than the minimum length/)).toBeVisible();
});

test("without rules a first night is one click", async () => {
  const server = serve({
    rules: { ...RULES, hours: [] },
    forecast: [],
    blocked: [],
    verdict: {
      is_open: false,
      code: "no_rules",
      sentence: "No windows are set up.",
      sentence_said: [],
      window_id: null,
      closes_at: null,
      next_opens_at: null,
    },
  });
  const { user } = renderConsole("/t/main/windows");
  expect(await screen.findByText("No windows yet")).toBeVisible();
  expect(screen.getByText(/No window is expected/)).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Every night" }));
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(server.sent("PUT /t/main/training/windows/")).toHaveLength(1));
  expect(server.sent("PUT /t/main/training/windows/")[0]?.body).toMatchObject({
    hours: Array.from({ length: 7 }, (_, weekday) => ({ weekday, starts: "23:00", ends: "07:00" })),
  });
});

test("a calendar shows what is wrong with it, is read again, and removed", async () => {
  const server = serve(
    {},
    {
      "POST /t/main/training/calendars/c1/check/": { ...CALENDAR, last_error: "" },
      "DELETE /t/main/training/calendars/c1/": {},
    },
  );
  const { user } = renderConsole("/t/main/windows");
  expect(await screen.findByText("The address answers with a web page.")).toBeVisible();
  expect(screen.getByText("failing")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Read Work now" }));
  await user.click(screen.getByRole("button", { name: "Remove Work" }));
  await user.click(await screen.findByRole("button", { name: "Remove" }));
  await waitFor(() => expect(server.sent("DELETE /t/main/training/calendars/c1/")).toHaveLength(1));
  expect(server.sent("POST /t/main/training/calendars/c1/check/")).toHaveLength(1);
});

test("a calendar is connected by its address", async () => {
  const server = serve(
    {},
    {
      "GET /t/main/training/calendars/": page([]),
      "POST /t/main/training/calendars/": CALENDAR,
    },
  );
  const { user } = renderConsole("/t/main/windows");
  await user.click(await screen.findByRole("button", { name: "Connect a calendar" }));
  await user.selectOptions(await screen.findByLabelText("Kind"), "caldav");
  await user.type(screen.getByLabelText("Name"), "Work");
  await user.type(screen.getByLabelText("Address"), "https://dav.example.com/ada/");
  await user.type(screen.getByLabelText("User name"), "ada");
  await user.type(screen.getByLabelText("Password"), "app-word");
  await user.click(screen.getByRole("button", { name: "Connect" }));
  await waitFor(() => expect(server.sent("POST /t/main/training/calendars/")).toHaveLength(1));
  expect(server.sent("POST /t/main/training/calendars/")[0]?.body).toEqual({
    name: "Work",
    kind: "caldav",
    url: "https://dav.example.com/ada/",
    user: "ada",
    password: "app-word",
  });
});

test("an installation without Google says so", async () => {
  serve(
    {},
    {
      "POST /t/main/training/calendars/google/": problem(503, {
        code: "training_google_not_set_up",
        detail: "Google Calendar is not set up for this installation.",
      }),
    },
  );
  const { user } = renderConsole("/t/main/windows");
  await user.click(await screen.findByRole("button", { name: "Connect a calendar" }));
  await user.selectOptions(await screen.findByLabelText("Kind"), "google");
  await user.click(screen.getByRole("button", { name: "Go to Google" }));
  expect(
    await screen.findByText("Google Calendar is not set up for this installation."),
  ).toBeVisible();
});

test("history says when, how long, why it ended and what came of it", async () => {
  serve();
  renderConsole("/t/main/windows");
  const row = (await screen.findByText("Fri 20 Nov 23:00")).closest("tr") as HTMLElement;
  expect(row).toHaveTextContent("2 h 5 min");
  expect(row).toHaveTextContent("a request came");
  expect(row).toHaveTextContent("14");
});

test("what cannot be loaded says so and is tried again", async () => {
  const server = serve({}, { "GET /t/main/training/windows/": problem(500) });
  const { user } = renderConsole("/t/main/windows");
  const [again] = await screen.findAllByRole("button", { name: "Try again" });
  server.answers["GET /t/main/training/windows/"] = WINDOWS;
  await user.click(again as HTMLElement);
  expect(await screen.findByText("No window is open")).toBeVisible();
});

test("a consent is handed in once and leads to the windows", async () => {
  const server = serve({}, { "POST /t/main/training/calendars/google/finish/": CALENDAR });
  const { router } = renderConsole("/calendars/google?state=main.secret&code=abc&scope=x");
  expect(await screen.findByText("No window is open")).toBeVisible();
  expect(router.state.location.pathname).toBe("/t/main/windows");
  const sent = server.sent("POST /t/main/training/calendars/google/finish/");
  expect(sent.map(({ body }) => body)).toEqual([{ state: "main.secret", code: "abc" }]);
});

test("a consent that was refused changes nothing and says so", async () => {
  const server = serve();
  renderConsole("/calendars/google?state=main.secret&error=access_denied");
  expect(await screen.findByText("The calendar is not connected")).toBeVisible();
  expect(screen.getByRole("link", { name: "Back to Windows" })).toBeVisible();
  expect(server.calls.filter(({ method }) => method === "POST")).toEqual([]);
  await expectAccessible();
});
