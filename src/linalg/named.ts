// Results of several arrays, as functions of linear algebra give them: the form is exec/named.ts.

export { type Named, named } from '../exec/named.ts';
