import { lazy, Suspense } from "react";
import { splitFrontMatter } from "@/lib/front-matter";

const RenderedMarkdown = lazy(() => import("./rendered-markdown"));

/** A text as Markdown; as it was written until what renders it has come. */
export function Markdown({ text }: { text: string }) {
  return (
    <Suspense fallback={<p className="break-words whitespace-pre-wrap">{text}</p>}>
      <RenderedMarkdown text={text} />
    </Suspense>
  );
}

/** A SKILL.md: its front matter as a list, its body as Markdown. */
export function SkillMarkdown({ text }: { text: string }) {
  const { meta, body } = splitFrontMatter(text);
  return (
    <div>
      {meta.length > 0 && (
        <dl className="mb-4 grid grid-cols-[max-content_1fr] gap-x-4 gap-y-1 border-b border-line pb-3 text-sm">
          {meta.map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="text-mute">{name}</dt>
              <dd className="break-words">{value}</dd>
            </div>
          ))}
        </dl>
      )}
      <Markdown text={body} />
    </div>
  );
}
