import { ApiError, errorText } from "@/lib/api";

/** What is wrong with a text or a file, by field; nothing that the error itself says already. */
export function FieldProblems({ error }: { error: Error }) {
  const all = error instanceof ApiError ? Object.entries(error.fields) : [];
  const fields = all.filter(([, problems]) => problems.join(" ") !== errorText(error));
  if (fields.length === 0) return null;
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
