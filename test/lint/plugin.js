import { importDirections } from './import-directions.js';
import { tellingNames } from './telling-names.js';

/** The lint rules that are about this project and nothing else. */
export default {
  meta: { name: 'llm-proxy' },
  rules: { 'import-directions': importDirections, 'telling-names': tellingNames },
};
