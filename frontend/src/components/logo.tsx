export function Logo({ className = "size-6" }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" className={className} aria-hidden>
      <rect width="24" height="24" rx="6" fill="var(--ink)" />
      <path
        d="M8 6.5c-.6 3.6-1.4 7-2.6 10.5M12.8 6.5c-.6 3.6-1.4 7-2.6 10.5M17.8 6.5c-.6 3.6-1.4 7-2.6 10.5"
        stroke="var(--panel)"
        strokeWidth="2"
        strokeLinecap="round"
        fill="none"
      />
    </svg>
  );
}
