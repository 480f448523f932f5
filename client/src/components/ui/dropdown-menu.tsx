import { Check } from 'lucide-react';
import { DropdownMenu as Radix } from 'radix-ui';
import type { ComponentProps } from 'react';
import { classNames } from './class-names';

export const DropdownMenuTrigger = Radix.Trigger;
export const DropdownMenuRadioGroup = Radix.RadioGroup;

/** Not modal: the rest of the page stays readable, and a click beside the menu both closes and counts. */
export function DropdownMenu(props: ComponentProps<typeof Radix.Root>) {
  return <Radix.Root modal={false} {...props} />;
}

export const floatingClasses =
  'z-50 rounded-md border bg-raised p-1 shadow-lg data-[state=open]:animate-in data-[state=open]:fade-in-0 data-[state=open]:zoom-in-95';
const itemClasses =
  'flex cursor-default items-center gap-2 rounded px-2 py-1.5 text-sm outline-none select-none data-[disabled]:opacity-50 data-[highlighted]:bg-subtle [&_svg]:size-4 [&_svg]:shrink-0';

export function DropdownMenuContent({
  className,
  sideOffset = 4,
  ...rest
}: ComponentProps<typeof Radix.Content>) {
  return (
    <Radix.Portal>
      <Radix.Content
        collisionPadding={8}
        {...rest}
        sideOffset={sideOffset}
        className={classNames(floatingClasses, 'min-w-44', className)}
      />
    </Radix.Portal>
  );
}

export function DropdownMenuItem({
  className,
  isDangerous = false,
  ...rest
}: ComponentProps<typeof Radix.Item> & { isDangerous?: boolean }) {
  return (
    <Radix.Item
      {...rest}
      className={classNames(itemClasses, isDangerous && 'text-danger', className)}
    />
  );
}

export function DropdownMenuRadioItem({
  className,
  children,
  ...rest
}: ComponentProps<typeof Radix.RadioItem>) {
  return (
    <Radix.RadioItem {...rest} className={classNames(itemClasses, 'pl-7', className)}>
      <Radix.ItemIndicator className="absolute left-2.5">
        <Check aria-hidden="true" />
      </Radix.ItemIndicator>
      {children}
    </Radix.RadioItem>
  );
}

export function DropdownMenuLabel({ className, ...rest }: ComponentProps<typeof Radix.Label>) {
  return (
    <Radix.Label
      {...rest}
      className={classNames('px-2 py-1 text-xs font-medium text-muted', className)}
    />
  );
}

export function DropdownMenuSeparator() {
  return <Radix.Separator className="-mx-1 my-1 h-px bg-border" />;
}
