import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

export interface EmptyStateProps {
  icon: LucideIcon;
  title: string;
  /** What to do next, or why there is nothing. */
  text: ReactNode;
  /** The button that does it. */
  action?: ReactNode;
}

export function EmptyState({ icon: Icon, title, text, action }: EmptyStateProps) {
  return (
    <div className="flex flex-col items-center gap-2 px-4 py-10 text-center">
      <Icon aria-hidden="true" className="size-6 text-muted" />
      <p className="font-medium">{title}</p>
      <p className="max-w-md text-muted">{text}</p>
      {action !== undefined && <div className="mt-2">{action}</div>}
    </div>
  );
}
