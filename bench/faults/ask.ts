import { Agent, request, type ClientRequest, type IncomingMessage } from 'node:http';
import { CLIENT_KEY } from '../bench-configuration.ts';

const agent = new Agent({ keepAlive: true, maxSockets: 600 });

/** Sends a chat request; the answer is the caller's to read. */
export function send(url: string, model: string, stream: boolean, own = false): ClientRequest {
  const body = JSON.stringify({ model, stream, messages: [{ role: 'user', content: 'Hello' }] });
  const sent = request(`${url}/v1/chat/completions`, {
    method: 'POST',
    agent: own ? false : agent,
    headers: {
      authorization: `Bearer ${CLIENT_KEY}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    },
  });
  sent.on('error', () => undefined);
  sent.end(body);
  return sent;
}

/** What a unary request was answered; status 0 when the connection broke. */
export async function ask(
  url: string,
  model: string,
): Promise<{ status: number; attempts: number }> {
  const sent = send(url, model, false);
  const answer = await new Promise<IncomingMessage | undefined>((resolve) => {
    sent.once('response', resolve).once('error', () => resolve(undefined));
  });
  if (answer === undefined) return { status: 0, attempts: 0 };
  await new Promise((resolve) => answer.once('close', resolve).resume());
  return {
    status: answer.statusCode ?? 0,
    attempts: Number(answer.headers['x-llm-proxy-attempts'] ?? 0),
  };
}

/** So many, at most `width` at once. */
export async function askMany(url: string, model: string, count: number, width: number) {
  const answers: { status: number; attempts: number }[] = [];
  let sent = 0;
  await Promise.all(
    Array.from({ length: width }, async () => {
      while (sent < count) {
        sent += 1;
        answers.push(await ask(url, model));
      }
    }),
  );
  return answers;
}

export function closeClients(): void {
  agent.destroy();
}
