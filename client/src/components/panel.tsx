import { type ReactNode, useId } from 'react';
import { Card, CardContent, CardHeader, CardTitle } from './ui/card';

export interface PanelProps {
  title: string;
  /** What is small and on the right of the title. */
  actions?: ReactNode;
  className?: string;
  children: ReactNode;
}

/** A titled card, a landmark by its title. */
export function Panel({ title, actions, className, children }: PanelProps) {
  const id = useId();
  return (
    <Card aria-labelledby={id} className={className}>
      <CardHeader>
        <CardTitle id={id}>{title}</CardTitle>
        {actions}
      </CardHeader>
      <CardContent>{children}</CardContent>
    </Card>
  );
}
