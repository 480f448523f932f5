// The table of who may import whom, as an oxlint rule. Imports point one way, so that a part can be
// understood, and tested, without the parts above it.
import { dirname, join, relative, sep } from 'node:path';

const foundation = ['common'];
const infrastructure = ['config', 'database', 'common'];
const features = [
  'auth',
  'clients',
  'limits',
  'cache',
  'routing',
  'usage',
  'catalog',
  'provisioning',
  'alerts',
  'audit',
];
const surfaces = ['dashboard', 'proxy', 'operations', 'cli'];

/** For each folder of src: the other folders that it may import. A folder not listed may import none. */
const allowedFolders = new Map([
  ['common', []],
  ['config', foundation],
  ['database', infrastructure],
  ['providers', infrastructure],
  ...features.map((folder) => [folder, [...features, 'providers', ...infrastructure]]),
  // Every feature records its changes there, so it knows none of them.
  ['audit', infrastructure],
  ['operations', [...features, 'providers', ...infrastructure]],
  ['proxy', [...features, 'providers', ...infrastructure]],
  ['dashboard', ['operations', ...features, 'providers', ...infrastructure]],
  // The command line starts the application, so it may also import the files directly in src.
  ['cli', ['', ...surfaces, ...features, 'providers', ...infrastructure]],
]);

const sharedProviderFolders = ['contract', 'chat', 'completions', 'embeddings', 'upstream'];

/** What the folder of one vendor may import besides itself. */
const allowedForVendors = [
  'providers/contract',
  'providers/chat',
  'providers/completions',
  'providers/embeddings',
  'providers/upstream',
  'providers/openai-compatible',
  'common',
];

/**
 * Why a file of src may not import another one, or undefined. Paths are relative to src, with
 * forward slashes.
 */
export function findImportViolation(importer, imported) {
  const from = folderOf(importer);
  const to = folderOf(imported);
  const vendor = vendorFolderOf(importer);
  if (vendor !== undefined && !isWithin(imported, [vendor, ...allowedForVendors])) {
    return `${vendor} is a vendor folder: it may import ${allowedForVendors.join(', ')}, not ${dirname(imported)}.`;
  }
  // Files directly in src put the application together.
  if (from === to || from === '') return undefined;
  if (!allowedFolders.has(from))
    return `src/${from} has no entry in the table of import directions.`;
  if (allowedFolders.get(from).includes(to)) return undefined;
  return `${from} may not import ${to === '' ? 'the application itself' : to}: imports point from surfaces to features to providers to config, database and common.`;
}

function folderOf(path) {
  return path.includes('/') ? path.slice(0, path.indexOf('/')) : '';
}

function vendorFolderOf(path) {
  const [top, folder, file] = path.split('/');
  if (top !== 'providers' || file === undefined) return undefined;
  return sharedProviderFolders.includes(folder) ? undefined : `providers/${folder}`;
}

function isWithin(path, folders) {
  return folders.some((folder) => path.startsWith(`${folder}/`));
}

/** An ESLint rule over every form of import and re-export with a relative path. */
export const importDirections = {
  create(context) {
    const source = join(context.cwd, 'src');
    const importer = relative(source, context.filename).split(sep).join('/');
    if (importer.startsWith('../')) return {};

    function check(node) {
      const specifier = node.source?.value;
      if (typeof specifier !== 'string' || !specifier.startsWith('.')) return;
      const target = join(dirname(context.filename), specifier);
      const imported = relative(source, target).split(sep).join('/');
      const message = imported.startsWith('../')
        ? 'src may not import from outside of src.'
        : findImportViolation(importer, imported);
      if (message !== undefined) context.report({ node, message });
    }

    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      TSImportType: check,
    };
  },
};
