import { Link } from "@tanstack/react-router";
import { BookOpen, SearchX } from "lucide-react";
import { Button, buttonClass } from "@/components/button";
import { EmptyState } from "@/components/states";
import { useTenant } from "@/lib/tenant";
import type { SkillFilters } from "../filters";

export function NoSkills({ filters, onClear }: { filters: SkillFilters; onClear: () => void }) {
  const { slug } = useTenant();
  if (filters.source === "evolved" && Object.keys(filters).length === 1) {
    return (
      <EmptyState
        icon={BookOpen}
        title="Nothing learned yet"
        action={<Button onClick={onClear}>Show all skills</Button>}
      >
        Skills drafted from failing turns are listed here once somebody approved them.
      </EmptyState>
    );
  }
  if (Object.keys(filters).length > 0) {
    return (
      <EmptyState
        icon={SearchX}
        title="No skill matches these filters"
        action={<Button onClick={onClear}>Clear filters</Button>}
      />
    );
  }
  return (
    <EmptyState
      icon={BookOpen}
      title="The library is empty"
      action={
        <Link to="/t/$tenant/skills/new" params={{ tenant: slug }} className={buttonClass()}>
          Write the first skill
        </Link>
      }
    >
      Write one, drop a .zip or .md file here, or let failing turns propose some.
    </EmptyState>
  );
}
