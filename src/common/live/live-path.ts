/** Where live connections are made, below the base path. */
export const LIVE_PATH = '/api/live';
