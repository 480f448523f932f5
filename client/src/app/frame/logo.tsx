/** Name and sign of the product. */
export function Logo() {
  return (
    <span className="flex items-center gap-2 px-2 font-semibold tracking-tight">
      <svg viewBox="0 0 32 32" className="size-6 shrink-0 text-primary" aria-hidden="true">
        <rect width="32" height="32" rx="7" fill="currentColor" />
        <path
          d="M8 10h7a6 6 0 0 1 0 12H8M24 10h-4M24 22h-4M8 16h16"
          fill="none"
          stroke="var(--on-primary)"
          strokeWidth="2.6"
          strokeLinecap="round"
        />
      </svg>
      LLM Proxy
    </span>
  );
}
