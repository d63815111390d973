import { Tag } from "./tag";

/** Marks whatever came from the practice model rather than from a real provider. */
export function SimulatedTag() {
  return (
    <Tag tone="info" title="Answered by the built-in practice model, not by a real provider">
      simulated
    </Tag>
  );
}
