import { it } from 'vitest';
import { TestApp } from '../support/test-app.js';
import { apiCaller } from '../support/api-caller.js';
it('tries', async () => {
  const app = await TestApp.start();
  for (let i=0;i<3;i++) await (await app.chat({model:'simulated/echo',messages:[{role:'user',content:'hi'}], stream: i===1})).text();
  const call = apiCaller(app);
  for (const path of ['summary','breakdown?by=model','breakdown?by=key','clients','time-series?metric=cost&groupBy=model','time-series?metric=latencyP95','time-series?interval=day&timeZone=Asia/Kolkata&groupBy=status']) {
    const a = await call<any>('GET', 'usage/'+path);
    console.log(path, a.status, JSON.stringify(a.body).slice(0,1500));
  }
  await app.close();
});
