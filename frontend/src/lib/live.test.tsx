import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { beforeEach, expect, test, vi } from "vitest";
import { FakeSocket } from "@/testing/fake-socket";
import { createRefresher, isLive, useLiveUpdates } from "./live";

let queryClient: QueryClient;
let invalidated: string[];

beforeEach(() => {
  vi.useFakeTimers();
  queryClient = new QueryClient();
  invalidated = [];
  vi.spyOn(queryClient, "invalidateQueries").mockImplementation(async (filters) => {
    const name = (filters?.queryKey ?? []).join("/");
    invalidated.push(filters?.predicate ? `what failed of ${name}` : name);
  });
});

function listen(onSignedOut = () => {}) {
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
  );
  return renderHook(() => useLiveUpdates("main", onSignedOut), { wrapper });
}

const pass = (ms: number) => act(() => vi.advanceTimersByTime(ms));

test("an opened socket asks for everything of the workspace again, and for the reader's role", () => {
  const { result } = listen();
  expect(result.current).toBe("connecting");

  FakeSocket.last.accept();

  expect(FakeSocket.last.url).toMatch(/^ws:\/\/.*\/ws\/t\/main\/$/);
  expect(result.current).toBe("open");
  expect(invalidated).toEqual(["main", "session"]);
});

test("a burst of events refetches each topic once, and the overview with it", () => {
  listen();
  FakeSocket.last.accept();
  invalidated = [];

  for (let i = 0; i < 20; i++) FakeSocket.last.announce("upstreams.upstream");
  pass(200);

  expect(invalidated).toEqual(["main/upstreams.upstream", "main/overview"]);
});

test("a score refreshes the turns that show it", () => {
  listen();
  FakeSocket.last.accept();
  invalidated = [];

  FakeSocket.last.announce("trajectories.score");
  pass(200);

  expect(invalidated).toContain("main/trajectories.turn");
});

test("what moves all the time leaves the overview, which every page has, alone", () => {
  listen();
  FakeSocket.last.accept();
  invalidated = [];

  FakeSocket.last.announce("jobs.job");
  FakeSocket.last.announce("tenants.audit");
  pass(200);

  expect(invalidated).toEqual(["main/jobs.job", "main/tenants.audit"]);
});

test("of what a role may not see, only its number passes", () => {
  listen();
  FakeSocket.last.accept();
  FakeSocket.last.sayLatest(4);
  invalidated = [];

  FakeSocket.last.letPass(5);
  FakeSocket.last.letPass(6);
  pass(1000);
  expect(invalidated).toEqual([]);

  // One of those that were not heard may have been for this reader.
  FakeSocket.last.letPass(9);
  expect(invalidated).toEqual(["main", "session"]);
});

test("a gap in the numbers means missed events: everything is refetched", () => {
  listen();
  FakeSocket.last.accept();
  FakeSocket.last.announce("upstreams.upstream", 7);
  invalidated = [];

  FakeSocket.last.announce("upstreams.upstream", 9);

  expect(invalidated).toEqual(["main", "session"]);
});

test("a lost socket is opened again, later and later, and refetches what it missed", () => {
  const { result } = listen();
  FakeSocket.last.accept();
  FakeSocket.last.sayLatest(4);

  FakeSocket.last.drop();
  expect(result.current).toBe("reconnecting");
  pass(500);
  expect(FakeSocket.all).toHaveLength(2);
  FakeSocket.last.drop();
  pass(600);
  expect(FakeSocket.all).toHaveLength(2);
  pass(500);
  expect(FakeSocket.all).toHaveLength(3);

  invalidated = [];
  FakeSocket.last.accept();
  expect(result.current).toBe("open");
  expect(invalidated).toEqual(["what failed of main"]);
  FakeSocket.last.sayLatest(6);
  expect(invalidated).toEqual(["what failed of main", "main", "session"]);
});

test("a socket that was cut off and missed nothing asks for what failed, and nothing else", () => {
  listen();
  FakeSocket.last.accept();
  FakeSocket.last.sayLatest(4);
  FakeSocket.last.announce("upstreams.upstream", 5);
  pass(1000);
  FakeSocket.last.drop();
  pass(500);
  invalidated = [];

  FakeSocket.last.accept();
  FakeSocket.last.sayLatest(5);
  pass(1000);

  expect(invalidated).toEqual(["what failed of main"]);
});

test("an event that was lost on the way is missed when the latest number is said again", () => {
  listen();
  FakeSocket.last.accept();
  FakeSocket.last.sayLatest(4);
  invalidated = [];

  FakeSocket.last.sayLatest(4);
  expect(invalidated).toEqual([]);
  FakeSocket.last.sayLatest(5);
  expect(invalidated).toEqual(["main", "session"]);
});

test("queries ask by themselves only while nothing is pushed", () => {
  const { unmount } = listen();
  expect(isLive()).toBe(false);
  FakeSocket.last.accept();
  expect(isLive()).toBe(true);

  invalidated = [];
  for (let times = 0; times < 4; times++) {
    FakeSocket.last.drop();
    pass(5000);
  }

  expect(isLive()).toBe(false);
  expect(invalidated).toEqual(["main", "session"]);
  unmount();
});

test("a server that accepts and falls over is asked more and more seldom", () => {
  listen();
  for (const wait of [500, 1000, 2000]) {
    FakeSocket.last.accept();
    const before = FakeSocket.all.length;
    FakeSocket.last.drop();
    pass(wait - 1);
    expect(FakeSocket.all).toHaveLength(before);
    pass(1);
    expect(FakeSocket.all).toHaveLength(before + 1);
  }
});

test("a signed-out socket says so and stays closed", () => {
  const onSignedOut = vi.fn();
  listen(onSignedOut);

  FakeSocket.last.drop(4401);
  pass(60_000);

  expect(onSignedOut).toHaveBeenCalledOnce();
  expect(FakeSocket.all).toHaveLength(1);
});

test("a workspace that is not ours is not asked for again", () => {
  const { result } = listen();

  FakeSocket.last.drop(4404);
  pass(60_000);

  expect(result.current).toBe("not_found");
  expect(FakeSocket.all).toHaveLength(1);
});

test("a workspace that was shut has the session asked why, and is left alone", () => {
  listen();
  const asked = vi.spyOn(queryClient, "invalidateQueries");

  FakeSocket.last.drop(4403);
  pass(60_000);

  expect(asked).toHaveBeenCalledWith({ queryKey: ["session"] });
  expect(FakeSocket.all).toHaveLength(1);
});

test("leaving the workspace closes the socket for good", () => {
  const { unmount } = listen();
  const socket = FakeSocket.last;

  unmount();
  socket.drop();
  pass(60_000);

  expect(socket.isClosed).toBe(true);
  expect(FakeSocket.all).toHaveLength(1);
});

test("a topic whose fetch is running is asked again after it, not cancelled", () => {
  const isFetching = vi.spyOn(queryClient, "isFetching").mockReturnValue(1);
  const refresher = createRefresher(queryClient, "main");

  refresher.topic("overview");
  vi.advanceTimersByTime(1000);
  expect(invalidated).toEqual([]);
  isFetching.mockReturnValue(0);
  vi.advanceTimersByTime(200);

  expect(invalidated).toEqual(["main/overview"]);
});
