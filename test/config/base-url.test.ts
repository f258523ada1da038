import { describe, expect, test } from 'vitest';
import { configOf, problemsOf, refusal } from './config-of';

const ABSOLUTE = 'must be an absolute http or https URL, for example https://api.cometapi.com/v1.';
const NO_USER = 'must not contain a user name, a password or the API key. Pass the key as apiKey.';
const NO_QUERY = 'must not have a query or a fragment. Use defaultQuery for query parameters.';
const ONLY_HTTPS =
  'must be https, because every request contains the API key. Set allowInsecureHttp: true to allow http.';
const NO_ENDPOINT = 'must be the base URL, not an endpoint or a documentation page. Use https://api.cometapi.com/v1.';

describe('the base URL', () => {
  test.each([
    ['https://api.cometapi.com/v1', { origin: 'https://api.cometapi.com', path: '/v1', port: 443 }],
    ['https://api.cometapi.com/v1/', { origin: 'https://api.cometapi.com', path: '/v1', port: 443 }],
    ['https://api.cometapi.com', { origin: 'https://api.cometapi.com', path: '', port: 443 }],
    ['https://api.cometapi.com///', { origin: 'https://api.cometapi.com', path: '', port: 443 }],
    ['HTTPS://API.CometAPI.com:443/v1', { origin: 'https://api.cometapi.com', path: '/v1', port: 443 }],
    ['https://gateway.example:8443/team/v1', { origin: 'https://gateway.example:8443', path: '/team/v1', port: 8443 }],
    ['http://127.0.0.1:4000/v1', { origin: 'http://127.0.0.1:4000', path: '/v1', port: 4000 }],
    ['http://127.8.9.10', { origin: 'http://127.8.9.10', path: '', port: 80 }],
    ['http://[::1]:4000', { origin: 'http://[::1]:4000', path: '', port: 4000 }],
    ['http://localhost:4000', { origin: 'http://localhost:4000', path: '', port: 4000 }],
    ['http://gateway.localhost', { origin: 'http://gateway.localhost', path: '', port: 80 }],
  ])('parses %s', (baseURL, parts) => {
    const { hostname } = new URL(baseURL);
    expect(configOf({ baseURL }).baseURL).toEqual({
      text: baseURL,
      href: `${parts.origin}${parts.path}`,
      hostname,
      ...parts,
    });
  });

  test('is the option, then the variable, then the default, and is trimmed', () => {
    const environment = { COMETAPI_BASE_URL: 'https://environment.example/v1' };
    expect([
      configOf({ baseURL: ' https://option.example/v1\n' }, environment).baseURL.text,
      configOf({ baseURL: undefined }, environment).baseURL.text,
      configOf({ baseURL: null }, environment).baseURL.text,
      configOf().baseURL.text,
    ]).toEqual([
      'https://option.example/v1',
      'https://environment.example/v1',
      'https://environment.example/v1',
      'https://api.cometapi.com/v1',
    ]);
  });

  test.each(['', '  ', '\n', 5, true, {}, new URL('https://api.cometapi.com/v1')])('must not be %j', (baseURL) => {
    expect(problemsOf({ baseURL }, { COMETAPI_BASE_URL: 'https://environment.example' })).toEqual([
      'CometAPI baseURL must be a non-empty URL.',
    ]);
  });

  test.each([
    ['api.cometapi.com/v1', ABSOLUTE],
    ['/v1', ABSOLUTE],
    ['https://', ABSOLUTE],
    ['file:///etc/passwd', ABSOLUTE],
    ['ftp://api.cometapi.com', ABSOLUTE],
    ['wss://api.cometapi.com', ABSOLUTE],
    ['javascript:alert(1)', ABSOLUTE],
    ['https://api.comet\napi.com/v1', ABSOLUTE],
    ['https://api.comet\tapi.com/v1', ABSOLUTE],
    ['https:\\\\api.cometapi.com\\v1', ABSOLUTE],
    ['https://api.cometapi.com/v 1', ABSOLUTE],
    ['https://user@api.cometapi.com/v1', NO_USER],
    ['https://user:password@api.cometapi.com/v1', NO_USER],
    ['https://:password@api.cometapi.com/v1', NO_USER],
    ['https://api.cometapi.com:password@evil.example/v1', NO_USER],
    ['https://api.cometapi.com/v1?key=value', NO_QUERY],
    ['https://api.cometapi.com/v1?', NO_QUERY],
    ['https://api.cometapi.com/v1#part', NO_QUERY],
    ['https://api.cometapi.com/v1#', NO_QUERY],
    ['http://api.cometapi.com/v1', ONLY_HTTPS],
    ['http://10.0.0.5/v1', ONLY_HTTPS],
    ['http://0.0.0.0:4000', ONLY_HTTPS],
    ['http://127.0.0.1.evil.example', ONLY_HTTPS],
    ['http://localhost.evil.example', ONLY_HTTPS],
    ['http://notlocalhost', ONLY_HTTPS],
    ['http://[::2]', ONLY_HTTPS],
    ['https://api.cometapi.com/v1/chat/completions', NO_ENDPOINT],
    ['https://api.cometapi.com/v1/chat/completions/', NO_ENDPOINT],
    ['https://api.cometapi.com/v1/Responses', NO_ENDPOINT],
    ['https://api.cometapi.com/v1/messages', NO_ENDPOINT],
    ['https://api.cometapi.com/v1/models', NO_ENDPOINT],
    ['https://api.cometapi.com/v1/embeddings', NO_ENDPOINT],
    ['https://api.cometapi.com/api/text/chat', NO_ENDPOINT],
    ['https://api.cometapi.com/api/text', NO_ENDPOINT],
    ['https://apidoc.cometapi.com/v1', NO_ENDPOINT],
  ])('refuses %s and names the option or the variable', (baseURL, problem) => {
    expect(problemsOf({ baseURL })).toEqual([`baseURL ${problem}`]);
    expect(problemsOf({}, { COMETAPI_BASE_URL: baseURL })).toEqual([`COMETAPI_BASE_URL ${problem}`]);
  });

  test.each(['https://gateway.example/api/texture/v1', 'https://gateway.example/completions-proxy/v1'])(
    'accepts %s, whose path only resembles an endpoint',
    (baseURL) => {
      expect(configOf({ baseURL }).baseURL.text).toBe(baseURL);
    },
  );

  test('may be http with allowInsecureHttp, which skips no other check', () => {
    expect(configOf({ baseURL: 'http://10.0.0.5:4000/v1', allowInsecureHttp: true }).baseURL.port).toBe(4000);
    expect(problemsOf({ baseURL: 'http://a:b@10.0.0.5/v1', allowInsecureHttp: true })).toEqual([`baseURL ${NO_USER}`]);
  });
});

