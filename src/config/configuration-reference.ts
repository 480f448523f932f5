import { ENDPOINTS } from './endpoints.js';
import { environmentTables } from './environment-reference.js';
import { fileTable } from './file-reference.js';

/** The text of `docs/reference/configuration.md`, before it is formatted. */
export function configurationReference(): string {
  return `# Configuration

The environment says how the process runs; an optional YAML file says what it serves. This page is generated from the schemas that check them: \`npx vitest run src/config/reference.spec.ts -u\` writes it anew.

## Environment

Variables come from the process and, where it does not set them, from \`.env\` in the working folder. An empty value counts as unset. When any is wrong, the boot stops and names all that are wrong, without their values.

Each secret also accepts its name with \`_FILE\` at the end: the path of a file that holds it. \`KEY_PEPPER\`, when it is not set, is generated once to \`DATA_DIR/key-pepper.key\`, readable by its owner only. Keep that file with your backups: without it no API key works any more. So is \`ENCRYPTION_KEY\` to \`DATA_DIR/secret.key\`, without which the keys of providers that were set in the dashboard cannot be opened.

${environmentTables()}

## File

\`LLM_PROXY_CONFIG\` is its path; without it, \`./llm-proxy.yaml\` is used when it exists. It is checked against [llm-proxy.schema.json](llm-proxy.schema.json); an editor checks it while you type when its first line is

\`\`\`yaml
# yaml-language-server: $schema=docs/reference/llm-proxy.schema.json
\`\`\`

${fileTable()}

Members that a later version will have (\`cache\` and others) are refused, so that nobody relies on something that is not enforced.

### Limits and budgets

\`\`\`yaml
limits: { requestsPerMinute: 5000, models: { fast: { maxConcurrent: 50 } } } # all clients together
budget: { usd: 500, period: month, timeZone: Europe/Berlin }
providers:
  - name: openai
    type: openai
    apiKey: \${OPENAI_API_KEY}
    limits: { requestsPerMinute: 10000, maxConcurrent: 500 }
    budget: { usd: 400.00, period: month }
clients:
  - name: ci
    apiKeys:
      - \${CI_KEY}
      - key: \${NIGHTLY_KEY}
        limits: { maxConcurrent: 2 }
        budget: { usd: 1, period: day }
    limits:
      requestsPerMinute: 600
      tokensPerMinute: 200000
      endpoints: { embeddings: { requestsPerMinute: 60 } }
    budget: [{ usd: 5.00, period: month, alerts: [50, 80, 100] }, { usd: 0.50, period: day }]
    onLimit: queue
    queueMs: 5000
\`\`\`

An absent figure is unlimited, 0 lets nothing through. Every limit and every budget that a request meets has to have room for it. Endpoints are ${ENDPOINTS.map((name) => `\`${name}\``).join(', ')}. [Limits and budgets](../limits-and-budgets.md) says how they count.

### Vendors that speak OpenAI's protocol

An instance of the type \`openai-compatible\` sends requests as they came. A \`preset\` brings the address of a known vendor and what it takes otherwise:

\`\`\`yaml
providers:
  - name: groq
    type: openai-compatible
    preset: groq
    apiKey: \${GROQ_API_KEY}
\`\`\`

Settings of single types, under \`settings\`:

| type | setting | |
| --- | --- | --- |
| \`azure\` | \`urlStyle\` | \`v1\` (default) names the deployment in the body, \`deployments\` in the path. |
| \`azure\` | \`apiVersion\` | Such as \`2024-10-21\`; required by \`deployments\`. |
| \`azure\` | \`deployments\` | Map of deployment to model, such as \`{ thinker: o3 }\`, where the name of a deployment does not say what it serves. |
| \`openrouter\` | \`siteUrl\`, \`siteName\` | How OpenRouter's statistics name the application. |

### Substitution

In any text value, \`\${NAME}\` becomes the environment variable and \`\${file:/path}\` the content of the file, without the line end at its end; a relative path starts at the folder of the configuration file. The result is always text. \`$\${\` stands for \`\${\` itself. A variable that is not set or a file that cannot be read is an error. Write braces in quotes where YAML would read them as its own: \`apiKeys: ["\${CI_KEY}"]\`.

### Keys in the file

A file with keys written out in it must not be readable or writable by users other than its owner and group (\`chmod o-rw\`). With \`NODE_ENV=production\` it is refused, otherwise there is a warning. Keys that come by substitution are not affected. The same goes for a \`.env\` file with secrets.

### Reload

A changed file and SIGHUP reload it: it is read and checked whole, then it replaces the earlier one at once. When anything is wrong, the earlier one stays in force and the log has one error that lists every problem. So it does when the file vanishes or is blank; \`{}\` takes everything out. Files named by \`\${file:…}\` are read again with each reload, but are not watched. The environment is read at the start only.

### Prices

Prices and the \`usd\` of budgets are exact: numbers are taken as they are written, never as floating point, with at most six decimals (nine for \`perRequest\` and \`usd\`).
`;
}
