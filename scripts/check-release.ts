import { readFileSync } from 'node:fs';

/** `node scripts/check-release.ts v1.2.3`: the tag, package.json and the top of the changelog name one version. */
const tag = process.argv[2] ?? '';
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const newest = /^## \[?(\d+\.\d+\.\d+[^\]\s]*)/m.exec(readFileSync('CHANGELOG.md', 'utf8'))?.[1];

if (tag !== `v${version}` || newest !== version) {
  throw new Error(`tag ${tag}, package.json ${version} and changelog ${newest ?? 'without a version'} do not agree`);
}
