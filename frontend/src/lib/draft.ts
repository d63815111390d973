import { useState } from "react";

/**
 * A form's draft of something that others may change meanwhile. What was not touched here follows
 * them; what was touched stays, and `clashes` names what both have changed.
 */
export function useDraft<T extends object>(saved: T) {
  const [state, setState] = useState({ saved, draft: saved, clashes: [] as (keyof T)[] });
  const current = state.saved === saved ? state : follow(state, saved);
  // While rendering: what is shown is never older than what was saved.
  if (current !== state) setState(current);

  const changed = namesOf(saved).filter((name) => differ(current.draft[name], saved[name]));
  return {
    draft: current.draft,
    set: (change: Partial<T>) => setState({ ...current, draft: { ...current.draft, ...change } }),
    undo: () => setState({ saved, draft: saved, clashes: [] }),
    isSame: changed.length === 0,
    clashes: current.clashes.filter((name) => changed.includes(name)),
  };
}

type State<T> = { saved: T; draft: T; clashes: (keyof T)[] };

function follow<T extends object>(before: State<T>, saved: T): State<T> {
  const draft = { ...saved };
  const clashes = new Set(before.clashes);
  for (const name of namesOf(saved)) {
    if (!differ(before.draft[name], before.saved[name])) continue;
    draft[name] = before.draft[name];
    if (differ(saved[name], before.saved[name])) clashes.add(name);
  }
  return { saved, draft, clashes: [...clashes] };
}

const namesOf = <T extends object>(values: T) => Object.keys(values) as (keyof T)[];

// NaN, an emptied number, is not null.
const differ = (one: unknown, other: unknown) =>
  !Object.is(one, other) && JSON.stringify(one) !== JSON.stringify(other);
