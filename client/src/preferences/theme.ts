import { Choice } from './choice';
import { writePreference } from './preference-cookie';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const written = document.documentElement.dataset['theme'];

/** The colours; the server wrote the current one into the document. */
export const theme = new Choice<Theme>(
  THEMES.find((each) => each === written) ?? 'system',
  (value) => {
    document.documentElement.dataset['theme'] = value;
    writePreference('theme', value);
  },
);
