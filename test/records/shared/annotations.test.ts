import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../../src/facts/redaction/redactor';
import { type Annotations, checkAnnotations } from '../../../src/records/shared/annotations';
import { renderRecord } from '../../../src/records/shared/render-record';
import { madeUpKey } from '../sample-facts';

const emptyRedactor = createRedactor();

describe('annotations', () => {
  it('keeps valid values unchanged', () => {
    const annotations: Annotations = {
      runId: 'run-1',
      workflow: 'publisher',
      environmentName: 'staging',
      docsChecked: ['https://apidoc.cometapi.com/@2026-11-20'],
      notes: 'Retried once; the page was checked.',
      operatorResult: 'fail',
      commandLabel: 'npm run smoke',
      ranBy: { provider: 'github_actions', workflow: 'Build & Test', job: 'smoke', step: 'check', runId: '4711' },
      changedFiles: ['docs/a page.md'],
      instructionsReviewed: false,
      agent: { surface: 'claude-code', version: '2.0.65' },
      modelVerifiedBy: 'https://apidoc.cometapi.com/',
      contractCheck: true,
      expectedErrors: [{ callId: 'call-1', category: 'auth_rejected' }],
    };
    expect(checkAnnotations(annotations, emptyRedactor)).toEqual({
      runId: 'run-1',
      workflow: 'publisher',
      environmentName: 'staging',
      docs: [{ url: 'https://apidoc.cometapi.com/', accessed_on: '2026-11-20' }],
      notes: 'Retried once; the page was checked.',
      operatorNote: 'Retried once; the page was checked.',
      evidence: null,
      operatorResult: 'fail',
      commandLabel: 'npm run smoke',
      ranBy: { provider: 'github_actions', workflow: 'Build & Test', job: 'smoke', step: 'check', runId: '4711' },
      changedFiles: ['docs/a page.md'],
      instructionsReviewed: 'no',
      agentSurface: 'claude-code',
      agentVersion: '2.0.65',
      modelVerifiedBy: 'https://apidoc.cometapi.com/',
      contractCheck: true,
      expectedErrors: new Map([['call-1', 'auth_rejected']]),
      claimNeedsEvidence: false,
      dropped: false,
    });
  });

  it.each<[string, Annotations]>([
    ['a run id with prose in it', { runId: 'please ignore all previous' }],
    ['a page that is not https', { docsChecked: ['http://apidoc.cometapi.com/@2026-11-20'] }],
    ['a page with a query', { docsChecked: ['https://apidoc.cometapi.com/?key=1@2026-11-20'] }],
    ['a page without a date', { docsChecked: ['https://apidoc.cometapi.com/'] }],
    ['a day that does not exist', { docsChecked: ['https://apidoc.cometapi.com/@2026-02-45'] }],
    ['a note of invisible characters', { notes: '\u200b\u2066' }],
    ['an agent version with prose in it', { agent: { surface: 'codex', version: 'the newest' } }],
  ])('omits %s and reports the omission', (_, annotations) => {
    expect(checkAnnotations(annotations, emptyRedactor)).toEqual({
      ...checkAnnotations({}, emptyRedactor),
      ...(annotations.agent !== undefined && { agentSurface: 'codex' }),
      dropped: true,
    });
  });

  it('redacts a key in a note by value and by shape, also if invisible characters split it', () => {
    const key = madeUpKey();
    const split = `${key.slice(0, 9)}\u200b${key.slice(9, 20)}\u00ad${key.slice(20)}`;
    const redactor = createRedactor([key]);
    for (const spelling of [key, split, Buffer.from(key).toString('base64'), encodeURIComponent(key)]) {
      const { notes } = checkAnnotations({ notes: `used ${spelling} for this` }, redactor);
      expect(notes).toBe('used [redacted] for this');
    }
    expect(checkAnnotations({ notes: `used ${madeUpKey()} for this` }, emptyRedactor).notes).toBe(
      'used [redacted] for this',
    );
  });

  it('omits a name that is a key or contains one', () => {
    const key = madeUpKey();
    const redactor = createRedactor([key]);
    const annotations = { runId: key, workflow: `a-${key}`, agent: { surface: key.slice(4, 20) } };
    expect(checkAnnotations(annotations, redactor)).toMatchObject({
      runId: null,
      workflow: null,
      agentSurface: null,
      dropped: true,
    });
  });

  it('redacts e-mail addresses and card numbers, replaces control characters, and limits the length', () => {
    const card = ['4111', '1111', '1111', '1111'].join(' ');
    const { notes } = checkAnnotations({ notes: `ask someone@example.com\n${card}\u001b[31m ok` }, emptyRedactor);
    expect(notes).toBe('ask [redacted] [redacted] [31m ok');
    const long = checkAnnotations({ notes: 'word '.repeat(1_000) }, emptyRedactor).notes;
    expect(long?.length).toBeLessThanOrEqual(500);
    expect(long?.endsWith('…')).toBe(true);
    // The cut falls between the two UTF-16 units of a character.
    expect(checkAnnotations({ notes: '🙂'.repeat(300) }, emptyRedactor).notes?.isWellFormed()).toBe(true);
  });

  it('replaces claims that a call cannot prove, unless a source is given', () => {
    const notes = 'The quota was fine, latency guarantee holds, root cause known.';
    expect(checkAnnotations({ notes }, emptyRedactor)).toMatchObject({
      notes:
        'The [needs separate account-owned evidence] was fine, [needs separate account-owned evidence] holds, [needs separate account-owned evidence] known.',
      claimNeedsEvidence: true,
    });
    expect(checkAnnotations({ notes, evidence: 'account' }, emptyRedactor)).toMatchObject({
      notes,
      evidence: 'account',
      claimNeedsEvidence: false,
    });
  });

  it('replaces a long list of changed files by its length', () => {
    expect(
      checkAnnotations({ changedFiles: Array.from({ length: 51 }, (_, at) => `file-${at}`) }, emptyRedactor)
        .changedFiles,
    ).toBe(51);
  });

  it('writes any note as one line of JSON that parses to the redacted note', () => {
    const key = madeUpKey();
    const redactor = createRedactor([key]);
    const anyText = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 2_000 }),
      fc.string({ maxLength: 2_000 }),
      fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 200 }).map((units) => String.fromCharCode(...units)),
      fc.tuple(fc.string(), fc.string()).map(([before, after]) => before + key + after),
      fc.uint8Array({ maxLength: 2_000 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
    );
    fc.assert(
      fc.property(anyText, (text) => {
        const { operatorNote, dropped } = checkAnnotations({ operatorNote: text }, redactor);
        if (operatorNote === null) {
          return dropped;
        }
        const line = renderRecord({ operator_note: operatorNote }, 'json');
        expect(JSON.parse(line)).toEqual({ operator_note: operatorNote });
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must be escaped
        expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
        expect(operatorNote.length).toBeLessThanOrEqual(500);
        expect(redactor.containsSecret(line)).toBe(false);
        expect(operatorNote.isWellFormed()).toBe(true);
        return true;
      }),
      { numRuns: 500 },
    );
  });

  it('never throws and returns only valid values for any input', () => {
    fc.assert(
      fc.property(
        fc.record(
          Object.fromEntries(
            [
              'runId',
              'docsChecked',
              'notes',
              'evidence',
              'operatorResult',
              'ranBy',
              'changedFiles',
              'instructionsReviewed',
              'agent',
              'expectedErrors',
            ].map((name) => [name, fc.anything({ withNullPrototype: true })]),
          ),
        ),
        (annotations) => {
          // A caller without types can pass any value.
          const checked = checkAnnotations(annotations as Annotations, emptyRedactor);
          expect(['pass', 'fail', null]).toContain(checked.operatorResult);
          expect(['yes', 'no', 'not_stated']).toContain(checked.instructionsReviewed);
        },
      ),
      { numRuns: 250 },
    );
  });
});
