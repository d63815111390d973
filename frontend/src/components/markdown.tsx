import ReactMarkdown from "react-markdown";
import rehypeSanitize from "rehype-sanitize";
import remarkGfm from "remark-gfm";
import { splitFrontMatter } from "@/lib/front-matter";

/** Markdown from people and models: no HTML, and links never carry the console's address. */
export function Markdown({ text }: { text: string }) {
  return (
    <div className="md break-words">
      <ReactMarkdown
        remarkPlugins={[remarkGfm]}
        rehypePlugins={[rehypeSanitize]}
        components={{
          a: ({ children, href }) => (
            <a href={href} target="_blank" rel="noreferrer noopener">
              {children}
            </a>
          ),
          // A picture would be fetched from a stranger's server; the policy refuses it anyway.
          img: ({ alt }) => <span className="text-mute">[image: {alt}]</span>,
        }}
      >
        {text}
      </ReactMarkdown>
    </div>
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
