import { i18n } from '@/i18n/i18n';
import { Choice } from './choice';
import { writePreference } from './preference-cookie';

export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof LANGUAGES;

/** The language of the page and of its figures; the server wrote the current one into the document. */
export const language = new Choice<Language>(
  document.documentElement.lang === 'de' ? 'de' : 'en',
  (value) => {
    document.documentElement.lang = value;
    writePreference('language', value);
    void i18n.changeLanguage(value);
  },
);
