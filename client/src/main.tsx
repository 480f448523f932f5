import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { CSP_NONCE } from '@/app/base-path';
import { startTexts } from '@/i18n/i18n';
import { App } from '@/app/app';
import './styles.css';

// The name under which the library that locks scrolling behind a dialog looks for the nonce.
Object.assign(globalThis, { __webpack_nonce__: CSP_NONCE });

await startTexts();
const root = document.getElementById('root');
if (root === null) throw new Error('The page has no root element.');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
