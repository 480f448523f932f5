import { Link, type LinkProps } from '@tanstack/react-router';
import { ChevronRight } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { focusAfterNavigation } from '@/app/page-focus';

export interface Crumb {
  label: string;
  to: LinkProps['to'];
}

export interface PageHeaderProps {
  /** The one `h1` of the page, and the title of the browser's tab. */
  title: string;
  description?: ReactNode;
  /** The pages above this one, outermost first. */
  crumbs?: readonly Crumb[];
  /** Buttons. */
  actions?: ReactNode;
}

/** The top of every page. Takes the focus after a navigation. */
export function PageHeader({ title, description, crumbs, actions }: PageHeaderProps) {
  const { t } = useTranslation();
  const heading = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    document.title = `${title} · LLM Proxy`;
  }, [title]);
  useEffect(() => {
    if (heading.current !== null) focusAfterNavigation(heading.current);
  }, []);

  return (
    <header className="mb-4 flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
      <div className="min-w-0 flex-1 basis-60">
        {crumbs !== undefined && (
          <nav
            aria-label={t('breadcrumbs')}
            className="mb-0.5 flex items-center text-xs text-muted"
          >
            {crumbs.map(({ label, to }) => (
              <span key={label} className="flex items-center">
                <Link to={to} className="rounded hover:text-foreground hover:underline">
                  {label}
                </Link>
                <ChevronRight aria-hidden="true" className="mx-1 size-3" />
              </span>
            ))}
          </nav>
        )}
        <h1
          ref={heading}
          tabIndex={-1}
          className="text-xl font-semibold tracking-tight break-words"
        >
          {title}
        </h1>
        {description !== undefined && <p className="text-muted">{description}</p>}
      </div>
      {actions !== undefined && <div className="flex flex-wrap gap-2">{actions}</div>}
    </header>
  );
}
