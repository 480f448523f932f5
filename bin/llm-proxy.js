#!/usr/bin/env node
// Runs the command line on a Node that is new enough and, in a clone, on code that is built from
// what is there. Plain JavaScript, because it has to start on Node versions that the rest refuses.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);
const oldestNode = [22, 19];
const pinnedNode = fileURLToPath(new URL('node_modules/node/bin/node', root));

if (isNewEnough(process.versions.node)) {
  await run();
} else if (existsSync(pinnedNode)) {
  const { runOnNode } = await import('./run-on-node.js');
  runOnNode(pinnedNode, [fileURLToPath(import.meta.url), ...process.argv.slice(2)]);
} else {
  fail(
    `Node ${oldestNode.join('.')} or newer is needed, this is ${process.versions.node}. ` +
      'In a clone, `npm ci` installs a matching one.',
  );
}

async function run() {
  if (process.env.LLM_PROXY_LAUNCHED === '1') {
    const { endWithLauncher } = await import('./run-on-node.js');
    endWithLauncher();
  }
  // A clone has sources, an installed package or an image has only what was built from them.
  if (existsSync(new URL('src/', root))) {
    const { buildWhenStale } = await import('./build.js');
    try {
      await buildWhenStale();
    } catch (error) {
      return fail(error.message);
    }
  }
  await import(new URL('dist/cli/main.js', root).href);
}

function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
}

function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 1;
}
