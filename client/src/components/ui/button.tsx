import { cva, type VariantProps } from 'class-variance-authority';
import { Slot } from 'radix-ui';
import type { ComponentProps } from 'react';
import { classNames } from './class-names';

const buttonClasses = cva(
  'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md font-medium whitespace-nowrap transition-colors disabled:opacity-50 aria-disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0',
  {
    variants: {
      variant: {
        primary: 'bg-primary text-on-primary hover:bg-primary/90',
        outline: 'border bg-surface hover:bg-subtle',
        ghost: 'hover:bg-subtle',
        danger: 'bg-danger text-on-danger hover:bg-danger/90',
        link: 'text-primary underline-offset-4 hover:underline',
      },
      size: {
        md: 'h-8 px-3 text-sm',
        sm: 'h-7 px-2 text-xs',
        lg: 'h-10 px-4 text-sm',
        icon: 'size-8',
      },
    },
    defaultVariants: { variant: 'primary', size: 'md' },
  },
);

export interface ButtonProps extends ComponentProps<'button'>, VariantProps<typeof buttonClasses> {
  /** Gives the looks to the one child, a link for example. */
  asChild?: boolean;
}

export function Button({ className, variant, size, asChild = false, ...rest }: ButtonProps) {
  const Element = asChild ? Slot.Root : 'button';
  const type = asChild ? {} : { type: rest.type ?? ('button' as const) };
  return (
    <Element
      {...rest}
      {...type}
      className={classNames(buttonClasses({ variant, size }), className)}
    />
  );
}
