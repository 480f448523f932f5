import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const project = process.cwd();

/** One file each, and the rule that has to refuse it; undefined for what has to pass. */
const files: { path: string; rule: string | undefined; code: string }[] = [
  {
    path: 'src/common/upwards.ts',
    rule: 'llm-proxy(import-directions)',
    code: `import { pipeline } from '../proxy/pipeline.js';\nexport const value = pipeline;`,
  },
  {
    path: 'src/database/upwards.ts',
    rule: 'llm-proxy(import-directions)',
    code: `import type { Pipeline } from '../proxy/pipeline.js';\nexport type Value = Pipeline;`,
  },
  {
    path: 'src/usage/upwards.ts',
    rule: 'llm-proxy(import-directions)',
    code: `export { pipeline } from '../proxy/pipeline.js';`,
  },
  {
    path: 'src/usage/dynamic.ts',
    rule: 'llm-proxy(import-directions)',
    code: `export const load = async () => await import('../proxy/pipeline.js');`,
  },
  {
    path: 'src/usage/type-query.ts',
    rule: 'llm-proxy(import-directions)',
    code: `export type Value = import('../proxy/pipeline.js').Pipeline;`,
  },
  {
    path: 'src/unknown/folder.ts',
    rule: 'llm-proxy(import-directions)',
    code: `import { value } from '../common/value.js';\nexport const copy = value;`,
  },
  {
    path: 'src/common/outside.ts',
    rule: 'llm-proxy(import-directions)',
    code: `import { support } from '../../test/support.js';\nexport const copy = support;`,
  },
  {
    path: 'src/providers/mistral/neighbour.ts',
    rule: 'llm-proxy(import-directions)',
    code: `import { base } from '../openai/base.js';\nexport const copy = base;`,
  },
  {
    path: 'src/providers/mistral/settings.ts',
    rule: 'llm-proxy(import-directions)',
    code: `import { setting } from '../../config/setting.js';\nexport const copy = setting;`,
  },
  {
    path: 'src/providers/mistral/allowed.ts',
    rule: undefined,
    code: `import { value } from '../../common/value.js';\nimport { compatible } from '../openai-compatible/compatible.js';\nexport const copy = [value, compatible];`,
  },
  {
    path: 'src/proxy/pipeline.ts',
    rule: undefined,
    code: `import { base } from '../providers/openai/base.js';\nexport interface Pipeline {\n  base: string;\n}\nexport const pipeline: Pipeline = { base };`,
  },
  { path: 'src/common/value.ts', rule: undefined, code: `export const value = 'value';` },
  {
    path: 'src/config/setting.ts',
    rule: undefined,
    code: `export const setting = process.env.PORT;`,
  },
  { path: 'src/providers/openai/base.ts', rule: undefined, code: `export const base = 'base';` },
  {
    path: 'src/providers/openai-compatible/compatible.ts',
    rule: undefined,
    code: `export const compatible = 'compatible';`,
  },
  { path: 'test/support.ts', rule: undefined, code: `export const support = 'support';` },
  {
    path: 'src/common/index.ts',
    rule: 'llm-proxy(telling-names)',
    code: `export { value } from './value.js';`,
  },
  {
    path: 'src/usage/helpers/sums.ts',
    rule: 'llm-proxy(telling-names)',
    code: `export const sum = 0;`,
  },
  {
    path: 'src/usage/around.ts',
    rule: 'import(no-cycle)',
    code: `import { back } from './back.js';\nexport const around = (): string => back();`,
  },
  {
    path: 'src/usage/back.ts',
    rule: 'import(no-cycle)',
    code: `import { around } from './around.js';\nexport const back = (): string => around();`,
  },
  {
    path: 'src/usage/dialler.ts',
    rule: 'eslint(no-restricted-imports)',
    code: `import { request } from 'undici';\nexport const dial = request;`,
  },
  {
    path: 'src/providers/upstream/dialler.ts',
    rule: undefined,
    code: `import { request } from 'undici';\nexport const dial = request;`,
  },
  {
    path: 'src/usage/usage.module.ts',
    rule: 'eslint(no-restricted-imports)',
    code: `import { forwardRef } from '@nestjs/common';\nexport const later = forwardRef(() => String);`,
  },
  {
    path: 'src/usage/environment.ts',
    rule: 'node(no-process-env)',
    code: `export const port = process.env.PORT;`,
  },
  {
    path: 'src/usage/imported-environment.ts',
    rule: 'eslint(no-restricted-imports)',
    code: `import { env } from 'node:process';\nexport const port = env.PORT;`,
  },
  {
    path: 'src/usage/printing.ts',
    rule: 'eslint(no-console)',
    code: `console.log('printed');`,
  },
  { path: 'src/cli/printing.ts', rule: undefined, code: `console.log('printed');` },
  {
    path: 'src/usage/floating.ts',
    rule: 'typescript(no-floating-promises)',
    code: `export function start(): void {\n  Promise.resolve();\n}`,
  },
  {
    path: 'src/usage/misused.ts',
    rule: 'typescript(no-misused-promises)',
    code: `export const start = (): unknown => setTimeout(async () => await Promise.resolve(), 1);`,
  },
  {
    path: 'src/usage/anything.ts',
    rule: 'typescript(no-explicit-any)',
    code: `export const value: any = 1;`,
  },
  {
    path: 'src/usage/unused.ts',
    rule: 'eslint(no-unused-vars)',
    code: `import { value } from '../common/value.js';`,
  },
  {
    path: 'src/usage/ledger.ts',
    rule: undefined,
    code: `import { Injectable } from '@nestjs/common';\n@Injectable()\nexport class Ledger {\n  readonly rows: string[] = [];\n}`,
  },
  {
    // Nest needs the class at run time although the code names it as a type only.
    path: 'src/usage/injected.ts',
    rule: undefined,
    code: `import { Injectable } from '@nestjs/common';\nimport { Ledger } from './ledger.js';\n@Injectable()\nexport class Reader {\n  constructor(private readonly ledger: Ledger) {}\n  count(): number {\n    return this.ledger.rows.length;\n  }\n}`,
  },
  {
    path: 'src/usage/only.spec.ts',
    rule: 'vitest(no-focused-tests)',
    code: `import { expect, it } from 'vitest';\nit.only('counts', () => {\n  expect(1).toBe(1);\n});`,
  },
];

