import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { NAVIGATION_GROUPS } from '../navigation';
import { useNavigation } from '../use-navigation';
import { Logo } from './logo';

/** The pages, by what people come for. */
export function SideBar({ onNavigate }: { onNavigate?: () => void }) {
  const { t } = useTranslation();
  const entries = useNavigation();
  return (
    <div className="flex flex-col gap-4 p-3">
      <Logo />
      <nav aria-label={t('navigation')} className="flex flex-col gap-4">
        {NAVIGATION_GROUPS.map((group) => {
          const members = entries.filter((entry) => entry.group === group);
          if (members.length === 0) return null;
          return (
            <div key={group}>
              <p
                id={`group-${group}`}
                className="px-2 pb-1 text-2xs font-medium text-muted uppercase"
              >
                {t(`group.${group}`)}
              </p>
              <ul aria-labelledby={`group-${group}`} className="space-y-px">
                {members.map(({ name, path, icon: Icon }) => (
                  <li key={name}>
                    <Link
                      to={path}
                      onClick={onNavigate}
                      activeOptions={{ exact: path === '/', includeSearch: false }}
                      className="flex h-8 items-center gap-2 rounded-md px-2 text-muted hover:bg-subtle hover:text-foreground aria-[current=page]:bg-subtle aria-[current=page]:font-medium aria-[current=page]:text-foreground"
                    >
                      <Icon aria-hidden="true" className="size-4 shrink-0" />
                      {t(`page.${name}`)}
                    </Link>
                  </li>
                ))}
              </ul>
            </div>
          );
        })}
      </nav>
    </div>
  );
}
