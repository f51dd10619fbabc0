/** How the sandbox channel is asked for statements: the format of each of its channels, and its calendar. */

const formats: Readonly<Record<string, string>> = {
  'sandbox-wallet': 'wechat-tradebill',
  'sandbox-bank': 'sandbox-csv',
  'sandbox-xml-bank': 'sandbox-csv',
};

/** @returns undefined for a channel that the sandbox does not serve */
export const formatOf = (channel: string): string | undefined => formats[channel];

/** Statement days begin at midnight here. */
export const sandboxTimeZone = 'Asia/Shanghai';

export const sandboxDayOf = (instant: Date): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: sandboxTimeZone }).format(instant);

export const sandboxToday = (): string => sandboxDayOf(new Date());
