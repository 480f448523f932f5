import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { AuditLog } from '../../audit/audit-log.js';
import { Sealer } from '../../common/sealing/sealer.js';
import { Secret } from '../../common/secret.js';
import { masterKey } from '../../config/environment-schemas.js';
import { getGeneratedSecret } from '../../config/generated-secret.js';
import { GENERATED_SECRETS } from '../../config/load-environment.js';
import { readSecretFile } from '../../config/secret-file.js';
import { ChangeFeed } from '../../database/change-feed.js';
import { GroupCommitWriter } from '../../database/group-commit-writer.js';
import { reseal } from '../../provisioning/reseal.js';
import { PROVISIONING_TOPIC } from '../../provisioning/stored-layer.js';
import type { CliContext } from '../cli-context.js';
import { CliError } from '../describe-failure.js';

interface Options {
  newKeyFile?: string;
  json?: boolean;
}

const { fileName } = GENERATED_SECRETS.encryptionKey;

export function registerRekeyCommand(program: Command, context: CliContext): void {
  program
    .command('rekey')
    .description('seal the keys of providers in the database with another master key')
    .option('--new-key-file <path>', 'file with the new ENCRYPTION_KEY (default: made anew)')
    .option('--json', 'print JSON')
    .action(async ({ newKeyFile, json }: Options) => {
      const { encryptionKey, dataDir } = (await context.openConfiguration()).environment;
      const generated = join(dataDir, fileName);
      const isGenerated = (await textOf(generated)) === encryptionKey.reveal();
      if (newKeyFile === undefined && !isGenerated) {
        throw new CliError(
          'ENCRYPTION_KEY is set: write the new one to a file and name it with --new-key-file.',
        );
      }
      // On disk before anything is sealed with it, so that no crash can lose it.
      const next = isGenerated
        ? await prepare(dataDir, newKeyFile)
        : await readKey(newKeyFile as string);
      const counts = await sealAnew(context, encryptionKey, next);
      if (isGenerated) await rename(`${generated}.new`, generated);
      const then = isGenerated
        ? `${fileName} in DATA_DIR holds the new master key.`
        : `Set ENCRYPTION_KEY to the content of ${newKeyFile}.`;
      if (json) return context.output.json({ ...counts, keyFile: isGenerated ? generated : null });
      context.output.line(
        `Providers whose keys were sealed anew: ${counts.resealed}; that had been before: ${counts.already}.`,
      );
      context.output.line(`${then} Restart every server: those that run know the earlier one.`);
    });
}

function sealAnew(context: CliContext, from: Secret, to: Secret) {
  return context.withApplication(async (application) => {
    const feed = application.get(ChangeFeed);
    const audit = application.get(AuditLog);
    return application.get(GroupCommitWriter).transaction(async (manager) => {
      await feed.bump(manager, PROVISIONING_TOPIC);
      const counts = await reseal(manager, { from: new Sealer(from), to: new Sealer(to) });
      await audit.record(manager, {
        action: 'master_key.rekey',
        subject: { type: 'installation', id: '', name: 'master key' },
        after: counts,
      });
      return counts;
    });
  });
}

/** The new key in a file beside the old one; of an attempt that was cut off, the one it left. */
async function prepare(folder: string, newKeyFile: string | undefined): Promise<Secret> {
  if (newKeyFile === undefined) {
    return (await getGeneratedSecret({ folder, fileName: `${fileName}.new`, bytes: 32 })).secret;
  }
  const key = await readKey(newKeyFile);
  await writeFile(join(folder, `${fileName}.new`), `${key.reveal()}\n`, {
    mode: 0o600,
    flush: true,
  });
  return key;
}

async function readKey(path: string): Promise<Secret> {
  const parsed = masterKey().safeParse((await readSecretFile(path)).text);
  if (parsed.success) return parsed.data;
  throw new CliError(`The content of ${path} ${parsed.error.issues[0]?.message}.`);
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch {
    return undefined;
  }
}
