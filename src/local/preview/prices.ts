/** List prices in US East (N. Virginia), in US dollars, without free tiers and discounts. */

/** When they were read. */
export const PRICES_READ = 'November 2026';

/** A state transition of a standard workflow. https://aws.amazon.com/step-functions/pricing/ */
export const PER_TRANSITION = 0.025 / 1000;

/** A gigabyte-second of a function on Arm, first tier. https://aws.amazon.com/lambda/pricing/ */
export const PER_GIGABYTE_SECOND = 0.0000133334;

/** An invocation. https://aws.amazon.com/lambda/pricing/ */
export const PER_INVOCATION = 0.2 / 1e6;
