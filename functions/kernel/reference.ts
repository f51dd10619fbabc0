/** The number by which a caller names what it asks for. */
import * as z from 'zod';

export const referenceSchema = z
  .string()
  // `.` and `..` alone can't be looked up: every HTTP client resolves them away in a path
  .regex(/^(?!\.{1,2}$)[A-Za-z0-9_.:-]{1,64}$/, 'must be 1 to 64 letters, digits, _ . : or -, and not . or ..')
  .meta({ description: "the caller's own number, unique within its institution", example: 'ORDER-2026-000123' });