describe('a base URL from the environment', () => {
  const warningsOf = (COMETAPI_BASE_URL: string, baseURL?: string): readonly string[] =>
    configOf({ baseURL }, { COMETAPI_BASE_URL }).warnings;

  test('causes one warning with the host only, if it is not the default origin', () => {
    expect(warningsOf('https://gateway.example:8443/some/path/v1')).toEqual([
      'COMETAPI_BASE_URL sends requests and the API key to gateway.example.',
    ]);
    expect(warningsOf('http://127.0.0.1:4000/v1')).toEqual([
      'COMETAPI_BASE_URL sends requests and the API key to 127.0.0.1.',
    ]);
    expect(warningsOf('https://api.cometapi.com:8443/v1')).toHaveLength(1);
  });

  test('causes no warning if it is the default origin, or if an option wins', () => {
    expect(warningsOf('https://api.cometapi.com/v1')).toEqual([]);
    expect(warningsOf('https://api.cometapi.com')).toEqual([]);
    expect(warningsOf('https://gateway.example', 'https://option.example')).toEqual([]);
  });
});

test('a blank base URL causes the error message of the official package', () => {
  expect(refusal({ apiKey: 'long enough', baseURL: '' }).message).toMatch(/CometAPI baseURL must be a non-empty URL/);
});
