package org.sluice.base.jsonrpc;

import java.io.IOException;

/**
 * The peer sent what is not a JSON-RPC message; the stream cannot be used any further. Immutable.
 */
public final class JsonRpcException extends IOException {
  private static final long serialVersionUID = 1L;

  public JsonRpcException(String message) {
    super(message);
  }

  public JsonRpcException(String message, Throwable cause) {
    super(message, cause);
  }
}
