import { useNavigate } from '@tanstack/react-router';
import { CircleUser, LogOut } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useUser } from '@/api/use-session';
import { Button } from '@/components/ui/button';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu';
import { useChoice } from '@/preferences/choice';
import { language, LANGUAGES, type Language } from '@/preferences/language';
import { theme, THEMES, type Theme } from '@/preferences/theme';
import { signOut } from '../sign-out';

/** Who is signed in, how the page looks, and the way out. */
export default function UserMenu() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const user = useUser();
  const shownTheme = useChoice(theme);
  const shownLanguage = useChoice(language);
  if (user === undefined) return null;
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button variant="ghost" size="icon" aria-label={t('account')}>
          <CircleUser aria-hidden="true" />
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end" className="w-60">
        <DropdownMenuLabel className="text-foreground">
          <span className="block truncate">{user.name}</span>
          <span className="block truncate font-normal text-muted">{user.email}</span>
          <span className="block font-normal text-muted">{t(`role.${user.role}`)}</span>
        </DropdownMenuLabel>
        <DropdownMenuSeparator />
        <DropdownMenuLabel id="menu-theme">{t('theme.title')}</DropdownMenuLabel>
        <DropdownMenuRadioGroup
          aria-labelledby="menu-theme"
          value={shownTheme}
          onValueChange={(value) => theme.set(value as Theme)}
        >
          {THEMES.map((each) => (
            <DropdownMenuRadioItem key={each} value={each}>
              {t(`theme.${each}`)}
            </DropdownMenuRadioItem>
          ))}
        </DropdownMenuRadioGroup>
        <DropdownMenuSeparator />
        <DropdownMenuLabel id="menu-language">{t('language')}</DropdownMenuLabel>
        <DropdownMenuRadioGroup
          aria-labelledby="menu-language"
          value={shownLanguage}
          onValueChange={(value) => language.set(value as Language)}
        >
          {Object.entries(LANGUAGES).map(([value, name]) => (
            <DropdownMenuRadioItem key={value} value={value} lang={value}>
              {name}
            </DropdownMenuRadioItem>
          ))}
        </DropdownMenuRadioGroup>
        <DropdownMenuSeparator />
        <DropdownMenuItem onSelect={() => void signOut(navigate)}>
          <LogOut aria-hidden="true" />
          {t('signOut')}
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
