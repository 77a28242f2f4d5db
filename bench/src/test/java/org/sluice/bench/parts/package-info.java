/** Tests of the measuring of parts. */
package org.sluice.bench.parts;
