import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseCsvData, parseJsonData, readDataFile } from '../../src-main/workspace/data-file.ts';
import { scratchFolder } from '../engine/fakes.ts';

describe('CSV', () => {
  test('has the names of variables in its first line', () => {
    expect(parseCsvData('user, item\nMaria,tea\n"Smith, John","""green"" tea"\n', 'x.csv')).toEqual([
      { user: 'Maria', item: 'tea' },
      { user: 'Smith, John', item: '"green" tea' },
    ]);
  });

  test('has lines that end as on any system', () => {
    for (const end of ['\n', '\r\n', '\r'])
      expect(parseCsvData(`\ufeffa,b${end}${end}1,"x\r\ny"${end},`, 'x.csv')).toEqual([
        { a: '1', b: 'x\r\ny' },
        { a: '', b: '' },
      ]);
    expect(() => parseCsvData('a,b\r1,2\r"3"4', 'x.csv')).toThrow('line 3: a quote');
  });

  test.each([
    ['x.csv: the file is empty', ''],
    ['x.csv: there is no row in it', 'a,b\n'],
    ['x.csv: line 3: there are 1 values, and 2 names in the first line', 'a,b\n1,2\n1\n'],
    ['x.csv: "a" is there twice', 'a,a\n1,2\n'],
    ['x.csv: "a b" cannot be the name of a variable', 'a b\n1\n'],
    ['x.csv: line 2: a quote', 'a\n"1\n'],
    ['x.csv: "a;b" is one name: values are separated by commas', 'a;b\n1;2\n'],
    ['x.csv: line 100002: there are more than 100000 rows', `a\n${'1\n'.repeat(100_001)}`],
  ])('%s', (message, text) => {
    expect(() => parseCsvData(text, 'x.csv')).toThrow(message);
  });
});

describe('JSON', () => {
  test('is a list of objects, whose values become text', () => {
    expect(parseJsonData('[{"a":"x","n":12345678901234567890,"b":true,"l":[1]},{"a":null}]', 'x.json')).toEqual([
      { a: 'x', n: '12345678901234567890', b: 'true', l: '[1]' },
      { a: 'null' },
    ]);
  });

  test.each([
    ['{', 'x.json: This is not JSON'],
    ['{}', 'x.json: it must hold a list of objects'],
    ['[{}, 1]', 'x.json: item 2 is no object'],
    ['[]', 'x.json: there is no row in it'],
    ['[{"":1}]', 'x.json: "" cannot be the name of a variable'],
  ])('%s', (text, message) => {
    expect(() => parseJsonData(text, 'x.json')).toThrow(message);
  });
});

test('a file is read by its name', async () => {
  const folder = scratchFolder();
  const write = (name: string, text: string | Uint8Array) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  expect(await readDataFile(write('a.csv', 'x\n1\n'))).toEqual([{ x: '1' }]);
  expect(await readDataFile(write('a.JSON', '\ufeff[{"x":1}]'))).toEqual([{ x: '1' }]);
  await expect(readDataFile(write('b.csv', Buffer.from('x\ncaf\xe9\n', 'latin1')))).rejects.toThrow('not UTF-8');
  await expect(readDataFile(folder)).rejects.toThrow('this is no file');
  await expect(readDataFile(join(folder, 'missing.csv'))).rejects.toThrow('ENOENT');
});
