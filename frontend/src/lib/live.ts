import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

/** What the server announces. */
export type Topic =
  | "trajectories.turn"
  | "trajectories.score"
  | "trajectories.session"
  | "evolution.proposal"
  | "evolution.replay"
  | "evolution.canary"
  | "evolution.run"
  | "exports.export"
  | "evolution.annotation"
  | "training.policy"
  | "training.job"
  | "training.checkpoint"
  | "training.window"
  | "training.rollout"
  | "training.task_set"
  | "skills.skill"
  | "upstreams.upstream"
  | "training.calendar"
  | "upstreams.route"
  | "tenants.member"
  | "tenants.invitation"
  | "tenants.key"
  | "tenants.settings"
  | "tenants.audit"
  | "evolution.review_policy"
  | "jobs.job"
  | "proxy.arrival"
  | "demo.load";

/** A live event: what changed, never its content. */
export type Changed = { topic: Topic; id: string; status: string; seq: number };
/** Something changed that this reader's role may not see. */
export type Passed = { seq: number };
/** Said on opening and now and then: the number of the workspace's latest event. */
export type Latest = { latest: number };

const CLOSE_SIGNED_OUT = 4401;
const CLOSE_SHUT = 4403;
const CLOSE_NOT_FOUND = 4404;
/** Events come in bursts; one refetch answers for all of a burst. */
const FLUSH_MS = 150;
const STABLE_MS = 5000;
const FAILURES_TO_ASK = 3;
const RETRY_MS = [500, 1000, 2000, 5000, 10_000];

export type LiveState = "connecting" | "open" | "reconnecting" | "not_found";

/** Rows of the left topic are part of what the right topics show. */
const SHOWN_BY: Record<string, string[]> = {
  "trajectories.turn": [
    "trajectories.session",
    "usage.limit",
    "usage.report",
    // Traffic closes windows before the scheduler has looked.
    "training.window",
    // When a key was last used.
    "tenants.key",
  ],
  "trajectories.score": ["trajectories.turn", "trajectories.session", "training.funnel"],
  "training.job": ["training.funnel"],
  "evolution.proposal": ["skills.skill"],
  // Who may approve a proposal, and what it takes.
  "evolution.review_policy": ["evolution.proposal"],
  // Whether the workspace is going.
  "tenants.settings": ["exports.deletion"],
};

/** What the overview does not show, or not so exactly: it is read again with the rest. */
const NOT_IN_OVERVIEW = new Set<string>(["jobs.job", "tenants.audit", "tenants.key"]);
/** The session holds the reader's role, and names of workspaces. */
const IN_SESSION = new Set<string>(["tenants.member", "tenants.settings"]);

let isOpen = false;

const UNTOLD_MS = 30_000;

/** Whether what changes is pushed now. */
export const isLive = () => isOpen;

/**
 * How long a query waits before it asks again by itself: as it says while changes are pushed, and
 * half a minute where no socket gets through, a proxy in between for one.
 */
export const askAgainAfter = (pushed: number | false) => (isOpen ? pushed : UNTOLD_MS);

/**
 * Keeps a tenant's cached queries fresh while mounted. Mounted once, by the tenant layout.
 *
 * An event says only what changed; the refetch goes through the API, which checks access.
 */
export function useLiveUpdates(tenant: string, onSignedOut: () => void): LiveState {
  const queryClient = useQueryClient();
  const [state, setState] = useState<LiveState>("connecting");

  useEffect(() => {
    const refresher = createRefresher(queryClient, tenant);
    let socket: WebSocket;
    let retry: ReturnType<typeof setTimeout>;
    let failures = 0;
    let openedAt = 0;
    let stopped = false;
    let lastSeq: number | null = null;

    function open() {
      socket = new WebSocket(socketUrl(tenant));
      // What the page has was read before it could hear: ask again. One that was only cut off
      // hears the latest number first, and knows from it whether it missed anything.
      socket.onopen = () => {
        openedAt = Date.now();
        isOpen = true;
        setState("open");
        if (lastSeq === null) refresher.all();
        else refresher.failed();
      };
      socket.onmessage = ({ data }) => {
        const event: Changed | Passed | Latest = JSON.parse(data);
        if ("latest" in event) {
          if (lastSeq !== null && event.latest !== lastSeq) refresher.all();
          lastSeq = event.latest;
          return;
        }
        if (lastSeq !== null && event.seq > lastSeq + 1) refresher.all();
        else if ("topic" in event) refresher.topic(event.topic);
        lastSeq = Math.max(lastSeq ?? event.seq, event.seq);
      };
      socket.onclose = ({ code }) => {
        if (stopped) return;
        isOpen = false;
        if (code === CLOSE_SIGNED_OUT) return onSignedOut();
        if (code === CLOSE_NOT_FOUND) return setState("not_found");
        // The session knows why, and the shell what to show instead.
        if (code === CLOSE_SHUT)
          return void queryClient.invalidateQueries({ queryKey: ["session"] });
        setState("reconnecting");
        // A server that accepts and falls over is not asked twice a second.
        if (openedAt > 0 && Date.now() - openedAt > STABLE_MS) failures = 0;
        openedAt = 0;
        // It stays away: with this queries begin to ask by themselves.
        if (failures === FAILURES_TO_ASK) refresher.all();
        retry = setTimeout(open, RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)]);
      };
    }

    open();
    return () => {
      stopped = true;
      isOpen = false;
      clearTimeout(retry);
      refresher.stop();
      socket.close();
    };
  }, [tenant, queryClient, onSignedOut]);

  return state;
}

/** Gathers the topics of a burst and refetches each once. */
export function createRefresher(queryClient: QueryClient, tenant: string) {
  const waiting = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function flush() {
    timer = undefined;
    for (const topic of [...waiting]) {
      const queryKey = [tenant, topic];
      // A running fetch may have read before the change, and cancelling it again and again
      // under steady traffic would never let one finish: wait for it, then ask once more.
      if (queryClient.isFetching({ queryKey }) > 0) continue;
      waiting.delete(topic);
      void queryClient.invalidateQueries({ queryKey });
    }
    if (waiting.size > 0) timer = setTimeout(flush, FLUSH_MS);
  }

  return {
    topic(topic: string) {
      if (IN_SESSION.has(topic)) void queryClient.invalidateQueries({ queryKey: ["session"] });
      for (const name of [topic, ...(SHOWN_BY[topic] ?? [])]) waiting.add(name);
      if (!NOT_IN_OVERVIEW.has(topic)) waiting.add("overview");
      timer ??= setTimeout(flush, FLUSH_MS);
    },
    all() {
      void queryClient.invalidateQueries({ queryKey: [tenant] });
      // The reader's own role is not kept with the workspace.
      void queryClient.invalidateQueries({ queryKey: ["session"] });
    },
    /** What was asked for in vain while nothing came through. */
    failed() {
      void queryClient.invalidateQueries({
        queryKey: [tenant],
        predicate: ({ state }) => state.status === "error",
      });
    },
    stop() {
      clearTimeout(timer);
    },
  };
}

function socketUrl(tenant: string): string {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  return `${scheme}://${location.host}/ws/t/${tenant}/`;
}
