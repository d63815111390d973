import { Trans } from "@lingui/react/macro";
import ReactMarkdown from "react-markdown";
import rehypeSanitize from "rehype-sanitize";
import remarkGfm from "remark-gfm";

/** Markdown from people and models: no HTML, and links never carry the console's address. */
export default function RenderedMarkdown({ text }: { text: string }) {
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
          img: ({ alt }) => (
            <span className="text-mute">
              <Trans>[image: {alt}]</Trans>
            </span>
          ),
        }}
      >
        {text}
      </ReactMarkdown>
    </div>
  );
}