describe('the lint rules', () => {
  let folder: string;
  let findings: Map<string, string[]>;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'llm-proxy-lint-'));
    cpSync(join(project, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
    cpSync(join(project, 'test/lint'), join(folder, 'test/lint'), { recursive: true });
    cpSync(join(project, 'tsconfig.json'), join(folder, 'tsconfig.json'));
    cpSync(join(project, 'package.json'), join(folder, 'package.json'));
    symlinkSync(join(project, 'node_modules'), join(folder, 'node_modules'));
    for (const { path, code } of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), `${code}\n`);
    }
    findings = lint(folder);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(files.filter(({ rule }) => rule !== undefined))('$rule refuses $path', (file) => {
    expect(findings.get(file.path)).toContain(file.rule);
  });

  it.each(files.filter(({ rule }) => rule === undefined))('$path passes', (file) => {
    expect(findings.get(file.path) ?? []).toEqual([]);
  });
});

/** The rules that spoke up, by file. */
function lint(cwd: string): Map<string, string[]> {
  const command = join(project, 'node_modules/oxlint/bin/oxlint');
  let output: string;
  try {
    output = execFileSync(
      process.execPath,
      [command, '--type-aware', '-f', 'json', 'src', 'test'],
      {
        cwd,
        encoding: 'utf8',
      },
    );
  } catch (error) {
    // oxlint exits with 1 when it has found something, and there is plenty to find.
    output = (error as { stdout: string }).stdout;
  }
  const { diagnostics } = JSON.parse(output) as {
    diagnostics: { code: string; filename: string }[];
  };
  const byFile = new Map<string, string[]>();
  for (const { code, filename } of diagnostics) {
    byFile.set(filename, [...(byFile.get(filename) ?? []), code]);
  }
  return byFile;
}
