import { createTranslationTable } from '../contract/translation.js';

/** The table of a vendor that gets the body as it came: whether it heeds a field is its own affair. */
export const PASSES_EVERYTHING = createTranslationTable(() => 'passed');
