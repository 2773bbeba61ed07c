/** The way from an outermost value to one inside of it: names of fields and keys, and places in lists from 0. */
export type JsonPath = readonly (string | number)[];
