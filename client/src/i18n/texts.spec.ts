import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

type Texts = { [key: string]: string | Texts };

const folder = fileURLToPath(new URL('.', import.meta.url));
const namespaces = readdirSync(`${folder}en`);

it('has every namespace in both languages', () => {
  expect(readdirSync(`${folder}de`)).toEqual(namespaces);
});

it('names every namespace in the types', () => {
  const types = readFileSync(`${folder}i18next.d.ts`, 'utf8');
  const unnamed = namespaces.filter((name) => !types.includes(`./en/${name}`));
  expect(unnamed).toEqual([]);
});

describe.each(namespaces)('%s', (namespace) => {
  const english = flatten(read('en', namespace));
  const german = flatten(read('de', namespace));

  it('has the same texts in both languages', () => {
    expect([...german.keys()].toSorted()).toEqual([...english.keys()].toSorted());
  });

  it('puts the same values into them', () => {
    for (const [key, text] of english) {
      expect({ key, values: valuesIn(german.get(key) ?? '') }).toEqual({
        key,
        values: valuesIn(text),
      });
    }
  });
});

function read(language: string, namespace: string): Texts {
  return JSON.parse(readFileSync(`${folder}${language}/${namespace}`, 'utf8')) as Texts;
}

function flatten(texts: Texts, prefix = ''): Map<string, string> {
  return new Map(
    Object.entries(texts).flatMap(([key, text]) =>
      typeof text === 'string'
        ? [[prefix + key, text] as const]
        : [...flatten(text, `${prefix}${key}.`)],
    ),
  );
}

function valuesIn(text: string): string[] {
  return [...text.matchAll(/\{\{[^}]*\}\}/g)].map(([value]) => value).toSorted();
}
