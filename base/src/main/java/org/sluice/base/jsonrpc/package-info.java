/**
 * JSON-RPC 1.0 over a byte stream, as OVSDB (RFC 7047) and the ovs-appctl protocol both speak it.
 */
package org.sluice.base.jsonrpc;
