/**
 * Tables as the database tools print them: in five formats, with cells that are texts or values of
 * the database.
 */
package org.sluice.tools.table;
