import { splitFences } from "@/lib/fences";
import { CodeBlock } from "./code-block";

/** What somebody said, as it was written, with its fenced code set as code. */
export function FencedText({ text }: { text: string }) {
  return splitFences(text).map((part, i) =>
    part.kind === "code" ? (
      <CodeBlock key={i} code={part.text} label={part.language || "code"} />
    ) : (
      <p key={i} className="break-words whitespace-pre-wrap">
        {part.text}
      </p>
    ),
  );
}
