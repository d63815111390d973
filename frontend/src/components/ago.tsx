import { formatAgo, formatTime } from "@/lib/format";
import { useNow } from "@/lib/use-now";

export function Ago({ at }: { at: string }) {
  const now = useNow();
  return (
    <time dateTime={at} title={formatTime(at)} className="whitespace-nowrap">
      {formatAgo(at, now)}
    </time>
  );
}
