import { basename, dirname, sep } from 'node:path';

const vagueFolders = ['utils', 'util', 'helpers', 'helper', 'misc', 'shared', 'lib'];

/** An ESLint rule: no barrels and no folders whose name says nothing about what is in them. */
export const tellingNames = {
  create(context) {
    return {
      Program(node) {
        if (/^index\.[cm]?tsx?$/.test(basename(context.filename))) {
          context.report({ node, message: 'Name the file after what is in it: no barrels.' });
        }
        const folders = dirname(context.filename).slice(context.cwd.length).split(sep);
        const vague = folders.find((folder) => vagueFolders.includes(folder));
        if (vague !== undefined) {
          context.report({ node, message: `Name the folder ${vague} after what is in it.` });
        }
      },
    };
  },
};
