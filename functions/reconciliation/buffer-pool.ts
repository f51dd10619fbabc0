/**
 * Large buffers that a worker uses again for its next item: memory that is fresh from the operating system costs more, page by page,
 * than what is written into it, and what is thrown away is held until the garbage is collected.
 */

const idle: Buffer[] = [];

/** An item takes two at once. */
const kept = 3;

const large = 1024 ** 2;
const unit = 16 * large;

/** Large items differ a little in size: rounded up, the buffer of one fits the next. */
const rounded = (bytes: number): number => (bytes < large ? Math.max(1, bytes) : Math.ceil(bytes / unit) * unit);

/** A buffer of so many bytes or more, with anything in it. Pages that nobody writes to take no memory. */
export function takeBuffer(bytes: number): Buffer {
  const fitting = idle.filter(({ length }) => length >= bytes).sort((left, right) => left.length - right.length)[0];
  if (!fitting) return Buffer.allocUnsafeSlow(rounded(bytes));
  idle.splice(idle.indexOf(fitting), 1);
  return fitting;
}

/** Nobody may look into it any more. The largest ones are kept. */
export function giveBack(buffer: Buffer): void {
  idle.push(buffer);
  if (idle.length > kept) idle.sort((left, right) => right.length - left.length).pop();
}
