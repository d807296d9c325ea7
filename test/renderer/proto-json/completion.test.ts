import { describe, expect, it } from 'vitest';
import { complete, hover, typeSuggestion } from '../../../src-renderer/proto-json/completion.ts';
import { readJsonTree } from '../../../src-renderer/proto-json/json-tree.ts';
import { ROOT, types } from './chat-types.ts';

function at(marked: string) {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  return complete(text, readJsonTree(text), offset, ROOT, types);
}
const labels = (marked: string) => at(marked)?.suggestions.map(({ label }) => label);
const snippet = (marked: string, label: string) =>
  at(marked)?.suggestions.find((suggestion) => suggestion.label === label)?.snippet;

describe('completion', () => {
  it('offers the fields that are not there yet', () => {
    expect(labels('{|}')).toEqual(
      ['userName', 'count', 'big', 'on', 'color', 'tags', 'rooms', 'text', 'number', 'at'].concat([
        'detail',
        'self',
        'ratio',
        'limit',
        '[lab.note]',
      ]),
    );
    expect(labels('{"user_name": "x", "count": 1, "|"}')).not.toContain('userName');
    expect(labels('{"user|": 1}')).toContain('userName');
  });

  it('leaves out what excludes each other', () => {
    expect(labels('{"text": "x", |}')).not.toContain('number');
    expect(labels('{"text|": "x"}')).toContain('number');
  });

  it('writes a value to go on with, and a comma where one is needed', () => {
    expect(snippet('{|}', 'userName')).toBe('"userName": "$0"');
    expect(snippet('{|"on": true}', 'userName')).toBe('"userName": "$0",');
    expect(snippet('{|}', 'big')).toBe('"big": "$0"');
    expect(snippet('{|}', 'count')).toBe('"count": $0');
    expect(snippet('{|}', 'tags')).toBe('"tags": [$0]');
    expect(snippet('{|}', 'self')).toBe('"self": {$0}');
    expect(snippet('{|}', 'color')).toBe('"color": "COLOR_NONE"$0');
    expect(snippet('{|}', 'limit')).toBe('"limit": "$0"');
    expect(snippet('{"user|": "x"}', 'userName')).toBe('"userName"');
    expect(snippet('{|}', '[lab.note]')).toBe('"[lab.note]": "$0"');
  });

  it('offers values where it knows them', () => {
    expect(labels('{"color": |}')).toEqual(['COLOR_NONE', 'RED']);
    expect(labels('{"color": "R|"}')).toEqual(['COLOR_NONE', 'RED']);
    expect(labels('{"on": |}')).toEqual(['true', 'false']);
    expect(labels('{"ratio": |}')).toEqual(['"NaN"', '"Infinity"', '"-Infinity"']);
    expect(labels('{"at": |}')?.[0]).toMatch(/^"\d{4}-\d\d-\d\dT/);
    expect(labels('{"nobody": |}')).toBeUndefined();
  });

  it('follows maps, recursion and the type of an Any', () => {
    expect(labels('{"rooms": {"lobby": {|}}}')).toEqual(['name', 'people']);
    expect(labels('{"self": {"self": {"color": |}}}')).toEqual(['COLOR_NONE', 'RED']);
    expect(labels('{"detail": {|}}')).toEqual(['@type']);
    expect(labels('{"detail": {"@type": "type.googleapis.com/lab.Room", |}}')).toEqual(['name', 'people']);
    expect(at('{"detail": {"@type": "type.googleapis.com/la|"}}')).toMatchObject({ typeSearch: 'la', suggestions: [] });
    expect(typeSuggestion('lab.Room').snippet).toBe('"type.googleapis.com/lab.Room"');
  });
});

describe('hover', () => {
  const text = '{"user_name": "x", "color": "RED", "rooms": {"a": {"people": 1}}}';
  const over = (word: string) => hover(text, readJsonTree(text), text.indexOf(word) + 1, ROOT, types);

  it('says what a field is', () => {
    expect(over('user_name')).toMatchObject({ name: 'user_name', type: 'string', number: 1, comment: 'Who it is.' });
    expect(over('rooms')).toMatchObject({ type: 'map<string, lab.Room>', number: 7 });
    expect(over('people')).toMatchObject({ type: 'int32', deprecated: true });
  });

  it('says what an enum value is, and nothing of what it does not know', () => {
    expect(over('RED')).toMatchObject({ name: 'RED', type: 'lab.Color', number: 1, comment: 'As blood.' });
    expect(over('"x"')).toBeUndefined();
  });
});
