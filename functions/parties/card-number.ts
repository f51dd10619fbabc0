import * as z from 'zod';

/** The check digit of ISO/IEC 7812-1: doubled every second digit from the right, the sum is a multiple of ten. */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (const [index, digit] of [...digits].reverse().entries()) {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}

export const cardNumberSchema = z
  .string()
  .regex(/^[0-9]{12,19}$/, 'must be 12 to 19 digits')
  .refine(passesLuhn, 'has a wrong check digit')
  .meta({ description: 'never stored in the clear, never shown whole again', example: '6222020000000000001' });
