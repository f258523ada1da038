/**
 * Types of values with a rule that TypeScript cannot express. The JSON Schemas of records contain the rules. Published
 * declarations contain `number` and `string`.
 */

/**
 * A count.
 *
 * @asType integer
 * @minimum 0
 * @maximum 9007199254740991
 */
export type Count = number;

/**
 * A duration in milliseconds. It can have a fraction.
 *
 * @minimum 0
 */
export type Milliseconds = number;

/**
 * A TCP port.
 *
 * @asType integer
 * @minimum 0
 * @maximum 65535
 */
export type Port = number;

/**
 * The status code of a response.
 *
 * @asType integer
 * @minimum 100
 * @maximum 999
 */
export type HttpStatus = number;

/**
 * A count as text.
 *
 * @pattern ^[0-9]{1,15}$
 */
export type Digits = `${number}`;

/**
 * Generated text on one line. It contains only numbers and enum values.
 *
 * @minLength 1
 * @maxLength 4096
 * @pattern ^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$
 */
export type Sentence = string;
