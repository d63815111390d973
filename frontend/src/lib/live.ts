import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

/** What the server announces; keys and settings are read again when their page opens. */
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
  | "upstreams.route";

/** A live event: what changed, never its content. */
export type Changed = { topic: Topic; id: string; status: string; seq: number };

const CLOSE_SIGNED_OUT = 4401;
const CLOSE_NOT_FOUND = 4404;
/** Events come in bursts; one refetch answers for all of a burst. */
const FLUSH_MS = 150;
const STABLE_MS = 5000;
const RETRY_MS = [500, 1000, 2000, 5000, 10_000];

export type LiveState = "connecting" | "open" | "reconnecting" | "not_found";

/** Rows of the left topic are part of what the right topics show. */
const SHOWN_BY: Record<string, string[]> = {
  "trajectories.turn": ["trajectories.session"],
  "trajectories.score": ["trajectories.turn", "trajectories.session"],
  "evolution.proposal": ["skills.skill"],
};

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
      // Whatever changed while no socket was open was missed: ask for everything again.
      socket.onopen = () => {
        openedAt = Date.now();
        lastSeq = null;
        setState("open");
        void queryClient.invalidateQueries({ queryKey: [tenant] });
      };
      socket.onmessage = ({ data }) => {
        const event: Changed = JSON.parse(data);
        if (lastSeq !== null && event.seq > lastSeq + 1) refresher.all();
        else refresher.topic(event.topic);
        lastSeq = Math.max(lastSeq ?? event.seq, event.seq);
      };
      socket.onclose = ({ code }) => {
        if (stopped) return;
        if (code === CLOSE_SIGNED_OUT) return onSignedOut();
        if (code === CLOSE_NOT_FOUND) return setState("not_found");
        setState("reconnecting");
        // A server that accepts and falls over is not asked twice a second.
        if (openedAt > 0 && Date.now() - openedAt > STABLE_MS) failures = 0;
        openedAt = 0;
        retry = setTimeout(open, RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)]);
      };
    }

    open();
    return () => {
      stopped = true;
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
      for (const name of [topic, "overview", ...(SHOWN_BY[topic] ?? [])]) waiting.add(name);
      timer ??= setTimeout(flush, FLUSH_MS);
    },
    all() {
      void queryClient.invalidateQueries({ queryKey: [tenant] });
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
