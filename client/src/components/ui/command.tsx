import { Command as Cmdk } from 'cmdk';
import { Search } from 'lucide-react';
import type { ComponentProps } from 'react';
import { classNames } from './class-names';

/** A list with a search in it. `label` says what is searched. */
export function Command({ className, ...rest }: ComponentProps<typeof Cmdk>) {
  return <Cmdk {...rest} className={classNames('flex flex-col overflow-hidden', className)} />;
}

export function CommandInput({ className, ...rest }: ComponentProps<typeof Cmdk.Input>) {
  return (
    <div className="flex items-center gap-2 border-b px-3">
      <Search aria-hidden="true" className="size-4 shrink-0 text-muted" />
      <Cmdk.Input
        {...rest}
        className={classNames(
          'h-11 w-full bg-transparent text-sm outline-none placeholder:text-muted',
          className,
        )}
      />
    </div>
  );
}

export function CommandList({ className, ...rest }: ComponentProps<typeof Cmdk.List>) {
  return <Cmdk.List {...rest} className={classNames('max-h-80 overflow-y-auto p-1', className)} />;
}

export const CommandEmpty = (props: ComponentProps<typeof Cmdk.Empty>) => (
  <Cmdk.Empty {...props} className="p-6 text-center text-sm text-muted" />
);

export function CommandGroup({ className, ...rest }: ComponentProps<typeof Cmdk.Group>) {
  return (
    <Cmdk.Group
      {...rest}
      className={classNames(
        '[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:py-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-muted',
        className,
      )}
    />
  );
}

export function CommandItem({ className, ...rest }: ComponentProps<typeof Cmdk.Item>) {
  return (
    <Cmdk.Item
      {...rest}
      className={classNames(
        'flex cursor-default items-center gap-2 rounded px-2 py-1.5 text-sm select-none data-[selected=true]:bg-subtle [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-muted',
        className,
      )}
    />
  );
}
