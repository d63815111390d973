import { act } from "@testing-library/react";
import type { Topic } from "@/lib/live";

/** Stands in for the browser's WebSocket; a test plays the server's part. */
export class FakeSocket {
  static all: FakeSocket[] = [];

  static get last(): FakeSocket {
    const socket = FakeSocket.all.at(-1);
    if (!socket) throw new Error("No socket was opened");
    return socket;
  }

  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  isClosed = false;
  seq = 0;

  constructor(readonly url: string) {
    FakeSocket.all.push(this);
  }

  accept() {
    act(() => this.onopen?.());
  }

  /** The server says which event was the latest. */
  sayLatest(latest: number) {
    act(() => this.onmessage?.({ data: JSON.stringify({ latest }) }));
  }

  announce(topic: Topic, seq = this.seq + 1) {
    this.seq = seq;
    const event = { topic, id: "x", status: "", seq };
    act(() => this.onmessage?.({ data: JSON.stringify(event) }));
  }

  /** Something that the reader's role may not see. */
  letPass(seq = this.seq + 1) {
    this.seq = seq;
    act(() => this.onmessage?.({ data: JSON.stringify({ seq }) }));
  }

  drop(code = 1006) {
    act(() => this.onclose?.({ code }));
  }

  close() {
    this.isClosed = true;
  }
}
