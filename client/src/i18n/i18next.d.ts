import type common from './en/common.json';
import type overview from './en/overview.json';
import type signIn from './en/sign-in.json';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    /** One line for each namespace; the keys of `t()` are checked against the English texts. */
    resources: {
      common: typeof common;
      overview: typeof overview;
      'sign-in': typeof signIn;
    };
  }
}
