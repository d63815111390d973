import { ApiError } from "@/lib/api";

/** What is wrong with a file, by entry and field. */
export function ImportProblems({ error }: { error: Error }) {
  const fields = error instanceof ApiError ? Object.entries(error.fields) : [];
  return (
    <ul>
      {fields.map(([name, problems]) => (
        <li key={name}>
          <span className="font-mono text-xs">{name}</span>: {problems.join(" ")}
        </li>
      ))}
    </ul>
  );
}
