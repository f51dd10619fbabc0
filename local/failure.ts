/** What ends a command with a message for people instead of a stack trace: what is wrong, and what to do. */
export class Failure extends Error {
  override readonly name = 'Failure';
}
