import { Skeleton } from '@/components/ui/skeleton';

/** Stands where a page will be while its code arrives. */
export function PagePending() {
  return (
    <div className="space-y-4" aria-busy="true">
      <Skeleton className="h-8 w-56" />
      <Skeleton className="h-40 w-full" />
    </div>
  );
}
