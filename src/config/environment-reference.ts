import {
  ENVIRONMENT_VARIABLES,
  VARIABLE_NAMES,
  type VariableName,
} from './environment-variables.js';
import type { VariableDeclaration, VariableGroup } from './variable-declaration.js';

const GROUP_TITLES: Record<VariableGroup, string> = {
  process: 'Process',
  storage: 'Storage',
  secrets: 'Secrets',
  'sign-in': 'Single sign-on',
  providers: 'Providers',
  input: 'Limits on input',
  limits: 'Rate limits',
  upstream: 'Defaults of provider instances',
  network: 'Network',
  streams: 'Streams to clients',
  overload: 'Overload',
  observability: 'Observability',
  file: 'Configuration file',
};

const GROUPS = Object.keys(GROUP_TITLES) as VariableGroup[];

/** The text of `.env.example`: every variable with its default and one line of explanation. */
export function environmentExample(): string {
  const head = [
    '# Copy to .env and change what you need. An empty value counts as unset.',
    '# A secret can also be read from a file: set its name with _FILE at the end to the path.',
  ];
  const groups = GROUPS.map((group) => [
    `# ${GROUP_TITLES[group]}`,
    ...declarationsOf(group).flatMap(([name, declaration]) => [
      `# ${explain(declaration)}`,
      `${name}=${declaration.default ?? ''}`,
    ]),
  ]);
  return [head, ...groups].map((lines) => lines.join('\n')).join('\n\n') + '\n';
}

/** Markdown: one table for each group. */
export function environmentTables(): string {
  return GROUPS.map((group) =>
    [
      `### ${GROUP_TITLES[group]}`,
      '',
      '| variable | default | |',
      '| --- | --- | --- |',
      ...declarationsOf(group).map(
        ([name, declaration]) =>
          `| \`${name}\` | ${describeDefault(declaration)} | ${declaration.explanation}${declaration.secret ? ' Secret.' : ''} |`,
      ),
    ].join('\n'),
  ).join('\n\n');
}

function declarationsOf(group: VariableGroup): [VariableName, VariableDeclaration][] {
  return VARIABLE_NAMES.map((name): [VariableName, VariableDeclaration] => [
    name,
    ENVIRONMENT_VARIABLES[name],
  ]).filter(([, declaration]) => declaration.group === group);
}

function explain({ explanation, whenUnset, secret }: VariableDeclaration): string {
  const kind = secret ? ' Secret.' : '';
  return `${explanation}${kind}${whenUnset === undefined ? '' : ` When unset: ${whenUnset}.`}`;
}

function describeDefault(declaration: VariableDeclaration): string {
  if (declaration.default === undefined) return declaration.whenUnset ?? '';
  return declaration.default === '' ? 'empty' : `\`${declaration.default}\``;
}
