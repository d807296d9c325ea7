// SETTINGS (RFC 9113 §6.5): what a side announces binds the other side from its acknowledgement on.
import { uint32 } from '../bytes.ts';
import { Http2Note as Note, Setting } from './format.ts';
import { isBadSetting } from './rules.ts';
import type { AnnouncedSettings, Side } from './side.ts';

/** Each setting: an identifier of two bytes and a value of four. */
export const SETTING_BYTES = 6;
/** Of more unacknowledged SETTINGS the oldest are forgotten. */
const MAX_ANNOUNCED = 64;

/** Remembers what `side` announces in the record `seq`, until it is acknowledged. */
export function announce(side: Side, seq: number, settings: AnnouncedSettings): void {
  if (side.announced.length === MAX_ANNOUNCED) side.announced.shift();
  settings.seq = seq;
  side.announced.push(settings);
  side.settingsSeq = seq;
}

/** The settings in bytes `from`…`to`, and notes on them. Of one that is there twice the last value counts. */
export function readSettings(
  bytes: Uint8Array,
  from: number,
  to: number,
): { settings: AnnouncedSettings; notes: number } {
  const settings: AnnouncedSettings = {
    seq: 0,
    headerTableSize: undefined,
    initialWindowSize: undefined,
    maxFrameSize: undefined,
    maxConcurrentStreams: undefined,
    enablePush: undefined,
  };
  let notes = 0;
  for (let at = from; at + SETTING_BYTES <= to; at += SETTING_BYTES) {
    const id = (bytes[at]! << 8) | bytes[at + 1]!;
    const value = uint32(bytes, at + 2);
    if (isBadSetting(id, value)) notes |= Note.badSetting;
    else if (id === Setting.headerTableSize) settings.headerTableSize = value;
    else if (id === Setting.initialWindowSize) settings.initialWindowSize = value;
    else if (id === Setting.maxFrameSize) settings.maxFrameSize = value;
    else if (id === Setting.maxConcurrentStreams) settings.maxConcurrentStreams = value;
    else if (id === Setting.enablePush) settings.enablePush = value;
  }
  return { settings, notes };
}

/** From here on the settings bind `sender`, who has acknowledged them. */
export function bind(sender: Side, settings: AnnouncedSettings): void {
  if (settings.headerTableSize !== undefined) sender.hpack.limit(settings.headerTableSize);
  if (settings.initialWindowSize !== undefined) sender.initialWindowBytes = settings.initialWindowSize;
  if (settings.maxFrameSize !== undefined) sender.frameLimitBytes = settings.maxFrameSize;
  if (settings.maxConcurrentStreams !== undefined) sender.maxStreams = settings.maxConcurrentStreams;
  if (settings.enablePush !== undefined) sender.mayPush = settings.enablePush === 1;
}
