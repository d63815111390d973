import type { SkillSource } from "@/client/contract";
import { Tag, type Tone } from "@/components/tag";
import { SOURCES } from "../filters";

const TONE: Record<SkillSource, Tone> = {
  bank: "quiet",
  evolved: "ok",
  imported: "info",
  written: "info",
};

export function SourceTag({ source }: { source: SkillSource }) {
  return <Tag tone={TONE[source]}>{SOURCES[source]}</Tag>;
}
