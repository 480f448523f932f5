import { it } from 'vitest';
import { TestApp } from '../support/test-app.js';
import { apiCaller } from '../support/api-caller.js';
it('tries', async () => {
  const app = await TestApp.start({ env: { LOG_BODIES: 'on' } });
  for (let i=0;i<3;i++) await (await app.chat({model:'simulated/echo',messages:[{role:'user',content:'hello\nworld sk-proj-abcdefghijklmnopqrstuvwxyz123456'+i}], stream: i===1})).text();
  const call = apiCaller(app);
  console.log(JSON.stringify(await call<any>('GET', 'usage/requests')));
  const rows = (await call<any>('GET', 'usage/requests')).body.items;
  await new Promise(r => setTimeout(r, 500)); console.log(app.logLines.filter(l => /warn|bodies/.test(l)).join(''));
  for (const path of ['requests?limit=1','requests?status=error','requests?stream=true','requests?text=world','requests?minCost=0.1','requests?requestId='+rows[0].id.slice(0,12),'requests/histogram?stream=true','requests/'+rows[1].id,'requests/'+rows[1].id+'/bodies','requests/nix','export?format=csv&stream=true','breakdown?by=client&format=csv']) {
    const a = await fetch(app.url+'/api/usage/'+path, { headers: { authorization: `Bearer ${app.adminKey}` } });
    console.log(path, a.status, (await a.text()).slice(0,3500));
  }
  await app.close();
});
