/** What people reach for when they have to think of a password, in lower case and without blanks. */
export const COMMON_WORDS: readonly string[] = [
  'password passwort passwd passphrase motdepasse contrasena senha parola welcome willkommen',
  'bienvenue letmein opensesame trustno changeme administrator admin superuser root sysadmin',
  'operator manager guest user test tester testing demo default temp temporary example secret',
  'secure security private login signin access account master llmproxy proxy server database',
  'dashboard company internet computer qwertyuiop qwertzuiop azertyuiop asdfghjkl zxcvbnm',
  'yxcvbnm qwerty qwertz azerty asdfgh asdf zxcv qazwsxedc qazwsx 1qaz2wsx3edc 1qaz 2wsx 3edc',
  '1q2w3e4r5t6y 1q2w3e4r5t 1q2w3e4r 1q2w3e q1w2e3r4t5y6 q1w2e3 iloveyou ilove love hello hallo',
  'bonjour please whatever nothing football baseball basketball soccer liverpool arsenal',
  'chelsea yankees dragon monkey tigger tiger eagle shadow ninja wizard killer superman batman',
  'spiderman pokemon starwars matrix minecraft naruto princess sunshine flower butterfly',
  'chocolate cookie banana orange freedom forever diamond silver golden mustang ferrari',
  'porsche michael jennifer jessica ashley charlie daniel thomas jordan hunter summer sommer',
  'winter spring autumn herbst january february march april june july august september october',
  'november december monday tuesday wednesday thursday friday saturday sunday',
  'correcthorsebatterystaple',
].flatMap((line) => line.split(' '));
