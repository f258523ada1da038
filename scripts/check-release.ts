import { readFileSync } from 'node:fs';

/** `node scripts/check-release.ts v1.2.3` checks that tag, package.json and changelog have the same version. */
const tag = process.argv[2] ?? '';
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const newest = /^## \[?(\d+\.\d+\.\d+[^\]\s]*)/m.exec(readFileSync('CHANGELOG.md', 'utf8'))?.[1];

if (tag !== `v${version}` || newest !== version) {
  throw new Error(
    `The versions differ: tag ${tag}, package.json ${version}, CHANGELOG.md ${newest ?? '(no version)'}. ` +
      'Update package.json and CHANGELOG.md, then tag again.',
  );
}
