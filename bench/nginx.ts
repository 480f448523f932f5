import { spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { stopChild, type ChildServer } from './child-server.ts';
import { freePort } from './free-port.ts';

const START_LIMIT_MS = 5000;

/** A reverse proxy of one process in front of the upstream; undefined where nginx is not installed. */
export async function startNginx(upstreamUrl: string): Promise<ChildServer | undefined> {
  const program = findProgram('nginx');
  if (program === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'llm-proxy-nginx-'));
  const port = await freePort();
  writeFileSync(join(folder, 'nginx.conf'), configurationFor(new URL(upstreamUrl).host, port));
  const child = spawn(program, ['-p', folder, '-c', 'nginx.conf', '-e', 'error.log'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const stop = async (): Promise<void> => {
    await stopChild(child);
    rmSync(folder, { recursive: true, force: true });
  };
  const deadline = performance.now() + START_LIMIT_MS;
  while (!(await accepts(port))) {
    if (child.exitCode !== null || performance.now() > deadline) {
      await stop();
      throw new Error('nginx did not start.');
    }
    await pause(20);
  }
  return { url: `http://127.0.0.1:${port}`, pid: child.pid!, stop };
}

/** Also in the folder for system programs, which is not on everybody's path. */
function findProgram(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin'];
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** One process, so that its CPU is measured like that of the others. */
function configurationFor(upstreamHost: string, port: number): string {
  return `daemon off;
master_process off;
worker_processes 1;
pid nginx.pid;
error_log error.log;
events { worker_connections 8192; }
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  keepalive_requests 100000000;
  upstream fake { server ${upstreamHost}; keepalive 1024; keepalive_requests 100000000; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://fake;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
    }
  }
}
`;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
