import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

const texts = import.meta.glob<{ default: Record<string, unknown> }>('./*/*.json');

/** Texts by namespace, loaded when something first asks: a page brings its own, `common` is always there. */
export const i18n = i18next.createInstance();

/** Resolves when the texts of the frame are there. */
export async function startTexts(): Promise<void> {
  await i18n
    .use({
      type: 'backend',
      init: () => undefined,
      read: async (language: string, namespace: string) => {
        const load = texts[`./${language}/${namespace}.json`];
        if (load === undefined) throw new Error(`There are no texts for ${language}/${namespace}.`);
        return (await load()).default;
      },
    })
    .use(initReactI18next)
    .init({
      lng: document.documentElement.lang,
      supportedLngs: ['en', 'de'],
      // Both languages are complete, a spec sees to it: nothing is loaded twice.
      fallbackLng: false,
      ns: ['common'],
      defaultNS: 'common',
      // React escapes what it renders.
      interpolation: { escapeValue: false },
    });
}
