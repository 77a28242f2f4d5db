/**
 * What a database may hold: its tables, columns, indexes and limits, read from the JSON of a {@code
 * .ovsschema} file; and the two schemas that ship with Sluice. Everything here is immutable.
 */
package org.sluice.ovsdb.schema;
