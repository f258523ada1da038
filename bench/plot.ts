import type { Measured } from './protocol.ts';
import { ratioOf } from './statistics.ts';

const WIDTH = 760;
const BAR = 20;
const LEFT = 170;
const SCALE_END = 6;

const LABELS: Readonly<Record<string, string>> = {
  ours: 'cometapi-otel, all on',
  'ours-fetch': '… over fetch',
  fetch: 'bare fetch',
  'undici-request': 'undici.request',
  ky: 'ky + p-retry',
  openai7: 'openai 7',
  'openai6-otel': 'openai 6 + OTel',
  cometapi: 'cometapi (official)',
  'ai-sdk': 'AI SDK + telemetry',
};

/** Draws CPU per call as bars, relative to bare fetch. A bar beyond the scale is cut and shows its number. */
export function draw(measured: Measured): string {
  const charts = [
    { id: 'json1k-16', title: 'JSON 1 KB, 16 in flight' },
    { id: 'sse5000openai-1', title: 'stream of 5,000 events, OpenAI' },
  ].filter(({ id }) => measured[id] !== undefined);
  let y = 20;
  const parts: string[] = [];
  for (const { id, title } of charts) {
    const clients = measured[id] ?? {};
    const base = (clients['fetch'] ?? []).map((result) => result.cpuUs);
    parts.push(`<text x="10" y="${y}" class="title">${title}: CPU per call, bare fetch = 1</text>`);
    y += 12;
    for (const name of Object.keys(LABELS).filter((client) => clients[client] !== undefined)) {
      const { median } = ratioOf(
        (clients[name] ?? []).map((result) => result.cpuUs),
        base,
      );
      const length = (Math.min(median, SCALE_END) / SCALE_END) * (WIDTH - LEFT - 60);
      const kind = name === 'ours' ? 'ours' : 'peer';
      parts.push(
        `<text x="${LEFT - 8}" y="${y + 14}" class="name">${LABELS[name]}</text>`,
        `<rect x="${LEFT}" y="${y + 2}" width="${length.toFixed(1)}" height="${BAR - 5}" class="${kind}"/>`,
        `<text x="${(LEFT + length + 6).toFixed(1)}" y="${y + 14}">${median.toFixed(2)}${median > SCALE_END ? ' …' : ''}</text>`,
      );
      y += BAR;
    }
    y += 30;
  }
  const style =
    'text{font:13px system-ui,sans-serif;fill:#24292f}.title{font-weight:600}.name{text-anchor:end}.ours{fill:#0a7d4b}.peer{fill:#8c959f}';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" role="img"><style>${style}</style><rect width="100%" height="100%" fill="#fff"/>${parts.join('')}</svg>\n`;
}
