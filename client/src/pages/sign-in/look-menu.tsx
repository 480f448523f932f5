import { useTranslation } from 'react-i18next';
import { Select } from '@/components/ui/select';
import { useChoice } from '@/preferences/choice';
import { language, LANGUAGES, type Language } from '@/preferences/language';
import { theme, THEMES } from '@/preferences/theme';

/** Theme and language for who has not signed in yet. */
export default function LookMenu() {
  const { t } = useTranslation();
  const shownTheme = useChoice(theme);
  const shownLanguage = useChoice(language);
  return (
    <div className="flex gap-2">
      <Select
        aria-label={t('theme.title')}
        className="w-28"
        value={shownTheme}
        onValueChange={theme.set}
        options={THEMES.map((value) => ({ value, label: t(`theme.${value}`) }))}
      />
      <Select
        aria-label={t('language')}
        className="w-28"
        value={shownLanguage}
        onValueChange={language.set}
        options={(Object.keys(LANGUAGES) as Language[]).map((value) => ({
          value,
          label: LANGUAGES[value],
        }))}
      />
    </div>
  );
}
