import { beforeEach, describe, expect, it } from 'vitest';
import {
  changeQuery,
  changeView,
  queryOf,
  selectedRows,
  selectRecord,
  selectRow,
  timelineView,
  toggleMark,
  useTimelineStore,
} from '../../../src-renderer/timeline/timeline-store.ts';

beforeEach(() => useTimelineStore.setState({ views: {} }));

describe('timeline store', () => {
  it('keeps each session’s view apart', () => {
    changeView('a', { level: 'frames' });
    expect(timelineView('a').level).toBe('frames');
    expect(timelineView('b').level).toBe('messages');
  });

  it('keeps the selected record through another query and forgets its row', () => {
    selectRow('a', 7, 70);
    changeQuery('a', { filter: 'websocket' });
    expect(timelineView('a').selection).toEqual({ seq: 70, lookUp: 'row' });
    expect(queryOf(timelineView('a'))).toEqual({ level: 'messages', filter: 'websocket', unfolded: [] });
  });

  it('folds calls at all levels but that of everything', () => {
    changeView('a', { unfolded: [3] });
    for (const level of ['messages', 'frames'] as const) {
      changeQuery('a', { level });
      expect(queryOf(timelineView('a'))).toEqual({ level, unfolded: [3] });
    }
    changeQuery('a', { level: 'everything' });
    expect(queryOf(timelineView('a'))).toEqual({ level: 'everything' });
  });

  it('extends from where the selection began, both ways', () => {
    selectRow('a', 10, 10);
    selectRow('a', 14, 14, true);
    expect(selectedRows(timelineView('a').selection)).toEqual({ from: 10, count: 5 });
    selectRow('a', 8, 8, true);
    expect(selectedRows(timelineView('a').selection)).toEqual({ from: 8, count: 3 });
    selectRow('a', 9, 9);
    expect(selectedRows(timelineView('a').selection)).toEqual({ from: 9, count: 1 });
  });

  it('never selects more rows than can be copied', () => {
    selectRow('a', 0, 0);
    selectRow('a', 50_000, 50_000, true);
    expect(selectedRows(timelineView('a').selection)).toEqual({ from: 49_001, count: 1000 });
  });

  it('stops following to show a record, and reveals it in this query only', () => {
    selectRecord('a', 12);
    expect(timelineView('a')).toMatchObject({
      follow: false,
      selection: { seq: 12, index: undefined, lookUp: 'reveal' },
    });
    changeQuery('a', { unfolded: [] });
    expect(timelineView('a').selection).toEqual({ seq: 12, lookUp: 'row' });
  });

  it('takes a mark away where it is and moves it elsewhere', () => {
    toggleMark('a', { seq: 1, atUs: 10 });
    toggleMark('a', { seq: 2, atUs: 20 });
    expect(timelineView('a').mark).toEqual({ seq: 2, atUs: 20 });
    toggleMark('a', { seq: 2, atUs: 20 });
    expect(timelineView('a').mark).toBeUndefined();
  });
});
