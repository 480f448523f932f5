/** Without the servers nothing would be tested, and that must not look like success. */
export default function requireServices(): void {
  const missing = ['DATABASE_URL', 'REDIS_URL'].filter((name) => !process.env[name]);
  if (missing.length === 0) return;
  throw new Error(
    `${missing.join(' and ')} must be set. ".ci/services.sh npm run test:services" starts both servers.`,
  );
}
