/**
 * Where the program starts, and its commands: each a class that reads its options and calls the
 * modules below.
 */
package org.sluice.tools;
