import { asObject, type JsonObject, parseJson } from './json-values';

/** An event of a chat stream with its one choice, and nothing in any of the three but texts, numbers and their like. */
interface Delta {
  readonly event: JsonObject;
  readonly choice: JsonObject;
  readonly delta: JsonObject;
}

/** A text that each event has anew: a field of the event, or of its delta. */
interface Slot {
  readonly inDelta: boolean;
  readonly name: string;
}

/** A stream whose events are too different to learn from is parsed as it comes. */
const MAX_LESSONS = 8;

/**
 * Parses events of one chat stream that are what the one before was but for their texts, as nearly all are: it compares
 * what stands between the texts, and fills them into a copy. That takes a third of `JSON.parse`, which is most of what a
 * stream costs, and gives the same: what stands between is that of an event that was parsed, and a text that ends where
 * its string does leaves the meaning of the rest as it was.
 */
export class RepeatedDeltas {
  #template: DeltaTemplate | undefined;
  #before: Delta | undefined;
  #lessons = 0;

  /** The event, an object of its own as `JSON.parse` would give it; `undefined` when it is not like the ones before. */
  parse(text: string): JsonObject | undefined {
    const event = this.#template?.fill(text);
    if (event !== undefined) {
      this.#before = undefined;
    }
    return event;
  }

  /** Takes note of an event that told nothing new. Two such in a row show which of their texts change. */
  learn(text: string, value: unknown): void {
    if (this.#lessons === MAX_LESSONS) {
      return;
    }
    const delta = deltaOf(value);
    if (delta !== undefined && this.#before !== undefined) {
      this.#lessons++;
      this.#template = templateOf(text, delta, this.#before) ?? this.#template;
    }
    this.#before = delta;
  }

  /** An event told something new: what was learned from those before may be told anew by the next. */
  forget(): void {
    this.#template = undefined;
    this.#before = undefined;
  }
}

/** One event, cut where its texts are. */
class DeltaTemplate {
  readonly #delta: Delta;
  readonly #slots: readonly Slot[];
  /** What stands before, between and after the texts, quotation marks and all: one more than there are slots. */
  readonly #between: readonly string[];
  readonly #begin: string;

  constructor(delta: Delta, slots: readonly Slot[], between: readonly string[]) {
    this.#delta = delta;
    this.#slots = slots;
    this.#between = between;
    this.#begin = between[0] ?? '';
  }

  fill(text: string): JsonObject | undefined {
    // Six times as fast as `startsWith`, which V8 turns into a loop over the characters of a slice of a slice.
    if (text.slice(0, this.#begin.length) !== this.#begin) {
      return undefined;
    }
    const event: Record<string, unknown> = { ...this.#delta.event };
    const delta: Record<string, unknown> = { ...this.#delta.delta };
    let at = this.#begin.length;
    for (let index = 0; index < this.#slots.length; index++) {
      const slot = this.#slots[index];
      const after = this.#between[index + 1];
      if (slot === undefined || after === undefined) {
        return undefined;
      }
      const end = endOfSlot(text, at, after, index === this.#slots.length - 1);
      const value = end === undefined ? undefined : stringOf(text.slice(at, end));
      if (end === undefined || value === undefined) {
        return undefined;
      }
      (slot.inDelta ? delta : event)[slot.name] = value;
      at = end + after.length;
    }
    event['choices'] = [{ ...this.#delta.choice, delta }];
    return event;
  }
}

/** Where the text at `at` ends, if what follows is `after`; that of the last slot is all the rest. */
function endOfSlot(text: string, at: number, after: string, isLast: boolean): number | undefined {
  if (!isLast) {
    const end = text.indexOf(after, at);
    return end === -1 ? undefined : end;
  }
  const end = text.length - after.length;
  return end >= at && text.slice(end) === after ? end : undefined;
}

/** A quotation mark, a backslash, a control character: what makes a string of JSON more than its text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what JSON forbids
const UNPLAIN = /["\\\u0000-\u001f]/;

/** What stands between the quotation marks of a JSON string, as a string; `undefined` when it could not stand there. */
function stringOf(raw: string): string | undefined {
  if (!UNPLAIN.test(raw)) {
    return raw;
  }
  const value = parseJson(`"${raw}"`)?.value;
  return typeof value === 'string' ? value : undefined;
}

function deltaOf(value: unknown): Delta | undefined {
  const event = asObject(value);
  const choices = event?.['choices'];
  const choice = Array.isArray(choices) && choices.length === 1 ? asObject(choices[0]) : undefined;
  const delta = asObject(choice?.['delta']);
  if (event === undefined || choice === undefined || delta === undefined) {
    return undefined;
  }
  const isShallow = isFlat(event, 'choices') && isFlat(choice, 'delta') && isFlat(delta);
  return isShallow ? { event, choice, delta } : undefined;
}

/** Objects within would be shared by all copies. */
function isFlat(object: JsonObject, except?: string): boolean {
  return Object.keys(object).every((name) => {
    const value = object[name];
    return name === except || typeof value !== 'object' || value === null;
  });
}

/** Cuts `text` where `delta`, which it is parsed to, has other texts than `before`; nothing else may be different. */
function templateOf(text: string, delta: Delta, before: Delta): DeltaTemplate | undefined {
  const inEvent = changedTexts(delta.event, before.event, 'choices');
  const inDelta = changedTexts(delta.delta, before.delta);
  if (
    inEvent === undefined ||
    inDelta === undefined ||
    changedTexts(delta.choice, before.choice, 'delta')?.length !== 0
  ) {
    return undefined;
  }
  const found = [
    ...inEvent.map((name) => ({ inDelta: false, name, json: JSON.stringify(delta.event[name]) })),
    ...inDelta.map((name) => ({ inDelta: true, name, json: JSON.stringify(delta.delta[name]) })),
  ]
    .map((slot) => ({ ...slot, at: text.indexOf(slot.json) }))
    .sort((a, b) => a.at - b.at);
  // Where nothing changes there is nothing to learn. A text that is written otherwise, or that also stands elsewhere, does
  // not show its place.
  if (found.length === 0 || found.some(({ json, at }) => at === -1 || at !== text.lastIndexOf(json))) {
    return undefined;
  }
  const between: string[] = [];
  let from = 0;
  for (const { json, at } of found) {
    between.push(text.slice(from, at + 1));
    from = at + json.length - 1;
  }
  const template = new DeltaTemplate(delta, found, [...between, text.slice(from)]);
  // The proof: other texts in those places change those fields, and nothing else.
  const probe = between.map((part, index) => `${part}probe ${index}`).join('') + text.slice(from);
  const isProven = JSON.stringify(template.fill(probe)) === JSON.stringify(parseJson(probe)?.value);
  return isProven ? template : undefined;
}

/** Names of the fields that are other texts in `after` than in `before`; `undefined` when anything else is different. */
function changedTexts(after: JsonObject, before: JsonObject, except?: string): readonly string[] | undefined {
  const names = Object.keys(after);
  const changed = names.filter((name) => name !== except && after[name] !== before[name]);
  const areTexts = changed.every((name) => typeof after[name] === 'string' && typeof before[name] === 'string');
  return areTexts && names.length === Object.keys(before).length ? changed : undefined;
}
